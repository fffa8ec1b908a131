//! What news of a job says about its vendor.

use super::{Outcome, Sample};
use crate::{Event, Job, State, Time};

/// What an event that is about to be recorded says, with the duration that it tells, if any.
pub fn heard(job: &Job, event: &Event, now: Time) -> Vec<(Outcome, Option<Sample>)> {
    let made =
        |since: Time| (Outcome::Made, Some(Sample::of(&job.id, job.order.kind, &job.plan, now.since(since))));
    match (&job.state, event) {
        (State::Submitting { .. }, Event::Accepted { .. }) => vec![(Outcome::Took, None)],
        (State::Submitting { .. }, Event::Refused(fault)) => vec![(Outcome::of_refusal(fault), None)],
        (State::Submitting { lost: None, .. }, Event::SubmitLost) => {
            vec![(Outcome::Refused { patience: None, operator: false }, None)]
        }
        (State::Submitting { since, lost: None }, Event::Stored(_)) => {
            vec![(Outcome::Took, None), made(*since)]
        }
        (State::Running { since, .. }, Event::Stored(_)) => vec![made(*since)],
        (State::Running { .. }, Event::Failed(fault)) => {
            Outcome::of_failure(fault).map(|outcome| (outcome, None)).into_iter().collect()
        }
        (State::Running { .. }, Event::DeadlinePassed) => vec![(Outcome::Failed, None)],
        _ => Vec::new(),
    }
}
