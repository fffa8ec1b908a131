//! Numbers that nobody guesses, without a way to fail.

use std::hash::{BuildHasher, Hasher, RandomState};

/// 64 bits; each call has keys of its own, which the standard library takes from the system.
pub(crate) fn number() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// So many hexadecimal digits.
pub(crate) fn hexadecimal(digits: usize) -> String {
    let mut text = String::with_capacity(digits + 16);
    while text.len() < digits {
        text.push_str(&format!("{:016x}", number()));
    }
    text.truncate(digits);
    text
}

/// The form of a version 4 UUID.
pub(crate) fn uuid() -> String {
    let (high, low) = (number(), number());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// So many letters and digits, as ElevenLabs writes its ids.
pub(crate) fn letters(count: usize) -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    (0..count)
        .filter_map(|_| LETTERS.get((number() % 62) as usize))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_have_their_form_and_differ() {
        let ids: HashSet<String> = (0..1000).map(|_| uuid()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'4'));
        assert_eq!(hexadecimal(33).len(), 33);
        assert_eq!(letters(20).len(), 20);
    }
}
