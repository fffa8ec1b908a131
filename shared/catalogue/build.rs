//! Reads and checks `models.toml`, and hands it to the crate as JSON, which is read at a fraction of the cost.

use serde_json::Value;
use std::{env, error::Error, fs, path::Path, process::ExitCode};

#[path = "src/row/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the crate uses the rest")]
mod row;

#[path = "src/check.rs"]
mod check;

#[path = "src/source/mod.rs"]
mod source;

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=models.toml");
    println!("cargo:rerun-if-changed=src/check.rs");
    println!("cargo:rerun-if-changed=src/row");
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
    let book = source::read(&text)
        .map_err(|faults| format!("models.toml is not in order:\n{}", faults.join("\n")))?;
    let mut json = serde_json::to_value(&book)?;
    slim(&mut json);
    let path = Path::new(&env::var("OUT_DIR")?).join("models.json");
    Ok(fs::write(path, json.to_string())?)
}

/// Leaves out what the reader takes for granted: every start reads the rest.
fn slim(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            fields
                .retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
            fields.values_mut().for_each(slim);
        }
        Value::Array(list) => list.iter_mut().for_each(slim),
        // Whole numbers as such: readers of JSON are not exact with long decimals.
        Value::Number(number) => {
            if let Some(whole) = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e16)
            {
                *json = Value::from(whole as i64);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}
