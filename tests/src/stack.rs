//! The local run that the stories are told in. `make test` starts one of their own; with `make dev` up,
//! `DOITONG_KEYS=.local/keys.json` tells them in that one.

use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A local run that is up.
pub struct Stack {
    /// The front's port; the local AWS, the simulated vendors and the receiver have the three after it.
    pub port: u16,
    /// What scripts are told: `keys.json`.
    pub keys: Value,
    state: PathBuf,
}

impl Stack {
    /// The run whose `keys.json` is named by `DOITONG_KEYS`.
    pub fn running() -> Stack {
        let path = env::var_os("DOITONG_KEYS").map(|path| project().join(path));
        let path = path.expect(
            "the stories need a local run: say `make test`, or `make dev` and DOITONG_KEYS=.local/keys.json",
        );
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let keys: Value = serde_json::from_str(&text).expect("keys.json is JSON");
        let endpoint = keys["endpoint"].as_str().expect("an endpoint in keys.json");
        let port =
            endpoint.trim_end_matches("/graphql").rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.expect("a port in the endpoint");
        let state = path.parent().expect("a file lies in a folder");
        let state = state.canonicalize().expect("the folder of the run is there");
        Stack { port, keys, state }
    }

    /// The folder of the run, by which its processes are known.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Where the parts of the run write their logs.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    /// The interpreter of the tests' own Python packages (foreign clients and decoders).
    pub fn python(&self) -> PathBuf {
        project().join(".local/tools/tests/bin/python")
    }

    /// A file of the project.
    pub fn file(&self, path: &str) -> PathBuf {
        project().join(path)
    }
}

/// The project's root.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the project").to_path_buf()
}
