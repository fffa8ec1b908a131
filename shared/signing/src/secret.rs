//! The secret that an account and we share for webhooks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What every secret begins with, so that people and secret scanners recognise one.
const PREFIX: &str = "whsec_";

/// Fewer bytes than this can be guessed, more than the upper bound help nobody: the range of Standard Webhooks.
const ALLOWED_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A webhook secret: `whsec_` and the base64 of 24 to 64 random bytes. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Secret {
    bytes: Vec<u8>,
}

/// The text is not a webhook secret. It carries nothing of the text, which may be a secret of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSecret;

impl Secret {
    /// Reads a secret as [`Secret::reveal`] writes it: padded standard base64 after `whsec_`.
    ///
    /// # Errors
    /// [`InvalidSecret`] when the prefix is missing, the rest is not base64, or it holds too few or too many bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidSecret> {
        let encoded = text.strip_prefix(PREFIX).ok_or(InvalidSecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| InvalidSecret)?;
        if ALLOWED_BYTES.contains(&bytes.len()) { Ok(Self { bytes }) } else { Err(InvalidSecret) }
    }

    /// A new secret from 32 random bytes; where they come from is the caller's business.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self { bytes: bytes.to_vec() }
    }

    /// The secret in the clear, `whsec_...`: to be shown to its owner, or stored.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.bytes))
    }

    /// The key of the `webhook-signature` header.
    pub(crate) fn key(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a webhook secret: expected whsec_ and the base64 of 24 to 64 bytes")
    }
}

impl std::error::Error for InvalidSecret {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with_bytes(count: usize) -> String {
        format!("{PREFIX}{}", STANDARD.encode(vec![7; count]))
    }

    #[test]
    fn only_the_right_form_is_a_secret() {
        for good in [24, 25, 32, 63, 64] {
            assert!(Secret::parse(&with_bytes(good)).is_ok(), "{good} bytes");
        }
        let bad = [
            String::new(),
            PREFIX.to_owned(),
            with_bytes(0),
            with_bytes(23),
            with_bytes(65),
            with_bytes(32).replace(PREFIX, "WHSEC_"),
            with_bytes(32).replace(PREFIX, ""),
            with_bytes(32).replace('=', ""),
            format!(" {}", with_bytes(32)),
            format!("{}\n", with_bytes(32)),
            with_bytes(32).replace('B', "_"),
        ];
        for text in bad {
            assert_eq!(Secret::parse(&text).err(), Some(InvalidSecret), "{text:?}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::from_bytes([65; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
        assert_eq!(format!("{secret:#?}"), "Secret(hidden)");
    }

    proptest! {
        #[test]
        fn what_is_revealed_is_read_back(bytes: [u8; 32]) {
            let text = Secret::from_bytes(bytes).reveal();
            let again = Secret::parse(&text).unwrap();
            prop_assert_eq!(again.key(), bytes);
            prop_assert_eq!(again.reveal(), text);
        }

        #[test]
        fn any_text_is_refused_or_read_exactly(text in "(whsec_)?[A-Za-z0-9+/]{0,100}={0,3}") {
            if let Ok(secret) = Secret::parse(&text) {
                prop_assert_eq!(secret.reveal(), text);
            }
        }
    }
}
