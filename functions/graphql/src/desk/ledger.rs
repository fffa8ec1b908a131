//! What moved an account's credits, newest first.
//!
//! Top-ups have entries of their own. What generations cost is told from the generations themselves: an entry for
//! each would be one more write for each, and could only say the same. So a charge is listed as long as its generation
//! is kept, a top-up for ever.

use super::{
    authenticate::Caller,
    pager::{Page, Pager, Wanted},
    reader::Reader,
};
use crate::error::ApiError;
use jobs::{
    Credits, Job, JobId, Place, Stretch, Time,
    ports::{Accounts, Grant, Jobs},
};

/// The name of the list in its cursors.
const LIST: &str = "transactions";

/// Generations read at once: not too few, for some cost nothing, such as those of test keys.
const AT_ONCE: std::ops::RangeInclusive<u32> = 25..=100;

/// A movement of credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Transaction {
    /// The operator added some.
    TopUp(Grant),
    /// A generation was charged; until it has ended, its cost is set aside.
    Charge {
        /// The generation.
        job: JobId,
        /// How much.
        credits: Credits,
        /// Whether it has not ended yet.
        pending: bool,
        /// When it was accepted.
        at: Time,
    },
}

/// A page of what moved the credits.
pub(super) async fn transactions(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<Page<Transaction>, ApiError> {
    let account = &caller.account;
    let mut pager = Pager::new(account, LIST, wanted)?;
    let stretch = |most| Stretch { after: pager.after.clone(), most, ..Stretch::default() };
    let (top_ups, charges) =
        (stretch(pager.one_more()), stretch(pager.one_more().clamp(*AT_ONCE.start(), *AT_ONCE.end())));
    let mut top_ups = accounts.top_ups(&account.id, &top_ups).await?.into_iter().peekable();
    let mut reader = Reader::new(jobs, account, charges);
    loop {
        let next = reader.next().await?;
        // Whatever is newer than this generation comes before it. Where the generations break off, the older top-ups
        // wait for the next page, or there would be a gap between them.
        let at_the_end = reader.at_the_end();
        let comes_before =
            |place: &Place| next.as_ref().map_or(at_the_end, |(of_charge, _)| place > of_charge);
        while let Some(grant) = top_ups.next_if(|grant| comes_before(&grant.place())) {
            if let Some(page) = pager.take(grant.place(), Some(Transaction::TopUp(grant))) {
                return Ok(page);
            }
        }
        let Some((place, job)) = next else { return Ok(pager.finish(at_the_end)) };
        if let Some(page) = pager.take(place, job.as_ref().and_then(charge)) {
            return Ok(page);
        }
    }
}

/// What a generation means to the credits; nothing if they did not move, or moved back.
fn charge(job: &Job) -> Option<Transaction> {
    let pending = !job.has_ended();
    let credits = if pending { job.reserved() } else { job.charged };
    (credits > Credits::ZERO).then(|| Transaction::Charge {
        job: job.id.clone(),
        credits,
        pending,
        at: job.created,
    })
}
