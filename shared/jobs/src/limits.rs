//! How much an account may do: per minute, per day, at once.

use crate::{Tier, Time};

/// The figures of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Generations per minute.
    pub per_minute: u32,
    /// Generations that run at the same time; ten times as many may wait.
    pub concurrent: u32,
    /// Generations per day (UTC); none means without limit.
    pub per_day: Option<u32>,
}

/// How many times [`Limits::concurrent`] may wait for their turn.
const WAITING_PER_CONCURRENT: u32 = 10;

/// How many reads go with one generation per minute.
const READS_PER_GENERATION: u32 = 10;

impl Limits {
    /// What a tier gives. ENTERPRISE starts here and gets its own figures from the operator.
    pub fn of(tier: Tier) -> Limits {
        match tier {
            Tier::Free => Limits { per_minute: 10, concurrent: 1, per_day: Some(100) },
            Tier::Starter => Limits { per_minute: 30, concurrent: 3, per_day: Some(1_000) },
            Tier::Pro => Limits { per_minute: 60, concurrent: 10, per_day: Some(10_000) },
            Tier::Enterprise => Limits { per_minute: 600, concurrent: 100, per_day: None },
        }
    }

    /// How many generations may wait for a free place.
    pub fn most_waiting(&self) -> u32 {
        self.concurrent.saturating_mul(WAITING_PER_CONCURRENT)
    }

    /// Reads per minute, so that a client may poll every two seconds even on FREE.
    pub fn reads_per_minute(&self) -> u32 {
        self.per_minute.saturating_mul(READS_PER_GENERATION)
    }
}

/// The fixed windows in which a moment lies. Each window has a number of its own, so a counter is named after its
/// window and starts at nothing without anybody resetting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// Minutes since the epoch.
    pub minute: i64,
    /// Days since the epoch.
    pub day: i64,
}

impl Windows {
    /// The windows of a moment.
    pub fn at(now: Time) -> Windows {
        Windows { minute: now.seconds().div_euclid(60), day: now.seconds().div_euclid(86_400) }
    }

    /// Seconds until the minute is over, 1 to 60.
    pub fn seconds_to_next_minute(now: Time) -> u64 {
        60 - now.seconds().rem_euclid(60).unsigned_abs()
    }

    /// Seconds until the day is over, 1 to 86,400.
    pub fn seconds_to_next_day(now: Time) -> u64 {
        86_400 - now.seconds().rem_euclid(86_400).unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_turn_on_the_minute_and_at_midnight() {
        let at = |seconds: i64| Time::from_millis(seconds * 1000);
        assert_eq!(Windows::at(at(59)).minute, 0);
        assert_eq!(Windows::at(at(60)).minute, 1);
        assert_eq!(Windows::at(at(86_400)).day, 1);
        assert_eq!(Windows::seconds_to_next_minute(at(59)), 1);
        assert_eq!(Windows::seconds_to_next_minute(at(60)), 60);
        assert_eq!(Windows::seconds_to_next_day(at(86_399)), 1);
    }

    #[test]
    fn tiers_are_as_published() {
        let figures = |tier| {
            let limits = Limits::of(tier);
            (
                limits.per_minute,
                limits.concurrent,
                limits.per_day,
                limits.most_waiting(),
                limits.reads_per_minute(),
            )
        };
        assert_eq!(figures(Tier::Free), (10, 1, Some(100), 10, 100));
        assert_eq!(figures(Tier::Starter), (30, 3, Some(1_000), 30, 300));
        assert_eq!(figures(Tier::Pro), (60, 10, Some(10_000), 100, 600));
        assert_eq!(figures(Tier::Enterprise).2, None);
    }
}
