//! Names of things, each parsed once at the door.

use crate::Mode;
use sha2::{Digest, Sha256};
use std::fmt;

/// Crockford's base 32 in lower case: no letter that reads like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters after the prefix: 128 bits in base 32.
const ID_LENGTH: usize = 26;

/// A generation: `gen_` and 26 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(String);

impl JobId {
    /// The id that account, mode, idempotency key and response path always lead to. The job is thereby its own
    /// idempotency record: no second table, no extra read. A rehearsal with a test key never stands in for the real
    /// thing, so live and test keys lead to different ids.
    pub fn derived(account: &AccountId, mode: Mode, key: &IdempotencyKey, path: &str) -> JobId {
        let mut hash = Sha256::new();
        for part in ["job", account.as_str(), mode.name(), key.as_str(), path] {
            // Lengths keep ("ab","c") apart from ("a","bc").
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(digest.split_at(16).0);
        JobId::from_random(bytes)
    }

    /// The id for an order without an idempotency key, from 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> JobId {
        JobId(format!("gen_{}", base32(bytes)))
    }

    /// Reads an id as callers send it; `None` when it can't be one.
    pub fn parse(text: &str) -> Option<JobId> {
        parse_prefixed("gen_", text).map(JobId)
    }

    /// The id as callers see it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which of `shards` parts of the due index this job belongs to.
    pub fn shard(&self, shards: u8) -> u8 {
        let sum = self.0.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        u8::try_from(sum % u32::from(shards.max(1))).unwrap_or(0)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A customer: `acct_` and 26 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// A new account's id, from 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> AccountId {
        AccountId(format!("acct_{}", base32(bytes)))
    }

    /// Reads an id; `None` when it can't be one.
    pub fn parse(text: &str) -> Option<AccountId> {
        parse_prefixed("acct_", text).map(AccountId)
    }

    /// The id as operators see it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The caller's own name for one creation: 1 to 255 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads the header's value, bare or in double quotes (the form of the IETF draft).
    pub fn parse(header: &str) -> Option<IdempotencyKey> {
        let header = header.trim();
        let bare = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(header);
        let fits = (1..=255).contains(&bare.len()) && bare.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
        fits.then(|| IdempotencyKey(bare.to_owned()))
    }

    /// The key without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// SHA-256 over an order in canonical form: equal orders have equal fingerprints, whatever way they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// From the digest of the canonical form.
    pub fn from_digest(digest: [u8; 32]) -> Fingerprint {
        Fingerprint(lower_hex(&digest))
    }

    /// As it was stored.
    pub fn from_stored(text: impl Into<String>) -> Fingerprint {
        Fingerprint(text.into())
    }

    /// Lower-case hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bytes as lower-case hex.
pub(crate) fn lower_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}

/// 16 bytes as 26 characters of the alphabet, highest bits first.
fn base32(bytes: [u8; 16]) -> String {
    let number = u128::from_be_bytes(bytes);
    (0..ID_LENGTH)
        .rev()
        .map(|place| {
            let digit = usize::try_from((number >> (place * 5)) & 31).unwrap_or(0);
            char::from(ALPHABET.get(digit).copied().unwrap_or(b'0'))
        })
        .collect()
}

fn parse_prefixed(prefix: &str, text: &str) -> Option<String> {
    let rest = text.strip_prefix(prefix)?;
    let fits = rest.len() == ID_LENGTH && rest.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_key_leads_to_the_same_job_and_others_do_not() {
        let (ann, bob) = (AccountId::from_random([1; 16]), AccountId::from_random([2; 16]));
        let key = |text: &str| IdempotencyKey::parse(text).unwrap();
        let id = JobId::derived(&ann, Mode::Live, &key("order-1"), "generate");
        assert_eq!(id, JobId::derived(&ann, Mode::Live, &key("\"order-1\""), "generate"));
        for other in [
            JobId::derived(&ann, Mode::Test, &key("order-1"), "generate"),
            JobId::derived(&bob, Mode::Live, &key("order-1"), "generate"),
            JobId::derived(&ann, Mode::Live, &key("order-2"), "generate"),
            JobId::derived(&ann, Mode::Live, &key("order-1"), "second"),
            JobId::derived(&ann, Mode::Live, &key("order-1g"), "enerate"),
        ] {
            assert_ne!(id, other);
        }
    }

    #[test]
    fn idempotency_keys_are_1_to_255_visible_ascii_characters() {
        let long = "k".repeat(255);
        for good in ["a", "unique-request-id-123", "\"quoted\"", " padded ", &long] {
            assert!(IdempotencyKey::parse(good).is_some(), "{good}");
        }
        let too_long = "k".repeat(256);
        for bad in ["", "\"\"", "two words", "naïve", "line\nbreak", &too_long] {
            assert!(IdempotencyKey::parse(bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_made_id_is_read_back(bytes: [u8; 16]) {
            let id = JobId::from_random(bytes);
            prop_assert_eq!(JobId::parse(id.as_str()), Some(id.clone()));
            prop_assert!(id.shard(8) < 8);
        }

        #[test]
        fn reading_any_text_never_panics(text: String) {
            let _ = (JobId::parse(&text), AccountId::parse(&text), IdempotencyKey::parse(&text));
        }
    }
}
