//! A page of the caller's generations, newest first.
//!
//! The index holds keys alone, so each page is a query for places and a batch of reads. A filter is applied to what
//! was read; so that a rare match does not mean a long request, one request looks at [`MOST_LOOKED_AT`] generations
//! at most. It then answers what it has found, which may be nothing, and a cursor from which the next goes on.

use super::{authenticate::Caller, cursor, problem, read::is_the_callers};
use crate::error::ApiError;
use catalogue::Catalogue;
use jobs::{Job, JobId, Kind, Place, Status, Stretch, Time, ports::Jobs};
use std::collections::HashMap;

/// The name of the list in its cursors.
const LIST: &str = "generations";

/// Rows of a page that names no figure, and the most that one may have.
const USUAL_ROWS: u32 = 20;
const MOST_ROWS: u32 = 100;

/// Generations looked at by one request.
pub(crate) const MOST_LOOKED_AT: u32 = 500;

/// Generations read at once.
const MOST_AT_ONCE: u32 = 100;

/// What of a list is wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Rows.
    pub(crate) first: Option<i32>,
    /// The cursor to begin after.
    pub(crate) after: Option<String>,
}

/// Which generations are wanted; what is left out does not matter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) kind: Option<Kind>,
    pub(crate) status: Option<Status>,
    /// By id or alias.
    pub(crate) provider: Option<String>,
    pub(crate) reference: Option<String>,
    /// At or after this moment.
    pub(crate) since: Option<Time>,
    /// Before this moment.
    pub(crate) until: Option<Time>,
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

/// How many rows are asked for.
pub(super) fn rows(wanted: &Wanted) -> Result<usize, ApiError> {
    let first = wanted.first.map_or(Ok(USUAL_ROWS), u32::try_from).ok();
    let first = first.filter(|first| (1..=MOST_ROWS).contains(first));
    first.and_then(|first| usize::try_from(first).ok()).ok_or_else(|| {
        ApiError::invalid_input(vec![problem("first", format!("must be from 1 to {MOST_ROWS}"))])
    })
}

pub(super) async fn generations(
    jobs: &impl Jobs,
    caller: &Caller,
    wanted: &Wanted,
    filter: &Filter,
    now: Time,
) -> Result<Page<Job>, ApiError> {
    let first = rows(wanted)?;
    let account = &caller.account;
    let mut after = wanted.after.as_deref().map(|text| cursor::open(account, LIST, text)).transpose()?;
    let sieve = Sieve::of(filter);
    let has_previous = after.is_some();
    let seal = |place: &Place| cursor::seal(account, LIST, place);
    // One more than is asked for tells whether there is a next page.
    let one_more = u32::try_from(first).unwrap_or(MOST_ROWS).saturating_add(1);
    let most = if sieve.passes_all() { one_more.min(MOST_AT_ONCE) } else { MOST_AT_ONCE };
    let mut rows: Vec<(String, Job)> = Vec::new();
    let mut looked_at = 0;
    loop {
        let stretch = Stretch { after: after.clone(), since: filter.since, until: filter.until, most };
        let places = jobs.list(&account.id, &stretch).await?;
        let ids: Vec<JobId> = places.iter().filter_map(|place| JobId::parse(place.name())).collect();
        let found = jobs.peek_all(&ids).await?.into_iter().map(|job| (job.id.as_str().to_owned(), job));
        let mut found: HashMap<String, Job> = found.collect();
        for place in &places {
            let job = found
                .remove(place.name())
                .filter(|job| is_the_callers(job, caller, now) && sieve.passes(job));
            if let Some(job) = job {
                if rows.len() == first {
                    let end = rows.last().map(|(cursor, _)| cursor.clone());
                    return Ok(Page { rows, end, has_next: true, has_previous });
                }
                rows.push((seal(place), job));
            }
            after = Some(place.clone());
        }
        looked_at += most;
        let at_the_end = places.len() < usize::try_from(most).unwrap_or(usize::MAX);
        if at_the_end || looked_at >= MOST_LOOKED_AT {
            let last = rows.last().map(|(cursor, _)| cursor.clone());
            let end = if at_the_end { last } else { after.as_ref().map(seal) };
            return Ok(Page { rows, end, has_next: !at_the_end, has_previous });
        }
    }
}

/// What each generation is held against.
struct Sieve<'a> {
    filter: &'a Filter,
    provider: Option<&'a str>,
}

impl<'a> Sieve<'a> {
    fn of(filter: &'a Filter) -> Sieve<'a> {
        let provider = filter.provider.as_deref();
        // A provider that is not offered any more may still have made something.
        let provider = provider.map(|name| Catalogue::built_in().provider_id(name).unwrap_or(name));
        Sieve { filter, provider }
    }

    fn passes_all(&self) -> bool {
        let Filter { kind, status, provider, reference, .. } = self.filter;
        kind.is_none() && status.is_none() && provider.is_none() && reference.is_none()
    }

    fn passes(&self, job: &Job) -> bool {
        self.filter.kind.is_none_or(|kind| kind == job.order.kind)
            && self.filter.status.is_none_or(|status| status == job.status())
            && self.provider.is_none_or(|provider| provider == job.plan.provider)
            && self
                .filter
                .reference
                .as_ref()
                .is_none_or(|wanted| job.order.reference.as_ref() == Some(wanted))
    }
}
