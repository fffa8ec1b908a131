//! What a job is doing, as it is stored.

use super::unknown;
use crate::item::Unreadable;
use jobs::{Fault, FaultKind, Output, State, Ticket, Time, life::Lost};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(super) enum StoredState {
    Held,
    Queued {
        not_before: i64,
    },
    Submitting {
        since: i64,
        looked: Option<u32>,
        /// Left out where there were none, as in items written before it was counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        copies: Option<u32>,
        look_next: Option<i64>,
    },
    Running {
        ticket: String,
        since: i64,
    },
    Storing {
        ticket: String,
        since: i64,
        tries: u32,
        next: i64,
    },
    Completed {
        outputs: Vec<StoredOutput>,
        at: i64,
    },
    Failed {
        fault: StoredFault,
        at: i64,
    },
    Canceled {
        at: i64,
    },
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredFault {
    kind: String,
    message: String,
    #[serde(default)]
    detail: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredOutput {
    key: String,
    format: String,
    media_type: String,
    bytes: u64,
    sha256: String,
    width: Option<u32>,
    height: Option<u32>,
    duration: Option<f64>,
}

impl From<&State> for StoredState {
    fn from(state: &State) -> StoredState {
        match state {
            State::Held => StoredState::Held,
            State::Queued { not_before } => StoredState::Queued { not_before: not_before.millis() },
            State::Submitting { since, lost } => StoredState::Submitting {
                since: since.millis(),
                looked: lost.map(|lost| lost.looked),
                copies: lost.map(|lost| lost.copies).filter(|copies| *copies > 0),
                look_next: lost.map(|lost| lost.next.millis()),
            },
            State::Running { ticket, since } => {
                StoredState::Running { ticket: ticket.0.clone(), since: since.millis() }
            }
            State::Storing { ticket, since, tries, next } => StoredState::Storing {
                ticket: ticket.0.clone(),
                since: since.millis(),
                tries: *tries,
                next: next.millis(),
            },
            State::Completed { outputs, at } => {
                let outputs = outputs.iter().map(StoredOutput::from).collect();
                StoredState::Completed { outputs, at: at.millis() }
            }
            State::Failed { fault, at } => StoredState::Failed {
                fault: StoredFault {
                    kind: fault.kind.name().to_owned(),
                    message: fault.message.clone(),
                    detail: fault.detail.clone(),
                },
                at: at.millis(),
            },
            State::Canceled { at } => StoredState::Canceled { at: at.millis() },
        }
    }
}

impl StoredState {
    pub(super) fn into_state(self) -> Result<State, Unreadable> {
        let time = Time::from_millis;
        Ok(match self {
            StoredState::Held => State::Held,
            StoredState::Queued { not_before } => State::Queued { not_before: time(not_before) },
            StoredState::Submitting { since, looked, copies, look_next } => {
                let copies = copies.unwrap_or(0);
                let lost =
                    looked.zip(look_next).map(|(looked, next)| Lost { looked, copies, next: time(next) });
                State::Submitting { since: time(since), lost }
            }
            StoredState::Running { ticket, since } => {
                State::Running { ticket: Ticket(ticket), since: time(since) }
            }
            StoredState::Storing { ticket, since, tries, next } => {
                State::Storing { ticket: Ticket(ticket), since: time(since), tries, next: time(next) }
            }
            StoredState::Completed { outputs, at } => State::Completed {
                outputs: outputs.into_iter().map(StoredOutput::into_output).collect(),
                at: time(at),
            },
            StoredState::Failed { fault, at } => {
                let kind = FaultKind::parse(&fault.kind).ok_or_else(|| unknown("fault", &fault.kind))?;
                State::Failed {
                    fault: Fault::new(kind, fault.message).with_detail(fault.detail),
                    at: time(at),
                }
            }
            StoredState::Canceled { at } => State::Canceled { at: time(at) },
        })
    }
}

impl From<&Output> for StoredOutput {
    fn from(output: &Output) -> StoredOutput {
        StoredOutput {
            key: output.key.clone(),
            format: output.format.clone(),
            media_type: output.media_type.clone(),
            bytes: output.bytes,
            sha256: output.sha256.clone(),
            width: output.width,
            height: output.height,
            duration: output.duration,
        }
    }
}

impl StoredOutput {
    fn into_output(self) -> Output {
        Output {
            key: self.key,
            format: self.format,
            media_type: self.media_type,
            bytes: self.bytes,
            sha256: self.sha256,
            width: self.width,
            height: self.height,
            duration: self.duration,
        }
    }
}
