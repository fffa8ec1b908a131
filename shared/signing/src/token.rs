//! Tokens: the part of a link that nobody else can make, for links that have to work for a long time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::mac::hmac_sha256_of_parts;

/// A token for exactly these `parts` in this order: 43 letters that are safe in a URL.
///
/// Each part is signed together with its length, so `["ab", "c"]` and `["a", "bc"]` have different tokens.
/// Begin the parts with what the token is for (such as `"file"`), so that it opens nothing else.
pub fn token(key: &[u8], parts: &[&str]) -> String {
    let lengths: Vec<[u8; 8]> = parts.iter().map(|part| (part.len() as u64).to_be_bytes()).collect();
    let pieces: Vec<&[u8]> =
        lengths.iter().zip(parts).flat_map(|(length, part)| [length.as_slice(), part.as_bytes()]).collect();
    URL_SAFE_NO_PAD.encode(hmac_sha256_of_parts(key, &pieces))
}

/// Whether `candidate` is the token of these parts; takes the same time wherever it differs.
pub fn token_matches(key: &[u8], parts: &[&str], candidate: &str) -> bool {
    token(key, parts).as_bytes().ct_eq(candidate.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn has_a_stable_form() {
        // Computed with another implementation: links that were given out have to stay valid.
        assert_eq!(token(b"key", &["file", "gen_1", "0"]), "5UUWYsjBDYclZKyg1Q7GDUCnxhPVH4lJ_IDvofAmcyw");
    }

    #[test]
    fn joining_is_unambiguous() {
        let all = [
            vec![],
            vec![""],
            vec!["", ""],
            vec!["abc"],
            vec!["ab", "c"],
            vec!["a", "bc"],
            vec!["abc", ""],
            vec!["", "abc"],
        ];
        let tokens: std::collections::BTreeSet<String> =
            all.iter().map(|parts| token(b"key", parts)).collect();
        assert_eq!(tokens.len(), all.len());
    }

    proptest! {
        #[test]
        fn only_the_token_itself_matches(
            key: [u8; 32],
            parts in proptest::collection::vec(".{0,12}", 0..4),
            place in 0usize..43,
            other in "[A-Za-z0-9_-]",
        ) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let made = token(&key, &parts);
            prop_assert_eq!(made.len(), 43);
            prop_assert!(token_matches(&key, &parts, &made));
            let mut changed = made.clone();
            changed.replace_range(place..=place, &other);
            prop_assert_eq!(token_matches(&key, &parts, &changed), changed == made);
            prop_assert!(!token_matches(&key, &parts, &made[..place]));
            let mut other_key = key;
            other_key[0] ^= 1;
            prop_assert!(!token_matches(&other_key, &parts, &made));
        }
    }
}
