//! Letters on SQS.
//!
//! A queue counts whole seconds. Where that would be a large part of a short pause (a picture takes some five seconds), the
//! letter comes a little early, says when it is due, and is worked then.

use aws_sdk_sqs::Client;
use base64::{Engine, engine::general_purpose::STANDARD};
use jobs::{
    AccountId, Callback, Called, JobId, Letter, Time,
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
    /// Not to be worked before this moment, in milliseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback: Option<WireCallback>,
}

/// A letter as it came, and from when on it may be worked.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) letter: Letter,
    not_before: Option<Time>,
}

impl Received {
    /// How long it is still too early for it: less than a second, whatever it says and whoever's clock is wrong.
    pub(crate) fn early_by(&self, now: Time) -> Duration {
        self.not_before.map_or(Duration::ZERO, |moment| moment.until(now)).min(Duration::from_secs(1))
    }
}

/// Longer delays are rounded up to whole seconds: half a second more is nothing beside them, and half a second less would be
/// paid for by a waiting function.
const LONGEST_EXACT: Duration = Duration::from_secs(10);

/// The seconds that a queue is to hold a letter back, and whether what is missing has to be waited for where it is read.
fn held_back(delay: Duration) -> (u64, bool) {
    if delay <= LONGEST_EXACT && delay.subsec_millis() > 0 {
        return (delay.as_secs(), true);
    }
    // A letter that arrives too early would have to be sent again.
    (u64::try_from(delay.as_millis().div_ceil(1000)).unwrap_or(u64::MAX), false)
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
    pub(crate) fn read(body: &str) -> Result<Received, String> {
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
        let letter = Letter { job, version: wire.version, callback: callback.transpose()? };
        Ok(Received { letter, not_before: wire.not_before.map(Time::from_millis) })
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
        let (seconds, is_exact) = held_back(delay);
        let wire = WireLetter {
            job: letter.job.to_string(),
            version: letter.version,
            not_before: is_exact.then(|| crate::now().plus(delay).millis()),
            callback,
        };
        let body = serde_json::to_string(&wire).map_err(|cause| Trouble::new(TRIED, cause))?;
        self.client
            .send_message()
            .queue_url(self.url(to))
            .message_body(body)
            // On a standard queue the group makes it fair: one busy account does not hold up the others.
            .message_group_id(account.as_str())
            .delay_seconds(i32::try_from(seconds.min(900)).unwrap_or(900))
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
        assert_eq!(SqsQueues::read(good).unwrap().letter.version, 3);
        for bad in
            ["", "{}", "[1,2]", "not json", r#"{"job":"gen_x","version":3}"#, r#"{"job":7,"version":3}"#]
        {
            assert!(SqsQueues::read(bad).is_err(), "{bad}");
        }
        let called = r#"{"job":"gen_00000000000000000000000000","version":3,"callback":{"token":"t","headers":[["a","b"]],"body":"aGk="}}"#;
        let read = |text: &str| SqsQueues::read(text).unwrap().letter.callback.unwrap();
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

    #[test]
    fn short_delays_are_kept_to_the_millisecond_and_long_ones_never_cut() {
        for (milliseconds, expected) in [
            (0, (0, false)),
            (1, (0, true)),
            (999, (0, true)),
            (1_000, (1, false)),
            (2_750, (2, true)),
            (9_999, (9, true)),
            (10_000, (10, false)),
            (10_001, (11, false)),
            (899_001, (900, false)),
        ] {
            assert_eq!(held_back(Duration::from_millis(milliseconds)), expected, "{milliseconds}");
        }
    }

    #[test]
    fn a_letter_that_comes_early_says_for_how_long_and_nobody_waits_for_longer_than_a_second() {
        let now = Time::from_millis(1_795_255_200_000);
        let early_by = |not_before: &str| {
            let body = format!(r#"{{"job":"gen_00000000000000000000000000","version":3{not_before}}}"#);
            SqsQueues::read(&body).unwrap().early_by(now).as_millis()
        };
        for (not_before, expected) in [
            ("", 0),
            (r#","not_before":1795255200350"#, 350),
            (r#","not_before":1795255200000"#, 0),
            (r#","not_before":1795255100000"#, 0),
            (r#","not_before":1795255300000"#, 1000),
            (r#","not_before":9223372036854775807"#, 1000),
            (r#","not_before":-9223372036854775808"#, 0),
        ] {
            assert_eq!(early_by(not_before), expected, "{not_before}");
        }
    }
}
