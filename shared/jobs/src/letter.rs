//! Letters: the queue messages of jobs, and the news that goes to a caller's webhook.

use crate::{Job, JobId, Time, account::Hidden};
use std::{fmt, time::Duration};

/// A message about one job. It carries the version of the job that it was written for: where that is no longer the
/// job's version, the letter is out of date and is put aside. So each job has one live chain of letters, however
/// often the queue repeats, delays or reorders them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The job.
    pub job: JobId,
    /// The version that the sender saw or wrote.
    pub version: u64,
    /// What the vendor said by itself. Such a letter stands beside the chain: it hastens a question and begins nothing.
    pub callback: Option<Called>,
}

impl Letter {
    /// The next letter of a job's chain.
    pub fn about(job: &Job) -> Letter {
        Letter { job: job.id.clone(), version: job.version, callback: None }
    }
}

/// A callback, and where it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The end of the address, which only we can make; it was found good.
    pub token: Hidden,
    /// What came.
    pub callback: Callback,
}

/// What a vendor sent to the address that it was given with a job, to be checked as that vendor signs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Callback({} bytes)", self.body.len())
    }
}

/// What became of the news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Webhook {
    /// Nobody asked for news, or the job has not ended.
    Quiet,
    /// To be delivered: so many tries were made, the next is due then.
    Due {
        /// Tries made so far.
        tries: u32,
        /// When the next is due.
        next: Time,
    },
    /// The receiver said 2xx.
    Delivered {
        /// When.
        at: Time,
        /// Tries it took.
        tries: u32,
    },
    /// We gave up; it can be delivered again by hand.
    Failed {
        /// When.
        at: Time,
        /// Tries made.
        tries: u32,
    },
}

/// Waiting times before the second, third, ... try. Three days of trying in all.
const RETRY_AFTER: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(14 * 3600),
    Duration::from_secs(20 * 3600),
    Duration::from_secs(24 * 3600),
];

/// How a try went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryOutcome {
    /// 2xx.
    Accepted,
    /// Anything else; the receiver may have said how long to wait.
    Refused {
        /// Its `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// 410, or an address that is not allowed: no further try.
    Gone,
}

/// What becomes of the news after one more try. `jitter` is a random share from 0 to 1, which spreads the waiting
/// time over 80 % to 120 %.
pub fn after_try(tries_before: u32, outcome: TryOutcome, now: Time, jitter: f64) -> Webhook {
    let tries = tries_before + 1;
    match outcome {
        TryOutcome::Accepted => Webhook::Delivered { at: now, tries },
        TryOutcome::Gone => Webhook::Failed { at: now, tries },
        TryOutcome::Refused { retry_after } => match RETRY_AFTER.get(tries_before as usize) {
            None => Webhook::Failed { at: now, tries },
            Some(pause) => {
                let pause = pause.mul_f64(0.8 + 0.4 * jitter.clamp(0.0, 1.0));
                // A receiver may ask for more patience than we planned, up to a day.
                let asked = retry_after.unwrap_or_default().min(Duration::from_secs(86_400));
                Webhook::Due { tries, next: now.plus(pause.max(asked)) }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ten_tries_spread_over_three_days_then_it_has_failed() {
        let mut now = Time::from_millis(0);
        let mut tries = 0;
        loop {
            match after_try(tries, TryOutcome::Refused { retry_after: None }, now, 0.5) {
                Webhook::Due { tries: made, next } => (tries, now) = (made, next),
                Webhook::Failed { tries: made, .. } => break assert_eq!(made, 10),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(now.seconds(), 5 + 300 + 1800 + 3600 * (2 + 5 + 10 + 14 + 20 + 24));
    }

    proptest! {
        #[test]
        fn the_next_try_is_never_early_nor_more_than_a_day_or_so_late(
            tries in 0u32..9, jitter in 0.0f64..=1.0, asked in proptest::option::of(0u64..1_000_000),
        ) {
            let now = Time::from_millis(1_000);
            let outcome = TryOutcome::Refused { retry_after: asked.map(Duration::from_secs) };
            let Webhook::Due { next, .. } = after_try(tries, outcome, now, jitter) else { panic!("not due") };
            let wait = next.since(now);
            prop_assert!(wait >= RETRY_AFTER[tries as usize].mul_f64(0.799));
            prop_assert!(wait <= Duration::from_secs(86_400).mul_f64(1.21));
        }
    }
}
