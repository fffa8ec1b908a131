//! What news of a job says about its vendor.

use super::{Outcome, Sample};
use crate::{Event, Job, State, Time};

/// What a job says about its vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What became of it.
    pub outcome: Outcome,
    /// When it was sent there, or its making began: it can't tell how the vendor was later.
    pub begun: Time,
    /// How long it took, if it tells.
    pub sample: Option<Sample>,
}

/// What an event that is about to be recorded says, with the duration that it tells, if any.
pub fn heard(job: &Job, event: &Event, now: Time) -> Vec<Heard> {
    let plain = |outcome, begun| Heard { outcome, begun, sample: None };
    let made = |begun: Time| Heard {
        sample: Some(Sample::of(&job.id, job.order.kind, &job.plan, now.since(begun))),
        ..plain(Outcome::Made, begun)
    };
    match (&job.state, event) {
        (State::Submitting { since, .. }, Event::Accepted { .. }) => vec![plain(Outcome::Took, *since)],
        // A vendor that answers with the result may say that it could not make it, and has taken the job all the same.
        (State::Submitting { since, .. }, Event::Refused(fault)) => {
            [Some(Outcome::of_refusal(fault)), Outcome::of_failure(fault)]
                .into_iter()
                .flatten()
                .map(|outcome| plain(outcome, *since))
                .collect()
        }
        (State::Submitting { since, lost: None }, Event::SubmitLost) => {
            vec![plain(Outcome::Refused { patience: None, operator: false }, *since)]
        }
        (State::Submitting { since, lost: None }, Event::Stored(_)) => {
            vec![plain(Outcome::Took, *since), made(*since)]
        }
        (State::Running { since, .. }, Event::Stored(_)) => vec![made(*since)],
        (State::Running { since, .. }, Event::Failed(fault)) => {
            Outcome::of_failure(fault).map(|outcome| plain(outcome, *since)).into_iter().collect()
        }
        (State::Running { since, .. }, Event::DeadlinePassed) => vec![plain(Outcome::Failed, *since)],
        _ => Vec::new(),
    }
}
