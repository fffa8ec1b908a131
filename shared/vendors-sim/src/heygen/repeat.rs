//! The key under which a repeat is the same order: within a day it is answered like the first one, whatever its body says;
//! while the first one is not answered yet, it is refused. Of what was refused nothing is remembered here; the vendor does
//! not say whether it remembers that.

use super::wire::Refusal;
use crate::shelf::lock;
use http::HeaderMap;
use std::collections::HashSet;
use std::sync::Mutex;

/// The longest key.
const MOST_LETTERS: usize = 255;

/// The order's key, if it has one.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let good = |letter: char| letter.is_ascii_alphanumeric() || "_:.-".contains(letter);
    let key = value.to_str().ok();
    let key = key.filter(|key| (1..=MOST_LETTERS).contains(&key.len()) && key.chars().all(good));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| Refusal::invalid("Idempotency-Key", "is no key"))
}

/// The keys of orders that are not answered yet.
#[derive(Debug, Default)]
pub(super) struct Pending(Mutex<HashSet<String>>);

/// Keeps a key until its order is answered.
#[derive(Debug)]
pub(super) struct Held<'account> {
    pending: &'account Pending,
    key: String,
}

impl Pending {
    /// Keeps a key.
    ///
    /// # Errors
    ///
    /// An order with it is not answered yet.
    pub(super) fn hold(&self, key: &str) -> Result<Held<'_>, Refusal> {
        if lock(&self.0).insert(key.to_owned()) {
            Ok(Held { pending: self, key: key.to_owned() })
        } else {
            Err(Refusal::in_progress())
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        lock(&self.pending.0).remove(&self.key);
    }
}
