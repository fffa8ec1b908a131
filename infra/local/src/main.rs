//! `local front` and `local receiver`: two small loopback servers of `make dev`.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::ExitCode;

use axum::Router;
use http::HeaderValue;
use tokio::net::TcpListener;

const USAGE: &str =
    "usage: local front --port PORT --to PORT --host NAME | local receiver --port PORT --keys FILE";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (port, router) = match words.as_slice() {
        ["front", "--port", port, "--to", to, "--host", host] => {
            match (to.parse(), HeaderValue::from_str(host)) {
                (Ok(to), Ok(host)) => (*port, local::front::router(to, host)),
                _ => return failed(USAGE),
            }
        }
        ["receiver", "--port", port, "--keys", keys] => (*port, local::receiver::router(Path::new(keys))),
        _ => return failed(USAGE),
    };
    let Ok(port) = port.parse() else {
        return failed(USAGE);
    };
    match serve(port, router).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&format!("could not serve on port {port}: {error}")),
    }
}

/// Serves on the loopback address alone, until the process is ended.
async fn serve(port: u16, router: Router) -> std::io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    axum::serve(listener, router).await
}

fn failed(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}
