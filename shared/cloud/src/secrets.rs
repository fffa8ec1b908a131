//! The operator's credentials at vendors, in Secrets Manager.

use aws_sdk_secretsmanager::{Client, error::SdkError};
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

    /// The current value of a secret; `None` while the operator has not put one in.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn read(&self, id: &str) -> Result<Option<Hidden>, Trouble> {
        match self.client.get_secret_value().secret_id(id).send().await {
            Ok(answer) => Ok(answer.secret_string().map(Hidden::new)),
            Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => Ok(None),
            Err(cause) => Err(Trouble::new("could not read the vendor's secret", cause)),
        }
    }
}
