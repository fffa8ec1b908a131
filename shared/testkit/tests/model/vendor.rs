//! Vendors that take orders, refuse them, lose answers and count what they are paid for.

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

/// How a job fares at one vendor.
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
    /// By job and vendor.
    books: Arc<Mutex<BTreeMap<(JobId, String), Entry>>>,
    /// How often the receiver of a job's news was told.
    news: Arc<Mutex<BTreeMap<JobId, u32>>>,
}

struct Entry {
    script: Script,
    submits: usize,
    /// When each paid task began. Stopped tasks stay in the books.
    tasks: Vec<Time>,
    stopped: bool,
    questions: u32,
    copies: u32,
}

/// The vendors, the first of which gets every order.
pub(crate) const VENDORS: [&str; 4] = ["toy", "second", "third", "fourth"];

/// How many jobs may be at a vendor at once; nothing where there is no limit.
pub(crate) fn most_at_once(vendor: &str) -> Option<u32> {
    match vendor {
        "toy" => Some(3),
        "second" => Some(1),
        _ => None,
    }
}

impl Vendor {
    pub(crate) fn new(clock: Clock) -> Vendor {
        Vendor { clock, books: Arc::default(), news: Arc::default() }
    }

    pub(crate) fn expect(&self, id: &JobId, scripts: &[Script; VENDORS.len()]) {
        for (vendor, script) in VENDORS.into_iter().zip(scripts) {
            let script = script.clone();
            let entry =
                Entry { script, submits: 0, tasks: Vec::new(), stopped: false, questions: 0, copies: 0 };
            self.books.lock().unwrap().insert((id.clone(), vendor.to_owned()), entry);
        }
    }

    /// Tasks of a job at its present vendor.
    pub(crate) fn tasks(&self, job: &Job) -> usize {
        self.with(job, |entry| entry.tasks.len())
    }

    /// The most tasks of a job at one vendor, and those that we pay for at all of them: a vendor that says that it failed
    /// charges nothing.
    pub(crate) fn all_tasks(&self, id: &JobId) -> (usize, usize) {
        let books = self.books.lock().unwrap();
        let mine = || books.iter().filter(|((job, _), _)| job == id).map(|(_, entry)| entry);
        let paid = mine().filter(|entry| !matches!(entry.script.ending, Ending::Fails));
        (mine().map(|entry| entry.tasks.len()).max().unwrap_or(0), paid.map(|entry| entry.tasks.len()).sum())
    }

    pub(crate) fn protocol(&self, job: &Job) -> Protocol {
        self.with(job, |entry| entry.script.protocol)
    }

    /// The paid call, given up by the caller at `until`.
    pub(crate) async fn submit(&self, job: &Job, until: Time) -> Event {
        pause().await;
        // A call that was given up before it was sent never arrives.
        if self.clock.now() >= until {
            return Event::SubmitLost;
        }
        let event = self.with(job, |entry| {
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
        let news = self.with(job, |entry| {
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
        let news = self.with(job, |entry| {
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
        let news = self.with(job, |entry| {
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
        let outcome = self.with(job, |entry| {
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
        let told = {
            let mut news = self.news.lock().unwrap();
            let told = news.entry(job.id.clone()).or_default();
            *told += 1;
            *told
        };
        let heard = self.at(&job.id, VENDORS[0], |entry| told > entry.script.failing_news);
        pause().await;
        heard
    }

    /// How often the receiver was told.
    pub(crate) fn told(&self, id: &JobId) -> u32 {
        self.news.lock().unwrap().get(id).copied().unwrap_or(0)
    }

    fn with<T>(&self, job: &Job, act: impl FnOnce(&mut Entry) -> T) -> T {
        self.at(&job.id, &job.plan.vendor, act)
    }

    fn at<T>(&self, id: &JobId, vendor: &str, act: impl FnOnce(&mut Entry) -> T) -> T {
        act(self.books.lock().unwrap().get_mut(&(id.clone(), vendor.to_owned())).unwrap())
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
