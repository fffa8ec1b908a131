//! Starting and stopping a local run of our own, beside any that a developer may have up.

use serde_json::Value;
use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

/// A local run; dropping it ends it, with everything that it started.
pub struct Stack {
    /// The front's port; the local AWS, the simulated vendors and the receiver have the three after it.
    pub port: u16,
    /// What scripts are told: `keys.json`.
    pub keys: Value,
    project: PathBuf,
    state: PathBuf,
    /// A run that was there before us is not ours to end.
    ours: bool,
}

impl Stack {
    /// Starts a run, or uses the one that `DOITONG_RUN` points to (the folder of its state): for working on a story
    /// without waiting for a start.
    pub fn start() -> Stack {
        let project = project();
        if let Some(state) = env::var_os("DOITONG_RUN").map(PathBuf::from) {
            let keys = read_keys(&state);
            let endpoint = keys["endpoint"].as_str().expect("an endpoint in keys.json").to_owned();
            let port = endpoint.trim_end_matches("/graphql").rsplit(':').next().and_then(|port| port.parse().ok());
            return Stack { port: port.expect("a port in the endpoint"), keys, project, state, ours: false };
        }
        let state = project.join(".local/scenarios");
        let port = four_free_ports();
        let mut stack = Stack { port, keys: Value::Null, project, state, ours: true };
        let status = stack.dev(&["start", "--detach"]).status().expect("python3 is installed");
        assert!(status.success(), "the local run did not start; its logs are in {}", stack.state.display());
        stack.keys = read_keys(&stack.state);
        stack
    }

    /// Where the parts of the run write their logs.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    /// The interpreter of the tests' own Python packages (foreign clients and decoders).
    pub fn python(&self) -> PathBuf {
        self.project.join(".local/tools/tests/bin/python")
    }

    /// A file of the project.
    pub fn file(&self, path: &str) -> PathBuf {
        self.project.join(path)
    }

    fn dev(&self, words: &[&str]) -> Command {
        let mut command = Command::new("python3");
        command.arg(self.project.join("infra/local/dev.py")).args(words).current_dir(&self.project);
        command.env("PORT", self.port.to_string()).env("LOCAL_DIR", &self.state);
        // Simulated vendors at four times their pace: the stories wait for them.
        command.env("SIM_SPEED", "4");
        command
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if self.ours {
            let _ = self.dev(&["stop"]).status();
        }
    }
}

/// The project's root.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the project").to_path_buf()
}

fn read_keys(state: &Path) -> Value {
    let text = fs::read_to_string(state.join("keys.json")).expect("a ready run has a keys.json");
    serde_json::from_str(&text).expect("keys.json is JSON")
}

/// The first of four neighbouring ports that nobody uses now.
fn four_free_ports() -> u16 {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    (13_000..14_000).step_by(10).find(|first| (0..4).all(|step| free(first + step))).expect("four free ports")
}
