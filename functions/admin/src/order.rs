//! What the operator may ask for, as JSON with an `action`.

use jobs::{AccountId, Limits, Mode, Tier, keys::Scopes};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request.
#[derive(Debug, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Order {
    /// Makes an account; its webhook secret is told once.
    CreateAccount {
        /// The operator's own name for it.
        name: String,
        /// `FREE`, `STARTER`, `PRO` or `ENTERPRISE`.
        tier: String,
        /// Figures of its own, for ENTERPRISE.
        limits: Option<LimitsText>,
    },
    /// Makes a key; it is told once.
    IssueKey {
        /// Whose.
        account: String,
        /// `live` or `test`.
        mode: String,
        /// The operator's own name for it.
        #[serde(default)]
        name: String,
        /// Seconds until it expires; left out, it does not.
        expires_in_seconds: Option<u64>,
        /// `READ` (queries), `GENERATE` (mutations) or both; left out, both.
        scopes: Option<Vec<String>>,
    },
    /// Shuts a key.
    RevokeKey {
        /// The whole key.
        key: Option<String>,
        /// Or its account and its first characters, as `listKeys` tells them.
        account: Option<String>,
        /// See `account`.
        prefix: Option<String>,
    },
    /// Tells an account's keys, without the keys themselves.
    ListKeys {
        /// Whose.
        account: String,
    },
    /// Sets tier and limits.
    SetTier {
        /// Whose.
        account: String,
        /// The tier.
        tier: String,
        /// Figures of its own, for ENTERPRISE.
        limits: Option<LimitsText>,
    },
    /// Adds credits.
    AddCredits {
        /// Whose.
        account: String,
        /// How many; 1 credit is worth USD 0.01.
        credits: u64,
        /// For the ledger.
        #[serde(default)]
        note: String,
        /// Makes a repeat harmless.
        idempotency_key: String,
    },
    /// Tells an account's figures.
    ShowAccount {
        /// Whose.
        account: String,
    },
}

/// Limits as the operator writes them. What is left out is the tier's own.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LimitsText {
    /// Generations per minute.
    pub per_minute: Option<u32>,
    /// Generations at the same time.
    pub concurrent: Option<u32>,
    /// Generations per day.
    pub per_day: Option<u32>,
}

/// Why a request is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// `INVALID_INPUT`, `NOT_FOUND` or `INTERNAL`.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// The field that is to blame.
    pub field: Option<String>,
}

impl Refusal {
    /// A bad field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Refusal {
        Refusal { code: "INVALID_INPUT", message: message.into(), field: Some(field.to_owned()) }
    }

    /// Nothing of that name.
    pub fn not_found(field: &str, message: impl Into<String>) -> Refusal {
        Refusal { code: "NOT_FOUND", message: message.into(), field: Some(field.to_owned()) }
    }
}

/// The actions, for the message that names them.
const ACTIONS: &str = "createAccount, issueKey, revokeKey, listKeys, setTier, addCredits, showAccount";

/// Longest text that is kept as a name or a note, in bytes.
const LONGEST_TEXT: usize = 200;

/// Reads a request.
///
/// # Errors
/// What is wrong with it, with the field where one is to blame.
pub fn read(payload: Value) -> Result<Order, Refusal> {
    let named = payload.get("action").and_then(Value::as_str).is_some();
    serde_json::from_value(payload).map_err(|cause| {
        if named {
            Refusal { code: "INVALID_INPUT", message: cause.to_string(), field: None }
        } else {
            Refusal::invalid("action", format!("name an action: {ACTIONS}"))
        }
    })
}

/// Reads an account's id.
///
/// # Errors
/// When it can't be one.
pub fn account(text: &str) -> Result<AccountId, Refusal> {
    AccountId::parse(text).ok_or_else(|| Refusal::invalid("account", "an account id looks like acct_..."))
}

/// Reads live or test.
///
/// # Errors
/// When it is neither.
pub fn mode(text: &str) -> Result<Mode, Refusal> {
    Mode::parse(text).ok_or_else(|| Refusal::invalid("mode", "the mode is live or test"))
}

/// Reads what a key may do.
///
/// # Errors
/// When it is nothing, or something unknown.
pub fn scopes(names: Option<Vec<String>>) -> Result<Scopes, Refusal> {
    let Some(names) = names else { return Ok(Scopes::ALL) };
    let known = Scopes::ALL.names();
    if names.is_empty() || names.iter().any(|name| !known.contains(&name.as_str())) {
        return Err(Refusal::invalid("scopes", "name READ, GENERATE or both"));
    }
    Ok(Scopes::of(names.iter().map(String::as_str)))
}

/// Checks a name or a note.
///
/// # Errors
/// When it is too long.
pub fn text(field: &str, text: String) -> Result<String, Refusal> {
    if text.len() > LONGEST_TEXT {
        return Err(Refusal::invalid(field, format!("at most {LONGEST_TEXT} bytes")));
    }
    Ok(text)
}

/// Reads a tier with its limits.
///
/// # Errors
/// When the tier is unknown, a tier other than ENTERPRISE is given limits, or a limit is zero.
pub fn tier(name: &str, limits: Option<LimitsText>) -> Result<(Tier, Limits), Refusal> {
    let tier = Tier::parse(name)
        .ok_or_else(|| Refusal::invalid("tier", "the tier is FREE, STARTER, PRO or ENTERPRISE"))?;
    let usual = Limits::of(tier);
    let Some(own) = limits else { return Ok((tier, usual)) };
    if tier != Tier::Enterprise {
        return Err(Refusal::invalid("limits", "only ENTERPRISE has limits of its own"));
    }
    let limits = Limits {
        per_minute: own.per_minute.unwrap_or(usual.per_minute),
        concurrent: own.concurrent.unwrap_or(usual.concurrent),
        per_day: own.per_day.or(usual.per_day),
    };
    if limits.per_minute == 0 || limits.concurrent == 0 || limits.per_day == Some(0) {
        return Err(Refusal::invalid("limits", "a limit is at least 1"));
    }
    Ok((tier, limits))
}
