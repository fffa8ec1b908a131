//! Eyes that are not ours: webhook signatures checked by the reference library, files decoded by FFmpeg, and the
//! vendor's own SDK against the simulated vendor.

use crate::stories;
use base64::{Engine, engine::general_purpose::STANDARD};
use scenarios::{Customer, World};
use serde_json::Value;
use std::{
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
    the_luma_sdk_works_against_the_simulated_vendor,
    the_luma_agents_sdk_works_against_the_simulated_vendor,
    the_minimax_sdk_works_against_the_simulated_vendor,
    the_runway_sdk_works_against_the_simulated_vendor,
    the_wan_sdk_works_against_the_simulated_vendor,
];

/// The event of a delivery, after the reference library has accepted its signature and refused a forged one.
pub(crate) fn verified(world: &World, customer: &Customer, delivery: &Value) -> Value {
    let body = STANDARD.decode(delivery["body"].as_str().unwrap()).unwrap();
    let headers = delivery["headers"].to_string();
    let script = world.stack.file("tests/scenarios/verify_webhook.py");
    run(world, &[script.to_str().unwrap(), &customer.webhook_secret, &headers], &body);
    serde_json::from_slice(&body).unwrap()
}

/// Decodes every frame and sample of a file.
pub(crate) fn decode(world: &World, bytes: &[u8], format: &str) {
    let script = world.stack.file("tests/scenarios/decode_media.py");
    run(world, &[script.to_str().unwrap(), format], bytes);
}

fn run(world: &World, words: &[&str], input: &[u8]) -> String {
    let mut command = Command::new(world.stack.python());
    let mut child = command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tests' Python packages are installed (make test does it)");
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

/// Runs the script of a vendor's SDK.
async fn sdk_works(world: Arc<World>, vendor: &str) {
    let script = world.stack.file(&format!("shared/vendors-sim/sdk/{vendor}_check.py"));
    let base = format!("{}/{vendor}", world.vendors());
    let run = move || run(&world, &[script.to_str().unwrap(), &base], b"");
    let said = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(said.contains(" passed, 0 failed"), "{said}");
}
