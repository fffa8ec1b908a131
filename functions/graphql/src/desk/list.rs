//! A page of the caller's generations, newest first. A filter is applied to what was read.

use super::{
    authenticate::Caller,
    pager::{Page, Pager, Wanted},
    read::is_the_callers,
    reader::Reader,
};
use crate::error::ApiError;
use catalogue::Catalogue;
use jobs::{Job, Kind, Status, Stretch, Time, ports::Jobs};

/// The name of the list in its cursors.
const LIST: &str = "generations";

/// Generations read at once.
const MOST_AT_ONCE: u32 = 100;

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

pub(super) async fn generations(
    jobs: &impl Jobs,
    catalogue: &Catalogue,
    caller: &Caller,
    wanted: &Wanted,
    filter: &Filter,
    now: Time,
) -> Result<Page<Job>, ApiError> {
    let account = &caller.account;
    let sieve = Sieve::of(catalogue, filter);
    let mut pager = Pager::new(account, LIST, wanted)?;
    let most = if sieve.passes_all() { pager.one_more().min(MOST_AT_ONCE) } else { MOST_AT_ONCE };
    let stretch = Stretch { after: pager.after.clone(), since: filter.since, until: filter.until, most };
    let mut reader = Reader::new(jobs, account, stretch);
    while let Some((place, job)) = reader.next().await? {
        let job = job.filter(|job| is_the_callers(job, caller, now) && sieve.passes(job));
        if let Some(page) = pager.take(place, job) {
            return Ok(page);
        }
    }
    Ok(pager.finish(reader.at_the_end()))
}

/// What each generation is held against.
struct Sieve<'a> {
    filter: &'a Filter,
    provider: Option<&'a str>,
}

impl<'a> Sieve<'a> {
    fn of(catalogue: &'a Catalogue, filter: &'a Filter) -> Sieve<'a> {
        let provider = filter.provider.as_deref();
        // A provider that is not offered any more may still have made something.
        let provider = provider.map(|name| catalogue.provider_id(name).unwrap_or(name));
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
