//! `vendors check` against the simulated vendors: what it orders, what it asks, what it says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Output, Stdio},
};
use vendors_sim::{Config, Running};

/// The program with keys for these vendors, which are played by `simulated`.
fn program(simulated: &Running, samples: &str, vendors: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vendors"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
        .env("OUTBOUND_ALLOW", format!("127.0.0.1:{} 127.0.0.1:{}", simulated.address.port(), port(samples)));
    for (name, file) in [("IMAGE", "portrait.jpg"), ("VIDEO", "clip.mp4"), ("AUDIO", "speech.mp3")] {
        command.env(format!("CHECK_{name}"), format!("{samples}/samples/{file}"));
    }
    for vendor in vendors {
        let upper = vendor.to_uppercase();
        let base = format!("{}/{vendor}", simulated.url());
        for (name, value) in credential(vendor, &base) {
            command.env(format!("{upper}_{name}"), value);
        }
        command.env(format!("{upper}_BASE_URL"), base);
    }
    command
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().unwrap()
}

/// What the simulated vendor takes, by the ends of the settings' names.
fn credential(vendor: &str, base: &str) -> Vec<(&'static str, String)> {
    match vendor {
        "kling" => vec![("API_KEY", "sim-kling-ak".into()), ("SECRET_KEY", "sim-kling-sk".into())],
        "hedra" => vec![("API_KEY", "sim-hedra-key".into()), ("SECRET_KEY", "sim-hedra-secret".into())],
        "vertex" => {
            let account = include_str!("../../../shared/vendors-sim/sdk/vertex_account.json");
            let mut secret: serde_json::Value = serde_json::from_str(account).unwrap();
            secret["token_uri"] = format!("{base}/token").into();
            vec![("SECRET", secret.to_string())]
        }
        _ => vec![("API_KEY", format!("sim-{vendor}-key"))],
    }
}

/// The simulated vendors, somebody who lends sample files, and an empty folder to run in.
async fn stage(name: &str) -> (Running, String, std::path::PathBuf) {
    let simulated = vendors_sim::start(Config { speed: 50.0, ..Config::default() }).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let samples = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, local::receiver::router(Path::new("none"))).into_future());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    (simulated, samples, folder)
}

/// The next order at this vendor meets the fault.
fn arm(address: std::net::SocketAddr, vendor: &str, fault: &str) {
    let body = format!(r#"{{"vendor":"{vendor}","fault":"{fault}"}}"#);
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /_control HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

async fn run(mut command: Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn all() -> Vec<&'static str> {
    let vendors = catalogue::Catalogue::built_in().vendors().into_iter();
    vendors.filter(|vendor| providers::adapter(vendor).is_some()).collect()
}

#[tokio::test]
async fn every_simulated_vendor_is_as_we_believe() {
    let (simulated, samples, folder) = stage("all").await;
    let vendors = all();
    let mut command = program(&simulated, &samples, &vendors, &folder);
    command.args(["check", "--yes"]).env("LATENCY_SCALE", "0.02");
    let (status, said, complained) = run(command).await;
    let closing = format!("{} vendors as we believe them, 0 not\n", vendors.len());
    assert!(said.ends_with(&closing) && status == Some(0), "{said}{complained}");
    assert!(!said.contains("BROKEN") && said.contains("confirmed"), "{said}");
    let files = std::fs::read_dir(folder.join("target/vendors-check")).unwrap().count();
    assert!(files >= vendors.len(), "{files} files\n{said}");
    for vendor in &vendors {
        for (_, key) in credential(vendor, "") {
            assert!(!said.contains(&key) && !complained.contains(&key), "{vendor}'s key is told");
        }
    }
}

#[tokio::test]
async fn without_a_key_it_says_so_and_without_a_yes_nothing_is_ordered() {
    let (simulated, samples, folder) = stage("unasked").await;
    let mut command = program(&simulated, &samples, &[], &folder);
    let (status, said, complained) = run({
        command.arg("check");
        command
    })
    .await;
    assert_eq!(status, Some(2));
    assert!(said.contains("no key in the environment, so not checked: bfl, bytedance"), "{said}");
    assert!(complained.starts_with("nothing to check"), "{complained}");
    let mut command = program(&simulated, &samples, &["bfl", "vidu"], &folder);
    let (status, said, complained) = run({
        command.arg("check");
        command
    })
    .await;
    assert_eq!((status, complained.as_str()), (Some(2), "nothing was ordered\n"));
    assert!(said.contains("2 jobs for about $0.") && said.ends_with("order them? [y/N] "), "{said}");
    assert_eq!(simulated.paid("apple"), 0);
}

#[tokio::test]
async fn what_is_not_as_we_believe_is_told() {
    let (simulated, samples, folder) = stage("broken").await;
    for (vendor, fault) in [("vidu", "unauthorized"), ("bfl", "html-file"), ("runway", "empty")] {
        let (vendor, fault) = (vendor.to_owned(), fault.to_owned());
        let address = simulated.address;
        tokio::task::spawn_blocking(move || arm(address, &vendor, &fault)).await.unwrap();
    }
    let mut command = program(&simulated, &samples, &["vidu", "bfl", "runway"], &folder);
    command.args(["check", "--yes"]).env("LATENCY_SCALE", "0.02");
    let (status, said, _) = run(command).await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("  the order is taken: not seen: the provider can't be used"), "{said}");
    assert!(said.contains("  the file comes: BROKEN: the file is of no known format"), "{said}");
    assert!(said.ends_with("0 vendors as we believe them, 3 not\n"), "{said}");
}
