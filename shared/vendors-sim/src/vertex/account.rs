//! The project: who it belongs to, which tokens it gave out, what lies in its buckets.

use super::wire::Refusal;
use crate::random;
use crate::shelf::lock;
use http::{HeaderMap, header};
use std::collections::HashMap;
use std::sync::Mutex;

/// The project.
pub(super) const PROJECT: &str = "sim-project";

/// Seconds that a token lives.
pub(super) const TOKEN_SECONDS: u64 = 3599;

/// What is remembered of tokens and files, at most.
const MOST: usize = 50_000;

/// What the account has besides operations.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// When each token dies, in milliseconds since 1970.
    tokens: Mutex<HashMap<String, u64>>,
    /// The operations that made the files, by their places.
    files: Mutex<HashMap<String, String>>,
}

impl Account {
    /// A token from now on.
    pub(super) fn new_token(&self, now: u64) -> String {
        let token = format!("ya29.{}", random::letters(80));
        let mut tokens = lock(&self.tokens);
        if tokens.len() >= MOST {
            tokens.retain(|_, dies| *dies > now);
        }
        tokens.insert(token.clone(), now + TOKEN_SECONDS * 1000);
        token
    }

    /// Lets through whoever has a token that lives, to the one project.
    pub(super) fn admitted(&self, headers: &HeaderMap, project: &str, now: u64) -> Result<(), Refusal> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Err(Refusal::no_token()) };
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        let lives =
            token.and_then(|token| lock(&self.tokens).get(token).copied()).is_some_and(|dies| dies > now);
        match (lives, project) {
            (false, _) => Err(Refusal::bad_token()),
            (true, PROJECT) => Ok(()),
            (true, other) => Err(Refusal::other_project(other)),
        }
    }

    /// Remembers which operation makes a file.
    pub(super) fn lay_down(&self, files: impl Iterator<Item = (String, String)>) {
        let mut known = lock(&self.files);
        if known.len() >= MOST {
            known.clear();
        }
        known.extend(files);
    }

    /// The operation that makes the file at this place.
    pub(super) fn laid_down(&self, place: &str) -> Option<String> {
        lock(&self.files).get(place).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_the_one_project_while_it_lives() {
        let account = Account::default();
        let token = account.new_token(1000);
        let try_with = |value: &str, project: &str, now| {
            let headers = [(header::AUTHORIZATION, value.parse().unwrap())].into_iter().collect();
            account.admitted(&headers, project, now).is_ok()
        };
        let bearer = format!("Bearer {token}");
        assert!(try_with(&bearer, PROJECT, 1000) && try_with(&bearer, PROJECT, 3_599_999));
        assert!(!try_with(&bearer, PROJECT, 3_600_000), "it is dead");
        assert!(!try_with(&bearer, "other", 1000));
        assert!(!try_with(&token, PROJECT, 1000) && !try_with("Bearer ya29.x", PROJECT, 1000));
        assert!(account.admitted(&HeaderMap::new(), PROJECT, 1000).is_err());
    }
}
