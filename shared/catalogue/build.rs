//! Reads and checks `models.toml`, and hands it to the crate as JSON, which is read at a fraction of the cost.

use std::{env, error::Error, fs, path::Path, process::ExitCode};

#[path = "src/row.rs"]
#[allow(dead_code, reason = "the crate uses the rest")]
mod row;

#[path = "src/source/mod.rs"]
mod source;

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=models.toml");
    println!("cargo:rerun-if-changed=src/row.rs");
    println!("cargo:rerun-if-changed=src/source");
    match make() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// From the file to the JSON that the crate includes.
fn make() -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string("models.toml")?;
    let book = source::read(&text).map_err(|faults| format!("models.toml is not in order:\n{}", faults.join("\n")))?;
    let path = Path::new(&env::var("OUT_DIR")?).join("models.json");
    Ok(fs::write(path, serde_json::to_string(&book)?)?)
}
