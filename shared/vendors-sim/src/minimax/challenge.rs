//! Before the vendor calls a client back it sends a challenge there, which has to come back at once.

use super::refusal::Complaint;
use crate::fields::Fields;
use crate::{inputs, loopback, random};
use http::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// How long the client may think.
const PATIENCE: Duration = Duration::from_secs(3);

/// The order's address for callbacks, if it has one and it has passed. Addresses elsewhere are believed.
pub(super) async fn callback(body: Fields<'_>) -> Result<Option<String>, Complaint> {
    let Some(address) = body.text("callback_url")?.filter(|address| !address.is_empty()) else {
        return Ok(None);
    };
    if !inputs::is_address(address) {
        return Err(Complaint::parameter("callback_url is no address"));
    }
    if loopback::is_here(address) && !passes(address).await {
        return Err(Complaint::parameter("callback_url did not return the challenge"));
    }
    Ok(Some(address.to_owned()))
}

async fn passes(address: &str) -> bool {
    let challenge = random::uuid();
    let body = json!({ "challenge": challenge }).to_string();
    let headers = [("content-type", "application/json".to_owned())];
    let call = loopback::call(Method::POST, address, headers, body);
    let Ok(Ok(answer)) = tokio::time::timeout(PATIENCE, call).await else { return false };
    let told: Option<Value> = serde_json::from_slice(answer.body()).ok();
    answer.status().is_success() && told.is_some_and(|told| told.get("challenge") == Some(&json!(challenge)))
}
