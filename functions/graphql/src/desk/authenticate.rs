//! Who is calling.

use super::known::Known;
use crate::error::ApiError;
use jobs::{Account, ApiKey, Mode, Time, keys::Scopes, ports::Accounts};
use juniper::OperationType;
use std::sync::Arc;

/// A caller with a good key.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The account as it was read within the last minute.
    pub(crate) account: Arc<Account>,
    /// What kind of key it was.
    pub(crate) mode: Mode,
    /// What it may do.
    pub(crate) scopes: Scopes,
}

impl Caller {
    /// Refuses what the key was not issued for.
    pub(crate) fn may(&self, operation: OperationType) -> Result<(), ApiError> {
        match operation {
            OperationType::Query if !self.scopes.read => {
                Err(ApiError::key_may_not("this key may not read: queries need a key with the scope READ"))
            }
            OperationType::Mutation if !self.scopes.generate => Err(ApiError::key_may_not(
                "this key may only read: mutations need a key with the scope GENERATE",
            )),
            _ => Ok(()),
        }
    }
}

/// Finds the caller by the `Authorization` header. Keys are looked up by their hash, so how long it takes tells
/// nothing about a stored key; and whatever is wrong with one, the answer is the same.
pub(super) async fn authenticate(
    accounts: &impl Accounts,
    known: &Known,
    header: Option<&str>,
    now: Time,
) -> Result<Caller, ApiError> {
    let key = header.and_then(bearer).and_then(ApiKey::parse).ok_or_else(ApiError::unauthenticated)?;
    let hash = key.hash();
    let record = match known.key(&hash, now) {
        Some(record) => record,
        None => {
            let record = accounts.key(&hash).await?.ok_or_else(ApiError::unauthenticated)?;
            known.learn_key(record.clone(), now);
            record
        }
    };
    if !record.is_good(now) || record.mode != key.mode() {
        return Err(ApiError::unauthenticated());
    }
    let account = match known.account(&record.account, now) {
        Some(account) => account,
        None => {
            let account = accounts.account(&record.account).await?.ok_or_else(ApiError::unauthenticated)?;
            known.learn_account(account, now)
        }
    };
    Ok(Caller { account, mode: record.mode, scopes: record.scopes })
}

/// The token of a `Bearer` header; the scheme's name is written in any case.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_bearer_header_is_found() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer   abc ", Some("abc")),
            ("Basic abc", None),
            ("Bearer", None),
            ("", None),
            ("BearerX abc", None),
        ] {
            assert_eq!(bearer(header), token, "{header}");
        }
    }
}
