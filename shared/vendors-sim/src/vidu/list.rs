//! The list of tasks: which ones, and which page of them.

use super::order::Order;
use super::wire::{self, Refusal};
use crate::tasks::Task;
use std::collections::HashMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Tasks on a page, if the call does not tell, and at most.
const PAGE: usize = 10;
const MOST_ON_A_PAGE: usize = 100;

/// What a call asks for.
#[derive(Debug)]
pub(super) struct Wish {
    ids: Vec<String>,
    states: Vec<String>,
    /// Milliseconds since 1970.
    from: u64,
    to: u64,
    pub(super) skip: usize,
    pub(super) take: usize,
}

impl Wish {
    /// Reads the words behind the question mark. A list is separated by commas.
    pub(super) fn read(query: &HashMap<String, String>, now: u64) -> Result<Self, Refusal> {
        /// How far a list goes back, if the call does not tell.
        const WEEK: u64 = 7 * 24 * 3600 * 1000;
        let words = |name: &str| -> Vec<String> {
            let text = query.get(name).map(String::as_str).unwrap_or_default();
            text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let number = |name: &str, usual: usize| {
            let text = query.get(name);
            text.map_or(Ok(usual), |text| text.parse().map_err(|_| Refusal::invalid(name, "no number")))
        };
        let take = number("pager.pagesz", PAGE)?;
        if !(1..=MOST_ON_A_PAGE).contains(&take) {
            return Err(Refusal::shape("the page size is out of range"));
        }
        Ok(Self {
            ids: words("task_ids"),
            states: words("states"),
            from: moment(query, "created_at.from")?.unwrap_or(now.saturating_sub(WEEK)),
            to: moment(query, "created_at.to")?.unwrap_or(now),
            skip: number("pager.page", 0)?.saturating_mul(take),
            take,
        })
    }

    pub(super) fn fits(&self, task: &Task<Order>, now: u64) -> bool {
        let one_of = |words: &[String], word: &str| words.is_empty() || words.iter().any(|one| one == word);
        one_of(&self.ids, &task.id)
            && one_of(&self.states, wire::state(task, now).0)
            && (self.from..=self.to).contains(&task.span.ordered)
    }
}

fn moment(query: &HashMap<String, String>, name: &str) -> Result<Option<u64>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok();
    let moment = moment.and_then(|moment| u64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok());
    moment.map(Some).ok_or_else(|| Refusal::invalid(name, "no moment"))
}
