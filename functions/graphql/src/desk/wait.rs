//! Holding a request until its generation has ended, for callers who would rather wait than ask again.

use jobs::{Job, ports::Jobs, scrub::chain};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The longest that a caller may have a request held.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// The first pause between two looks, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The generation as it is once it has ended, or at `until`: whichever comes first. Only our own table is asked.
pub(super) async fn wait(jobs: &impl Jobs, mut job: Job, until: Instant) -> Job {
    let mut pause = FIRST_PAUSE;
    while !job.has_ended() && Instant::now() < until {
        sleep_until((Instant::now() + pause).min(until)).await;
        pause = pause.mul_f64(1.2).min(LONGEST_PAUSE);
        match jobs.peek(&job.id).await {
            Ok(Some(now)) if now.version >= job.version => job = now,
            // A read that lags behind, or a record that is gone.
            Ok(_) => {}
            // The order stands; what is known of it is a good answer.
            Err(trouble) => {
                tracing::warn!(job.id = %job.id, error = chain(&trouble), "could not look while waiting");
                break;
            }
        }
    }
    job
}
