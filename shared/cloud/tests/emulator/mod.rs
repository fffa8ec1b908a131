//! The stand-in for DynamoDB and S3: the one that the environment names, or one of our own for the length of the test.

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
};
use aws_smithy_http_client::Builder;
use std::{
    env,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Where `make test` installs it.
const INSTALLED: &str = "../../.local/tools/emulator/bin/ministack";

/// Looks until a stand-in of our own answers, a tenth of a second apart: its Python starts in one to three seconds.
const MOST_LOOKS: u32 = 300;

/// A running stand-in; one of our own ends with this value.
pub(crate) struct Emulator {
    endpoint: String,
    own: Option<Child>,
}

impl Emulator {
    /// A stand-in that answers.
    ///
    /// # Panics
    /// When there is none: a run without it would pass without having tested anything.
    pub(crate) async fn ready() -> Emulator {
        if let Some(endpoint) = env::var("DOITONG_EMULATOR").ok().filter(|endpoint| !endpoint.is_empty()) {
            let emulator = Emulator { endpoint, own: None };
            assert!(emulator.answers().await, "DOITONG_EMULATOR={} does not answer", emulator.endpoint);
            return emulator;
        }
        let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(INSTALLED);
        assert!(
            program.exists(),
            "this test speaks to a local DynamoDB and there is none: run it through `make test`, which installs one, \
             or set DOITONG_EMULATOR to the endpoint of one"
        );
        // Free at this moment. Should somebody else take it in between, the stand-in ends and the test says so.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|door| door.local_addr()).unwrap().port();
        let child = Command::new(program)
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", "127.0.0.1")
            .env("SERVICES", "dynamodb,s3")
            .env("IOT_MTLS_ENABLED", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let emulator = Emulator { endpoint: format!("http://127.0.0.1:{port}"), own: Some(child) };
        for _ in 0..MOST_LOOKS {
            if emulator.answers().await {
                return emulator;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the local DynamoDB at {} did not start", emulator.endpoint);
    }

    /// A client of it.
    pub(crate) fn client(&self) -> Client {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(Builder::new().build_http())
            .endpoint_url(&self.endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "test"));
        Client::from_conf(config.build())
    }

    /// Where it answers.
    #[allow(dead_code, reason = "not every test speaks to it in other words than DynamoDB's")]
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    async fn answers(&self) -> bool {
        self.client().list_tables().send().await.is_ok()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(child) = &mut self.own {
            // It may have ended by itself; then there is nothing to end.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
