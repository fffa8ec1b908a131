//! Letters on SQS.

use aws_sdk_sqs::Client;
use base64::{Engine, engine::general_purpose::STANDARD};
use jobs::{
    AccountId, Callback, Called, JobId, Letter,
    account::Hidden,
    ports::{Address, Queues, Trouble},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The queues of vendors and webhooks.
#[derive(Clone)]
pub struct SqsQueues {
    client: Client,
    /// A queue URL with `{vendor}` where the vendor's id goes.
    vendor_queue_url: String,
    webhook_queue_url: String,
}

/// A letter on the wire.
#[derive(Serialize, Deserialize)]
struct WireLetter {
    job: String,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback: Option<WireCallback>,
}

#[derive(Serialize, Deserialize)]
struct WireCallback {
    /// None in letters written before there was one, for a while after a deployment.
    #[serde(default)]
    token: String,
    headers: Vec<(String, String)>,
    /// In base64: it may be anything.
    body: String,
}

impl SqsQueues {
    pub(crate) fn new(client: Client, vendor_queue_url: String, webhook_queue_url: String) -> SqsQueues {
        SqsQueues { client, vendor_queue_url, webhook_queue_url }
    }

    /// Reads a message body.
    ///
    /// # Errors
    /// A sentence about what is wrong with it, for the log.
    pub fn read(body: &str) -> Result<Letter, String> {
        // Only the place: the cause would quote the message.
        let wire: WireLetter = serde_json::from_str(body).map_err(|cause| {
            format!("the message is no letter: line {}, column {}", cause.line(), cause.column())
        })?;
        let job = JobId::parse(&wire.job).ok_or_else(|| "the letter's job id is malformed".to_owned())?;
        let callback = wire.callback.map(|wire| {
            let body =
                STANDARD.decode(wire.body).map_err(|_| "the callback's body is no base64".to_owned())?;
            let callback = Callback { headers: wire.headers, body };
            Ok::<_, String>(Called { token: Hidden::new(wire.token), callback })
        });
        Ok(Letter { job, version: wire.version, callback: callback.transpose()? })
    }
}

impl SqsQueues {
    /// Lets a message that could not be worked come back soon, and later each time. Left alone it would come back after
    /// the queue's visibility timeout, which is made for the longest step and not for a passing fault.
    ///
    /// # Errors
    /// When the queue fails; the message then comes back after the visibility timeout.
    pub async fn come_back(&self, from: &Address, receipt: &str, received: u32) -> Result<(), Trouble> {
        let seconds = 1 << received.clamp(1, 8);
        let call = self.client.change_message_visibility().queue_url(self.url(from));
        let call = call.receipt_handle(receipt).visibility_timeout(seconds);
        call.send().await.map_err(|cause| Trouble::new("could not make a message come back soon", cause))?;
        Ok(())
    }

    fn url(&self, address: &Address) -> String {
        match address {
            Address::Vendor(vendor) => self.vendor_queue_url.replace("{vendor}", vendor),
            Address::Webhook => self.webhook_queue_url.clone(),
        }
    }
}

impl Queues for SqsQueues {
    async fn send(
        &self,
        to: &Address,
        letter: &Letter,
        account: &AccountId,
        delay: Duration,
    ) -> Result<(), Trouble> {
        const TRIED: &str = "could not send letter";
        let callback = letter.callback.as_ref().map(|Called { token, callback }| WireCallback {
            token: token.reveal().to_owned(),
            headers: callback.headers.clone(),
            body: STANDARD.encode(&callback.body),
        });
        let wire = WireLetter { job: letter.job.to_string(), version: letter.version, callback };
        let body = serde_json::to_string(&wire).map_err(|cause| Trouble::new(TRIED, cause))?;
        // Rounded up: a letter that arrives too early would have to be sent again.
        let seconds = delay.as_millis().div_ceil(1000).min(900);
        self.client
            .send_message()
            .queue_url(self.url(to))
            .message_body(body)
            // On a standard queue the group makes it fair: one busy account does not hold up the others.
            .message_group_id(account.as_str())
            .delay_seconds(i32::try_from(seconds).unwrap_or(900))
            .send()
            .await
            .map_err(|cause| Trouble::new(TRIED, cause))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_no_letter_is_refused_with_a_reason() {
        let good = r#"{"job":"gen_00000000000000000000000000","version":3}"#;
        assert_eq!(SqsQueues::read(good).unwrap().version, 3);
        for bad in
            ["", "{}", "[1,2]", "not json", r#"{"job":"gen_x","version":3}"#, r#"{"job":7,"version":3}"#]
        {
            assert!(SqsQueues::read(bad).is_err(), "{bad}");
        }
        let called = r#"{"job":"gen_00000000000000000000000000","version":3,"callback":{"token":"t","headers":[["a","b"]],"body":"aGk="}}"#;
        let read = |text: &str| SqsQueues::read(text).unwrap().callback.unwrap();
        let callback = Callback { headers: vec![("a".into(), "b".into())], body: b"hi".to_vec() };
        assert_eq!(read(called), Called { token: Hidden::new("t"), callback: callback.clone() });
        let older = called.replace("\"token\":\"t\",", "");
        assert_eq!(read(&older), Called { token: Hidden::new(""), callback });
        assert!(SqsQueues::read(&called.replace("aGk=", "?")).is_err());
        for quoted in
            [r#"{"job":"SECRET","version":1}"#, r#"{"job":"x","version":"SECRET"}"#, r#"{"SECRET":1}"#]
        {
            assert!(!SqsQueues::read(quoted).unwrap_err().contains("SECRET"), "{quoted}");
        }
    }
}
