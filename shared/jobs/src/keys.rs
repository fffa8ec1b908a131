//! API keys: what they look like, and what we keep of them (a hash, never the key).

use crate::{AccountId, Time, ids::lower_hex};
use sha2::{Digest, Sha256};
use std::fmt;

/// Whether a key spends credits at real vendors or rehearses with the built-in simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `dt_live_...`: real vendors, real credits.
    Live,
    /// `dt_test_...`: the simulator, no credits.
    Test,
}

impl Mode {
    /// The name in stored items and in the operator's requests.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Live => "live",
            Mode::Test => "test",
        }
    }

    /// Reads [`Mode::name`].
    pub fn parse(name: &str) -> Option<Mode> {
        [Mode::Live, Mode::Test].into_iter().find(|mode| mode.name() == name)
    }
}

/// A well-formed API key, as the caller sent it. Debug shows nothing of the secret part.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    mode: Mode,
    text: String,
}

/// Characters of the random part: 32 of 62 kinds, about 190 bits.
const SECRET_LENGTH: usize = 32;

impl ApiKey {
    /// A new key from random bytes.
    pub fn from_random(mode: Mode, bytes: [u8; SECRET_LENGTH]) -> ApiKey {
        const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        // 256 % 62 != 0 prefers eight letters by a hair: 190.2 instead of 190.5 bits.
        let secret: String = bytes
            .iter()
            .map(|byte| char::from(LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().unwrap_or(b'0')))
            .collect();
        ApiKey { mode, text: format!("{}{secret}", prefix(mode)) }
    }

    /// Reads a key as it stands after `Bearer `; `None` when it can't be one of ours.
    pub fn parse(text: &str) -> Option<ApiKey> {
        [Mode::Live, Mode::Test].into_iter().find_map(|mode| {
            let secret = text.strip_prefix(prefix(mode))?;
            let fits =
                secret.len() == SECRET_LENGTH && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
            fits.then(|| ApiKey { mode, text: text.to_owned() })
        })
    }

    /// Live or test.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What is stored and looked up instead of the key. A random 190-bit secret needs no salt nor slow hash.
    pub fn hash(&self) -> KeyHash {
        KeyHash(lower_hex(&Sha256::digest(self.text.as_bytes())))
    }

    /// The first characters, to tell keys apart in a list: `dt_live_ab12`.
    pub fn hint(&self) -> String {
        self.text.chars().take(12).collect()
    }

    /// The whole key, to be shown once to whoever asked for it.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ApiKey({}…)", self.hint())
    }
}

/// SHA-256 of an API key, lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyHash(String);

impl KeyHash {
    /// As it was stored.
    pub fn from_stored(text: impl Into<String>) -> KeyHash {
        KeyHash(text.into())
    }

    /// Lower-case hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What we know of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyRecord {
    /// The hash under which it is found.
    pub hash: KeyHash,
    /// Whose it is.
    pub account: AccountId,
    /// Live or test.
    pub mode: Mode,
    /// First characters of the key, for lists.
    pub hint: String,
    /// The operator's own name for it.
    pub name: String,
    /// When it was issued.
    pub created: Time,
    /// From when on it is refused, if it ends.
    pub expires: Option<Time>,
    /// When it was revoked, if it was.
    pub revoked: Option<Time>,
    /// What it may do.
    pub scopes: Scopes,
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes {
    /// Ask.
    pub read: bool,
    /// Make, stop and remove.
    pub generate: bool,
}

impl Scopes {
    /// Everything.
    pub const ALL: Scopes = Scopes { read: true, generate: true };

    /// The scopes of these names; other names mean nothing.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Scopes {
        names.into_iter().fold(Scopes { read: false, generate: false }, |scopes, name| match name {
            "READ" => Scopes { read: true, ..scopes },
            "GENERATE" => Scopes { generate: true, ..scopes },
            _ => scopes,
        })
    }

    /// The names, in stored items and for the operator.
    pub fn names(self) -> Vec<&'static str> {
        [("READ", self.read), ("GENERATE", self.generate)]
            .into_iter()
            .filter_map(|(name, has)| has.then_some(name))
            .collect()
    }
}

impl KeyRecord {
    /// Whether the key opens the door at `now`.
    pub fn is_good(&self, now: Time) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|end| now < end)
    }
}

fn prefix(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "dt_live_",
        Mode::Test => "dt_test_",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_is_read_back_and_never_printed() {
        for mode in [Mode::Live, Mode::Test] {
            let key = ApiKey::from_random(mode, std::array::from_fn(|index| (index * 9) as u8));
            let read = ApiKey::parse(key.reveal()).unwrap();
            assert_eq!((read.mode(), read.hash()), (mode, key.hash()));
            assert!(!format!("{key:?}").contains(&key.reveal()[14..]));
        }
    }

    #[test]
    fn other_texts_are_no_keys() {
        let secret = "a".repeat(32);
        for text in
            ["", "dt_live_", "dt_live_short", &format!("dt_prod_{secret}"), &format!("dt_live_{secret}x")]
        {
            assert!(ApiKey::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_revoked_or_expired_key_is_not_good() {
        let key = ApiKey::from_random(Mode::Live, [7; 32]);
        let at = Time::from_millis;
        let record = KeyRecord {
            hash: key.hash(),
            account: AccountId::from_random([1; 16]),
            mode: Mode::Live,
            hint: key.hint(),
            name: String::new(),
            created: at(0),
            expires: Some(at(100)),
            revoked: None,
            scopes: Scopes::ALL,
        };
        assert!(record.is_good(at(99)));
        assert!(!record.is_good(at(100)));
        assert!(!KeyRecord { revoked: Some(at(5)), ..record }.is_good(at(6)));
    }

    #[test]
    fn scopes_are_read_back_by_name() {
        for read in [false, true] {
            for generate in [false, true] {
                let scopes = Scopes { read, generate };
                assert_eq!(Scopes::of(scopes.names()), scopes);
            }
        }
        assert_eq!(Scopes::of(["READ", "ADMIN", ""]), Scopes { read: true, generate: false });
    }
}
