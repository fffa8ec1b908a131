//! Every file under `fixtures/<vendor>/` is a list of cases. A new case is a new line there, a new vendor a new folder.

use crate::{given, shown::shown};
use std::{fs, path::Path};

#[test]
fn every_fixture_comes_out_as_written() {
    let (mut wrong, mut played) = (Vec::new(), 0);
    for vendor in providers::vendors() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(vendor);
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{vendor} has no fixtures");
        for file in files {
            let cases: Vec<given::Given> = serde_json::from_slice(&fs::read(&file).unwrap())
                .unwrap_or_else(|error| panic!("could not read {}: {error}", file.display()));
            for given in cases {
                played += 1;
                check(vendor, &given).unwrap_or_else(|difference| {
                    wrong.push(format!(
                        "{vendor}/{}: {}\n{difference}",
                        file.file_stem().unwrap().display(),
                        given.name
                    ));
                });
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {played} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Plays one case and compares everything that came of it.
fn check(vendor: &str, given: &given::Given) -> Result<(), String> {
    let came = shown(&given::play(vendor, given));
    if came == given.expect { Ok(()) } else { Err(format!("  expected {}\n  came     {came}", given.expect)) }
}
