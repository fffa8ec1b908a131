//! The operator's credential at this poller's vendor.

use cloud::Secrets;
use jobs::{Time, account::Hidden, ports::Trouble};
use providers::{Access, Project};
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

/// The secret's JSON text. A key file of a Google service account is one as it is: its names are known, too.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecretText {
    #[serde(default, alias = "client_email")]
    api_key: String,
    #[serde(alias = "private_key")]
    secret_key: Option<String>,
    webhook_secret: Option<String>,
    base_url: Option<String>,
    #[serde(alias = "project_id")]
    project_id: Option<String>,
    region: Option<String>,
    bucket: Option<String>,
    #[serde(alias = "token_uri")]
    token_url: Option<String>,
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
            return Ok(Some(Access::by_key(Hidden::new(""))));
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

/// Reads a vendor's secret; nothing if it holds no key.
///
/// # Errors
/// When it is not the JSON that we expect.
pub fn parse(text: &Hidden) -> Result<Option<Access>, Trouble> {
    // The cause would quote the text, and the text is a secret.
    let text: SecretText = serde_json::from_str(text.reveal()).map_err(|_| {
        Trouble::new("could not read the vendor's secret", "it is not the JSON object we expect")
    })?;
    if text.api_key.is_empty() {
        return Ok(None);
    }
    let base_url = text.base_url.map(|url| url.trim_end_matches('/').to_owned());
    let project = text.project_id.map(|id| Project {
        id,
        region: text.region,
        bucket: text.bucket,
        token_url: text.token_url,
    });
    Ok(Some(Access {
        api_key: Hidden::new(text.api_key),
        secret_key: text.secret_key.map(Hidden::new),
        webhook_secret: text.webhook_secret.map(Hidden::new),
        base_url,
        project,
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
        assert!(access.project.is_none());
        let trouble = parse(&Hidden::new("{hush")).unwrap_err();
        assert!(!format!("{trouble:?}").contains("hush"));
    }

    #[test]
    fn a_key_file_of_a_service_account_is_a_credential() {
        let text = r#"{"type":"service_account","project_id":"p","private_key_id":"1","private_key":"-----BEGIN\nx",
            "client_email":"a@p.example","client_id":"1","token_uri":"https://t.example/token","region":"europe-west4"}"#;
        let access = parse(&Hidden::new(text)).unwrap().unwrap();
        assert_eq!(access.api_key.reveal(), "a@p.example");
        assert_eq!(access.secret_key.unwrap().reveal(), "-----BEGIN\nx");
        let project = Project {
            id: "p".to_owned(),
            region: Some("europe-west4".to_owned()),
            bucket: None,
            token_url: Some("https://t.example/token".to_owned()),
        };
        assert_eq!(access.project, Some(project));
    }
}
