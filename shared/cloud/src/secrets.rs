//! The operator's credentials at vendors, in Secrets Manager.

use aws_sdk_secretsmanager::Client;
use jobs::{account::Hidden, ports::Trouble};

/// Secrets Manager.
#[derive(Clone)]
pub struct Secrets {
    client: Client,
}

impl Secrets {
    pub(crate) fn new(client: Client) -> Secrets {
        Secrets { client }
    }

    /// The current value of a secret.
    ///
    /// # Errors
    /// When there is none, or it may not be read.
    pub async fn read(&self, id: &str) -> Result<Hidden, Trouble> {
        const TRIED: &str = "could not read the vendor's secret";
        let answer = self.client.get_secret_value().secret_id(id).send().await;
        let answer = answer.map_err(|cause| Trouble::new(TRIED, cause))?;
        answer.secret_string().map(Hidden::new).ok_or_else(|| Trouble::new(TRIED, "it holds no text"))
    }
}
