//! The built-in simulator, for test keys: no vendor, no call, no cost. A job is taken at once, runs for a few seconds
//! and ends with a small real file; words in its text (`[fail:moderation]`, `[slow:30]`, `[hang]`) force each outcome.

mod about;
mod script;
mod sketch;

use crate::{About, Adapter, News, Next, Question, Reply, Task, kit};
use jobs::{Event, Fault, FaultKind, Ticket, Time};
use script::{Ending, Script};
use std::time::Duration;

/// The vendor's id.
pub(crate) const VENDOR: &str = "simulator";

/// The simulator.
pub(crate) struct Simulator;

impl Adapter for Simulator {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        let script = Script::of(task);
        match question {
            // Nothing was lost where nothing was sent.
            Question::Submit | Question::Recover { .. } => match script.ending {
                Ending::Refused(kind) => kit::event(Event::Failed(simulated(kind))),
                Ending::Made | Ending::Failed(_) | Ending::Never => {
                    kit::event(Event::Accepted { ticket: ticket(task.now, script.length) })
                }
            },
            Question::Poll(ticket) => match read_ticket(ticket) {
                Some((begun, length)) => standing(task, &script, task.now.since(begun), length),
                None => kit::later(None, "could not read the ticket"),
            },
            Question::Cancel(_) => kit::event(Event::CanceledAtVendor { charged: false }),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, _note: &str, _reply: &Reply<'_>) -> Next {
        // No call is ever made, so no reply can come; the answer does not depend on one.
        self.ask(task, question)
    }
}

/// When it began and how long it takes, in milliseconds.
fn ticket(begun: Time, length: Duration) -> Ticket {
    Ticket(format!("{} {}", begun.millis(), length.as_millis()))
}

fn read_ticket(ticket: &Ticket) -> Option<(Time, Duration)> {
    let (begun, length) = ticket.0.split_once(' ')?;
    Some((Time::from_millis(begun.parse().ok()?), Duration::from_millis(length.parse().ok()?)))
}

fn standing(task: &Task<'_>, script: &Script, elapsed: Duration, length: Duration) -> Next {
    match script.ending {
        Ending::Never => running(elapsed, length + elapsed),
        _ if elapsed < length => running(elapsed, length),
        Ending::Failed(kind) | Ending::Refused(kind) => kit::event(Event::Failed(simulated(kind))),
        Ending::Made => Next::News(News::Finished(sketch::files(task))),
    }
}

fn running(elapsed: Duration, length: Duration) -> Next {
    let percent = elapsed.as_millis() * 100 / length.as_millis().max(1);
    let progress = Some(u8::try_from(percent.min(99)).unwrap_or(99));
    kit::event(Event::StillRunning { progress, ticket: None })
}

/// A fault as a real vendor would cause it, and recognisable as a rehearsal.
fn simulated(kind: FaultKind) -> Fault {
    let real = kit::fault(kind);
    Fault { message: format!("{} (simulated)", real.message), ..real }
}
