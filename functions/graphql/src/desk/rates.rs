//! How much a caller has left, for the headers; and the reads, which are counted here alone.
//!
//! The figures for generations are what this process knows: the snapshot of the account and what it accepted since.
//! Other processes accept too, so it may be a little more than is really left; the accepting write decides.

use super::{authenticate::Caller, known::Known};
use crate::error::{ApiError, Reached, Scope};
use jobs::{Time, Windows};

/// One window of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// The figure of the tier.
    pub(crate) limit: u32,
    /// What is left of it.
    pub(crate) remaining: u32,
    /// Seconds until the window is over.
    pub(crate) reset: u64,
}

/// Everything that the headers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rates {
    /// Generations per minute.
    pub(crate) minute: Rate,
    /// Generations per day, unless they are unlimited.
    pub(crate) day: Option<Rate>,
    /// Reads per minute.
    pub(crate) reads: Rate,
}

impl Rates {
    /// The limit on generations of which the least is left.
    pub(crate) fn tightest(&self) -> Rate {
        self.day.filter(|day| day.remaining < self.minute.remaining).unwrap_or(self.minute)
    }
}

pub(super) fn rates(known: &Known, caller: &Caller, now: Time) -> Rates {
    let used = known.used(&caller.account, Windows::at(now));
    let limits = &caller.account.limits;
    let rate =
        |limit: u32, used: u32, reset: u64| Rate { limit, remaining: limit.saturating_sub(used), reset };
    let minute_left = Windows::seconds_to_next_minute(now);
    Rates {
        minute: rate(limits.per_minute, used.minute, minute_left),
        day: limits.per_day.map(|limit| rate(limit, used.day, Windows::seconds_to_next_day(now))),
        reads: rate(limits.reads_per_minute(), used.reads, minute_left),
    }
}

/// Counts a read in this process. A caller whose requests reach several processes may read somewhat more; that
/// costs less than a write for each read would.
pub(super) fn count_read(known: &Known, caller: &Caller, now: Time) -> Result<(), ApiError> {
    let reads = rates(known, caller, now).reads;
    if reads.remaining == 0 {
        let reached = Reached { scope: Scope::Reads, limit: reads.limit, retry_after: reads.reset };
        return Err(ApiError::rate_limit(reached));
    }
    known.count_read(&caller.account.id, Windows::at(now));
    Ok(())
}
