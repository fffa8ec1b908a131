//! The safety net: once a minute, whatever is due and has no letter on its way goes back on its queue.
//!
//! A job carries a due time until it is wholly done, and every change moves it. So whatever a crash, a full queue or a
//! lost message broke off is found here, by one rule for all of them, at most a minute after its time.

use futures_util::future::join_all;
use jobs::{
    Event, JobId, State, Time, advance,
    aftermath::{send_letter, wake_held},
    next_step,
    ports::{Accounts, DUE_SHARDS, Jobs, Queues, Saved, Trouble},
};
use serde::Serialize;
use std::time::Duration;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Jobs that were due.
    pub due: usize,
    /// Letters written anew.
    pub nudged: usize,
}

/// Jobs taken up per shard in one go; the next sweep goes on where this one stopped, for those are still due.
const MOST_PER_SHARD: u32 = 250;

/// Jobs worked at the same time.
const AT_ONCE: usize = 16;

/// One sweep over everything that is due.
///
/// # Errors
/// The last trouble met. Trouble with one job, or with one shard, keeps nobody from looking after the others; what was
/// not done is still due at the next sweep.
pub async fn sweep(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    queues: &impl Queues,
    now: Time,
) -> Result<Swept, Trouble> {
    let mut swept = Swept::default();
    let mut met = None;
    for shard in 0..DUE_SHARDS {
        let due = match jobs.due(shard, now, MOST_PER_SHARD).await {
            Ok(due) => due,
            Err(trouble) => {
                tracing::error!(shard, error = %trouble, cause = trouble.why(), "could not sweep a shard");
                met = Some(trouble);
                continue;
            }
        };
        swept.due += due.len();
        for some in due.chunks(AT_ONCE) {
            let outcomes = join_all(some.iter().map(|id| nudge(jobs, accounts, queues, id, now))).await;
            for (id, outcome) in some.iter().zip(outcomes) {
                match outcome {
                    Ok(nudged) => swept.nudged += usize::from(nudged),
                    Err(trouble) => {
                        tracing::error!(job.id = %id, error = %trouble, cause = trouble.why(), "could not look after a job");
                        met = Some(trouble);
                    }
                }
            }
        }
    }
    met.map_or(Ok(swept), Err)
}

async fn nudge(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    queues: &impl Queues,
    id: &JobId,
    now: Time,
) -> Result<bool, Trouble> {
    let Some(job) = jobs.load(id).await? else { return Ok(false) };
    // The index lags behind the table: whoever changed the job since has moved its due time, too.
    if job.due.is_none_or(|due| due > now) {
        return Ok(false);
    }
    let Ok(change) = advance(&job, Event::Nudged, now) else { return Ok(false) };
    if jobs.save(&change, u32::MAX).await? != Saved::Done {
        return Ok(false);
    }
    let job = change.job;
    tracing::warn!(
        job.id = %job.id, status = job.status().name(), step = ?next_step(&job, now), "a job was due and nobody came"
    );
    if matches!(job.state, State::Held) && next_step(&job, now) == jobs::Step::Wake {
        wake_held(jobs, accounts, queues, &job.account, now).await?;
    } else {
        send_letter(queues, &job, Duration::ZERO).await?;
    }
    Ok(true)
}
