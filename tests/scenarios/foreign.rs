//! Eyes that are not ours: webhook signatures checked by the reference library, files decoded by FFmpeg, and the
//! vendor's own SDK, or others' published clients, against the simulated vendor.

use crate::stories;
use base64::{Engine, engine::general_purpose::STANDARD};
use scenarios::{Customer, World};
use serde_json::Value;
use std::{
    ffi::OsStr,
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};

stories![
    the_bytedance_sdk_works_against_the_simulated_vendor,
    the_elevenlabs_sdk_works_against_the_simulated_vendor,
    the_fal_sdk_works_against_the_simulated_vendor,
    the_google_sdk_works_against_the_simulated_vendor,
    the_google_speech_sdk_works_against_the_simulated_vendor,
    the_hedra_sdk_works_against_the_simulated_vendor,
    a_client_of_heygen_works_against_the_simulated_vendor,
    the_luma_sdk_works_against_the_simulated_vendor,
    the_luma_agents_sdk_works_against_the_simulated_vendor,
    the_minimax_sdk_works_against_the_simulated_vendor,
    the_runway_sdk_works_against_the_simulated_vendor,
    the_wan_sdk_works_against_the_simulated_vendor,
    the_google_cloud_sdk_works_against_the_simulated_vendor,
    the_sync_sdk_works_against_the_simulated_vendor,
];

/// Names a story for each published client that runs on Node: the vendor, and its script in `shared/vendors-sim/sdk`.
macro_rules! npm_clients {
    ($($vendor:ident: $script:literal),* $(,)?) => {
        pub(crate) const NPM_CLIENTS: &[crate::Story] = &[
            $((
                concat!(module_path!(), "::the_npm_client_in_", $script, "_works_against_the_simulated_vendor"),
                |world| Box::pin(npm_client_works(world, stringify!($vendor), $script)),
            )),*
        ];
    };
}

npm_clients![
    bfl: "bfl_check.mjs",
    bytedance: "bytedance_check.mjs",
    elevenlabs: "elevenlabs_check.mjs",
    fal: "fal_check.mjs",
    google: "google_check.mjs",
    heygen: "heygen_check.mjs",
    kling: "kling_check.mjs",
    luma: "luma_check.mjs",
    minimax: "minimax_check.mjs",
    stability: "stability_check.mjs",
    sync: "sync_check.mjs",
    wan: "wan_check.mjs",
];

/// The event of a delivery, after the reference library has accepted its signature and refused a forged one.
pub(crate) fn verified(world: &World, customer: &Customer, delivery: &Value) -> Value {
    let body = STANDARD.decode(delivery["body"].as_str().unwrap()).unwrap();
    let headers = delivery["headers"].to_string();
    let script = world.stack.file("tests/scenarios/verify_webhook.py");
    run(world.stack.python(), &[script.to_str().unwrap(), &customer.webhook_secret, &headers], &body);
    serde_json::from_slice(&body).unwrap()
}

/// Decodes every frame and sample of a file.
pub(crate) fn decode(world: &World, bytes: &[u8], format: &str) {
    let script = world.stack.file("tests/scenarios/decode_media.py");
    run(world.stack.python(), &[script.to_str().unwrap(), format], bytes);
}

fn run(program: impl AsRef<OsStr>, words: &[&str], input: &[u8]) -> String {
    let mut command = Command::new(program);
    let mut child = command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tests' packages and Node are installed (make test does it, except for Node)");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{words:?} said: {said}{complained}");
    said.into_owned()
}

async fn the_bytedance_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "bytedance").await;
}

async fn the_elevenlabs_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "elevenlabs").await;
}

async fn the_fal_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "fal").await;
}

async fn the_google_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "google").await;
}

async fn the_google_speech_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "googletts").await;
}

async fn the_hedra_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "hedra").await;
}

/// Not the vendor's own, which has none in this language for the interface of today.
async fn a_client_of_heygen_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "heygen").await;
}

async fn the_luma_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "luma").await;
}

async fn the_luma_agents_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "lumaagents").await;
}

async fn the_minimax_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "minimax").await;
}

async fn the_runway_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "runway").await;
}

async fn the_wan_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "wan").await;
}

async fn the_google_cloud_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "vertex").await;
}

async fn the_sync_sdk_works_against_the_simulated_vendor(world: Arc<World>) {
    sdk_works(world, "sync").await;
}

/// Runs the script of a vendor's SDK.
async fn sdk_works(world: Arc<World>, vendor: &str) {
    let python = world.stack.python();
    client_works(world, python.as_os_str(), vendor, &format!("{vendor}_check.py")).await;
}

/// Runs the script of a published client.
async fn npm_client_works(world: Arc<World>, vendor: &str, script: &str) {
    client_works(world, OsStr::new("node"), vendor, script).await;
}

/// Runs a script of `shared/vendors-sim/sdk`, all of whose checks have to pass.
async fn client_works(world: Arc<World>, program: &OsStr, vendor: &str, script: &str) {
    let script = world.stack.file(&format!("shared/vendors-sim/sdk/{script}"));
    let base = format!("{}/{vendor}", world.vendors());
    let program = program.to_owned();
    let run = move || run(program, &[script.to_str().unwrap(), &base], b"");
    let said = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(said.ends_with(" passed, 0 failed\n") && !said.ends_with("\n0 passed, 0 failed\n"), "{said}");
}
