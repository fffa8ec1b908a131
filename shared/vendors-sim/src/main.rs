//! `vendors-sim --port 8090 --speed 1`: the simulated vendors as a process.

use std::env;
use std::process::ExitCode;
use vendors_sim::Config;

const USAGE: &str = "usage: vendors-sim [--port N] [--speed X] [--public-url URL]
  --port        port on 127.0.0.1 (8090); 0 takes a free one
  --speed       1 lets jobs take a few seconds, 2 is twice as fast (or SIM_SPEED)
  --public-url  what links in answers begin with (or SIM_PUBLIC_URL)";

/// The port if none is told.
const PORT: u16 = 8090;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    let config = match config(env::args().skip(1)) {
        Ok(config) => config,
        Err(reason) => {
            eprintln!("{reason}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let port = config.port;
    match vendors_sim::start(config).await {
        Ok(running) => {
            println!("simulated vendors at {}", running.url());
            running.wait().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("could not listen on port {port}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn config(mut arguments: impl Iterator<Item = String>) -> Result<Config, String> {
    let mut config = Config { port: PORT, ..Config::default() };
    if let Ok(speed) = env::var("SIM_SPEED") {
        config.speed = parse("SIM_SPEED", &speed)?;
    }
    config.public_url = env::var("SIM_PUBLIC_URL").ok();
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--port" => config.port = parse(&name, &value)?,
            "--speed" => config.speed = parse(&name, &value)?,
            "--public-url" => config.public_url = Some(value.trim_end_matches('/').to_owned()),
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(config)
}

fn parse<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} cannot be {value}"))
}
