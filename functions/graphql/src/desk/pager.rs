//! Pages of any list that is ordered by places.

use super::{cursor, problem};
use crate::error::ApiError;
use jobs::{Account, Place};

/// Rows of a page that names no figure, and the most that one may have.
const USUAL_ROWS: u32 = 20;
const MOST_ROWS: u32 = 100;

/// What of a list is wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Rows.
    pub(crate) first: Option<i32>,
    /// The cursor to begin after.
    pub(crate) after: Option<String>,
}

/// A page.
pub(crate) struct Page<T> {
    /// The rows with their cursors.
    pub(crate) rows: Vec<(String, T)>,
    /// Where the next page begins; nothing where this one looked at nothing.
    pub(crate) end: Option<String>,
    /// Whether there may be more.
    pub(crate) has_next: bool,
    /// Whether something came before it.
    pub(crate) has_previous: bool,
}

/// A page in the making.
pub(super) struct Pager<'a, T> {
    account: &'a Account,
    list: &'static str,
    first: usize,
    /// Where it begins.
    pub(super) after: Option<Place>,
    /// The last place that was looked at.
    seen: Option<Place>,
    rows: Vec<(String, T)>,
}

impl<'a, T> Pager<'a, T> {
    /// A page of the account's list of this name; an error if what is wanted is no page of it.
    pub(super) fn new(
        account: &'a Account,
        list: &'static str,
        wanted: &Wanted,
    ) -> Result<Pager<'a, T>, ApiError> {
        let first = wanted.first.map_or(Ok(USUAL_ROWS), u32::try_from).ok();
        let first = first.filter(|first| (1..=MOST_ROWS).contains(first));
        let first = first.and_then(|first| usize::try_from(first).ok()).ok_or_else(|| {
            ApiError::invalid_input(vec![problem("first", format!("must be from 1 to {MOST_ROWS}"))])
        })?;
        let after = wanted.after.as_deref().map(|text| cursor::open(account, list, text)).transpose()?;
        Ok(Pager { account, list, first, seen: after.clone(), after, rows: Vec::new() })
    }

    /// One row more than is asked for: it tells whether there is a next page.
    pub(super) fn one_more(&self) -> u32 {
        u32::try_from(self.first).unwrap_or(MOST_ROWS).saturating_add(1)
    }

    /// Takes the next place, and the row if there is one. The page, once it is full and there is more.
    pub(super) fn take(&mut self, place: Place, row: Option<T>) -> Option<Page<T>> {
        if let Some(row) = row {
            if self.rows.len() == self.first {
                let end = self.rows.last().map(|(cursor, _)| cursor.clone());
                return Some(self.page(end, true));
            }
            self.rows.push((cursor::seal(self.account, self.list, &place), row));
        }
        self.seen = Some(place);
        None
    }

    /// The page of what was found. Unless it is the last, the next one goes on behind what was looked at.
    pub(super) fn finish(&mut self, at_the_end: bool) -> Page<T> {
        if at_the_end {
            let end = self.rows.last().map(|(cursor, _)| cursor.clone());
            return self.page(end, false);
        }
        let end = self.seen.as_ref().map(|place| cursor::seal(self.account, self.list, place));
        self.page(end, true)
    }

    fn page(&mut self, end: Option<String>, has_next: bool) -> Page<T> {
        Page { rows: std::mem::take(&mut self.rows), end, has_next, has_previous: self.after.is_some() }
    }
}
