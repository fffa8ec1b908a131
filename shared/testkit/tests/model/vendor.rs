//! A vendor that takes orders, loses answers and counts what it is paid for.

use crate::stage::{Clock, pause};
use jobs::{Event, Fault, FaultKind, Job, JobId, Ticket, Time};
use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex},
    time::Duration,
};

/// What the vendor offers for a submit whose answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// An idempotency key: the same order again gives the same task.
    Idempotent,
    /// Tasks carry our tag and can be looked for.
    Tagged,
    /// Nothing.
    Blind,
}

/// How a submit goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Taken,
    Refused(FaultKind),
    /// The order does not arrive.
    LostThere,
    /// The order arrives, the answer does not.
    LostBack,
}

/// How a task ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    Done,
    Fails,
    /// It runs for ever.
    Never,
}

/// How a job fares.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) protocol: Protocol,
    /// Answers to the first submits; later ones are taken.
    pub(crate) answers: Vec<Answer>,
    pub(crate) length: Duration,
    pub(crate) ending: Ending,
    /// Questions, counted from the first, that it does not answer.
    pub(crate) deaf: Range<u32>,
    /// Copies that fail before one succeeds.
    pub(crate) failing_copies: u32,
    /// Deliveries of the news that fail before one succeeds.
    pub(crate) failing_news: u32,
    /// Whether a stopped task is charged.
    pub(crate) stop_is_charged: bool,
}

/// News of the vendor, as the engine gets them.
pub(crate) enum News {
    Event(Event),
    Finished,
    AskLater,
}

#[derive(Clone)]
pub(crate) struct Vendor {
    clock: Clock,
    books: Arc<Mutex<BTreeMap<JobId, Entry>>>,
}

struct Entry {
    script: Script,
    submits: usize,
    /// When each paid task began. Stopped tasks stay in the books.
    tasks: Vec<Time>,
    stopped: bool,
    questions: u32,
    copies: u32,
    news: u32,
}

impl Vendor {
    pub(crate) fn new(clock: Clock) -> Vendor {
        Vendor { clock, books: Arc::default() }
    }

    pub(crate) fn expect(&self, id: JobId, script: Script) {
        let entry =
            Entry { script, submits: 0, tasks: Vec::new(), stopped: false, questions: 0, copies: 0, news: 0 };
        self.books.lock().unwrap().insert(id, entry);
    }

    /// Tasks that we pay for.
    pub(crate) fn tasks(&self, id: &JobId) -> usize {
        self.with(id, |entry| entry.tasks.len())
    }

    pub(crate) fn protocol(&self, id: &JobId) -> Protocol {
        self.with(id, |entry| entry.script.protocol)
    }

    /// The paid call, given up by the caller at `until`.
    pub(crate) async fn submit(&self, job: &Job, until: Time) -> Event {
        pause().await;
        // A call that was given up before it was sent never arrives.
        if self.clock.now() >= until {
            return Event::SubmitLost;
        }
        let event = self.with(&job.id, |entry| {
            let answer = entry.script.answers.get(entry.submits).copied().unwrap_or(Answer::Taken);
            entry.submits += 1;
            match answer {
                Answer::LostThere => Event::SubmitLost,
                Answer::Refused(kind) => Event::Refused(Fault::new(kind, "the vendor refused")),
                Answer::LostBack => {
                    entry.begin(self.clock.now());
                    Event::SubmitLost
                }
                Answer::Taken => {
                    entry.begin(self.clock.now());
                    Event::Accepted { ticket: entry.ticket() }
                }
            }
        });
        pause().await;
        if self.clock.now() >= until { Event::SubmitLost } else { event }
    }

    /// What the adapter does about a lost submit.
    pub(crate) async fn recover(&self, job: &Job, looked: u32) -> News {
        pause().await;
        let news = self.with(&job.id, |entry| {
            entry.questions += 1;
            if entry.script.deaf.contains(&entry.questions) {
                return News::AskLater;
            }
            News::Event(match entry.script.protocol {
                Protocol::Idempotent => Event::SubmitAgain,
                Protocol::Tagged if !entry.tasks.is_empty() => Event::Accepted { ticket: entry.ticket() },
                Protocol::Tagged if looked < 2 => Event::NotFound,
                Protocol::Tagged => Event::SubmitAgain,
                Protocol::Blind => Event::Failed(Fault::new(FaultKind::OutcomeUnknown, "nobody can say")),
            })
        });
        pause().await;
        news
    }

    pub(crate) async fn poll(&self, job: &Job) -> News {
        pause().await;
        let news = self.with(&job.id, |entry| {
            entry.questions += 1;
            let Some(begun) = entry.tasks.first() else { return News::AskLater };
            if entry.script.deaf.contains(&entry.questions) {
                return News::AskLater;
            }
            let running = self.clock.now().since(*begun);
            match entry.script.ending {
                _ if entry.stopped => {
                    News::Event(Event::CanceledAtVendor { charged: entry.script.stop_is_charged })
                }
                Ending::Done if running >= entry.script.length => News::Finished,
                Ending::Fails if running >= entry.script.length => {
                    News::Event(Event::Failed(Fault::new(FaultKind::Vendor, "the vendor could not make it")))
                }
                _ => {
                    let share = running.as_millis() * 100 / entry.script.length.as_millis().max(1);
                    let progress = Some(u8::try_from(share.min(200)).unwrap_or(0));
                    News::Event(Event::StillRunning { progress, ticket: None })
                }
            }
        });
        pause().await;
        news
    }

    pub(crate) async fn stop(&self, job: &Job) -> News {
        pause().await;
        let news = self.with(&job.id, |entry| {
            let begun = entry.tasks.first().copied();
            let finished = begun.is_none_or(|begun| self.clock.now().since(begun) >= entry.script.length);
            if finished && !entry.stopped && !matches!(entry.script.ending, Ending::Never) {
                return News::Event(Event::NotCancelable);
            }
            entry.stopped = true;
            News::Event(Event::CanceledAtVendor { charged: entry.script.stop_is_charged })
        });
        pause().await;
        news
    }

    /// Copies the file to our bucket.
    pub(crate) async fn copy(&self, job: &Job) -> Result<(), Fault> {
        pause().await;
        let outcome = self.with(&job.id, |entry| {
            entry.copies += 1;
            if entry.copies <= entry.script.failing_copies {
                Err(Fault::new(FaultKind::Vendor, "the file could not be copied"))
            } else {
                Ok(())
            }
        });
        pause().await;
        outcome
    }

    /// Tells the caller's receiver; whether it said yes.
    pub(crate) async fn tell(&self, job: &Job) -> bool {
        pause().await;
        let heard = self.with(&job.id, |entry| {
            entry.news += 1;
            entry.news > entry.script.failing_news
        });
        pause().await;
        heard
    }

    /// How often the receiver was told.
    pub(crate) fn told(&self, id: &JobId) -> u32 {
        self.with(id, |entry| entry.news)
    }

    fn with<T>(&self, id: &JobId, act: impl FnOnce(&mut Entry) -> T) -> T {
        act(self.books.lock().unwrap().get_mut(id).unwrap())
    }
}

impl Entry {
    fn begin(&mut self, now: Time) {
        if self.script.protocol != Protocol::Idempotent || self.tasks.is_empty() {
            self.tasks.push(now);
        }
    }

    fn ticket(&self) -> Ticket {
        Ticket(format!("task-{}", self.tasks.len()))
    }
}
