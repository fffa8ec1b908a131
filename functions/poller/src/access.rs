//! The operator's credential at this poller's vendor.

use cloud::Secrets;
use jobs::{Time, account::Hidden, ports::Trouble};
use providers::Access;
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a credential is believed: a key that the operator has replaced is in use within this time.
const FRESH: Duration = Duration::from_secs(300);

/// The credential, read when it is first needed and again when it is stale.
pub struct AccessCard {
    source: Source,
    known: Mutex<Option<(Time, Access)>>,
}

enum Source {
    Secret {
        secrets: Secrets,
        id: String,
    },
    /// The built-in simulator asks for none.
    None,
}

/// The secret's JSON text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecretText {
    #[serde(default)]
    api_key: String,
    secret_key: Option<String>,
    webhook_secret: Option<String>,
    base_url: Option<String>,
}

impl AccessCard {
    /// The credential in this secret.
    pub fn in_secret(secrets: Secrets, id: String) -> AccessCard {
        AccessCard { source: Source::Secret { secrets, id }, known: Mutex::new(None) }
    }

    /// No credential at all.
    pub fn none() -> AccessCard {
        AccessCard { source: Source::None, known: Mutex::new(None) }
    }

    /// The credential, or nothing if the operator has not set one up.
    ///
    /// # Errors
    /// When the secret can't be read.
    pub async fn get(&self, now: Time) -> Result<Option<Access>, Trouble> {
        let Source::Secret { secrets, id } = &self.source else {
            return Ok(Some(Access {
                api_key: Hidden::new(""),
                secret_key: None,
                webhook_secret: None,
                base_url: None,
            }));
        };
        let mut known = self.known.lock().await;
        if let Some((read, access)) = &*known
            && now.since(*read) < FRESH
        {
            return Ok(Some(access.clone()));
        }
        let access = match secrets.read(id).await? {
            Some(text) => parse(&text)?,
            None => None,
        };
        *known = access.clone().map(|access| (now, access));
        Ok(access)
    }

    /// Forgets the credential, so that the next step reads the one in force: the vendor has just refused this one.
    pub async fn forget(&self) {
        *self.known.lock().await = None;
    }
}

fn parse(text: &Hidden) -> Result<Option<Access>, Trouble> {
    // The cause would quote the text, and the text is a secret.
    let text: SecretText = serde_json::from_str(text.reveal()).map_err(|_| {
        Trouble::new("could not read the vendor's secret", "it is not the JSON object we expect")
    })?;
    if text.api_key.is_empty() {
        return Ok(None);
    }
    let base_url = text.base_url.map(|url| url.trim_end_matches('/').to_owned());
    Ok(Some(Access {
        api_key: Hidden::new(text.api_key),
        secret_key: text.secret_key.map(Hidden::new),
        webhook_secret: text.webhook_secret.map(Hidden::new),
        base_url,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_secret_is_no_credential_and_a_broken_one_is_not_quoted() {
        assert!(parse(&Hidden::new("{}")).unwrap().is_none());
        let access =
            parse(&Hidden::new(r#"{"apiKey":"k","secretKey":"s","baseUrl":"http://x/"}"#)).unwrap().unwrap();
        assert_eq!((access.api_key.reveal(), access.base_url.as_deref()), ("k", Some("http://x")));
        let trouble = parse(&Hidden::new("{hush")).unwrap_err();
        assert!(!format!("{trouble:?}").contains("hush"));
    }
}
