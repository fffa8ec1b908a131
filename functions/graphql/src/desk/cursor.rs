//! Cursors of lists: a place, sealed with the account's own key. Nobody can make one up, and one of another account or
//! of another list opens nothing.

use super::problem;
use crate::error::ApiError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jobs::{Account, Place};

/// Letters of a cursor at most; whatever is longer is not even decoded.
const MOST_LETTERS: usize = 1_000;

/// The cursor of a place in the account's list of this name.
pub(super) fn seal(account: &Account, list: &str, place: &Place) -> String {
    let token = signing::token(key(account), &["cursor", list, place.as_str()]);
    format!("{}.{token}", URL_SAFE_NO_PAD.encode(place.as_str()))
}

/// The place of a cursor that a caller gave as `after`.
pub(super) fn open(account: &Account, list: &str, cursor: &str) -> Result<Place, ApiError> {
    let opened = || {
        let (place, token) = cursor.split_once('.').filter(|_| cursor.len() <= MOST_LETTERS)?;
        let place = String::from_utf8(URL_SAFE_NO_PAD.decode(place).ok()?).ok()?;
        let is_ours = signing::token_matches(key(account), &["cursor", list, &place], token);
        Place::parse(&place).filter(|_| is_ours)
    };
    opened().ok_or_else(|| {
        ApiError::invalid_input(vec![problem("after", "must be a cursor that this list has answered")])
    })
}

fn key(account: &Account) -> &[u8] {
    account.link_key.reveal().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs::account::Hidden;
    use proptest::prelude::*;
    use testkit::builders::{account, at};

    #[test]
    fn a_cursor_opens_its_own_list_of_its_own_account_alone() {
        let ann = account(1, 0);
        let bob = Account { link_key: Hidden::new("another key"), ..account(2, 0) };
        let place = Place::of(at(5), "gen_1");
        let cursor = seal(&ann, "generations", &place);
        assert_eq!(open(&ann, "generations", &cursor).unwrap(), place);
        assert!(open(&bob, "generations", &cursor).is_err());
        assert!(open(&ann, "transactions", &cursor).is_err());
    }

    proptest! {
        #[test]
        fn a_changed_cursor_opens_nothing(at_letter in 0usize..60, letter in "[A-Za-z0-9_.-]", text: String) {
            let ann = account(1, 0);
            let cursor = seal(&ann, "generations", &Place::of(at(5), "gen_1"));
            let mut changed = cursor.clone();
            changed.replace_range(at_letter..=at_letter, &letter);
            if changed != cursor {
                prop_assert!(open(&ann, "generations", &changed).is_err());
            }
            prop_assert!(open(&ann, "generations", &text).is_err());
        }
    }
}
