//! The schedule: who goes on, what is lost, who dies, when time passes.

use crate::{
    checks::Checks,
    engine,
    stage::{Clock, Stage},
    vendor::{Script, VENDORS, Vendor},
};
use jobs::{
    JobId, Letter, Status, Time,
    life::NewJob,
    ports::{Address, Trouble},
};
use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};
use testkit::{Memory, Operation, When, builders::START};

/// An order, and how it will fare.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    pub(crate) new: NewJob,
    /// At each vendor.
    pub(crate) scripts: [Script; VENDORS.len()],
}

pub(crate) struct World {
    pub(crate) stage: Stage,
    pub(crate) vendor: Vendor,
    errands: VecDeque<Errand>,
    ids: Vec<JobId>,
    tasks: Vec<Task>,
    post: Vec<Parcel>,
    checks: Checks,
    /// How long a process lives.
    life_span: Duration,
}

/// A letter on its way.
#[derive(Clone)]
struct Parcel {
    to: Address,
    letter: Letter,
    arrives: Time,
}

/// A process at work.
struct Task {
    what: Work,
    /// The letter that comes back should the process die.
    parcel: Option<Parcel>,
    dies: Time,
}

enum Work {
    Step(Pin<Box<dyn Future<Output = Result<(), Trouble>>>>),
    Place(JobId, Pin<Box<dyn Future<Output = Result<bool, Trouble>>>>),
    Cancel(JobId, Pin<Box<dyn Future<Output = Result<bool, Trouble>>>>),
}

impl Work {
    /// One moment; once it has ended, whether it failed.
    fn go_on(&mut self, checks: &mut Checks) -> Poll<bool> {
        let mut context = Context::from_waker(Waker::noop());
        match self {
            Work::Step(future) => future.as_mut().poll(&mut context).map(|outcome| outcome.is_err()),
            Work::Place(id, future) => future.as_mut().poll(&mut context).map(|accepted| {
                if accepted.is_ok_and(|accepted| accepted) {
                    checks.promised(id.clone());
                }
                false
            }),
            Work::Cancel(id, future) => future.as_mut().poll(&mut context).map(|stopped| {
                if stopped.is_ok_and(|stopped| stopped) {
                    checks.promised_to_stop(id.clone());
                }
                false
            }),
        }
    }
}

/// A letter whose process died comes back after this long.
const VISIBILITY: Duration = Duration::from_secs(240);

/// More than this is no schedule but a loop.
const MOST_CALM_STEPS: usize = 20_000;

impl World {
    pub(crate) fn new(accounts: Vec<jobs::Account>, errands: Vec<Errand>, life_span: Duration) -> World {
        let clock = Clock::at(START);
        let (memory, vendor) = (Memory::new(), Vendor::new(clock.clone()));
        for account in accounts {
            memory.put_account(account);
        }
        for errand in &errands {
            vendor.expect(&errand.new.id, &errand.scripts);
        }
        World {
            ids: errands.iter().map(|errand| errand.new.id.clone()).collect(),
            errands: errands.into(),
            checks: Checks::new(memory.clone(), vendor.clone()),
            stage: Stage { memory, clock, watch: Arc::default() },
            vendor,
            tasks: Vec::new(),
            post: Vec::new(),
            life_span,
        }
    }

    /// One thing happens, good or bad; which one, the number says.
    pub(crate) fn happen(&mut self, number: u16) {
        let (kind, pick) = (number % 32, usize::from(number / 32));
        match kind {
            0..=15 => self.go_on(pick, 1 + pick % 7),
            16..=19 => self.deliver(pick, false),
            20 => self.deliver(pick, true),
            21 => self.lose_letter(pick),
            22 if pick % 4 == 0 => self.stall(),
            22 => self.crash(pick),
            23 | 24 => self.pass(Duration::from_secs(1 + pick as u64 % 8)),
            25 | 26 if self.tasks.is_empty() => self.stall(),
            25 | 26 => self.go_on(pick, 30),
            27 => self.sweep(),
            28 if pick % 3 == 0 => self.cancel(pick),
            29 => self.break_off(pick),
            _ => self.place(),
        }
        self.collect_letters();
        self.checks.after_a_step(self.stage.clock.now());
    }

    /// No more accidents: everybody goes on until nothing is left to do.
    pub(crate) fn calm_down(&mut self) {
        while !self.errands.is_empty() {
            self.place();
        }
        for _ in 0..MOST_CALM_STEPS {
            if !self.tasks.is_empty() {
                self.go_on(0, 1);
            } else if self.parcels_here().next().is_some() {
                self.deliver(0, false);
            } else if self
                .stage
                .memory
                .all_jobs()
                .iter()
                .any(|job| job.due.is_some_and(|due| due <= self.stage.clock.now()))
            {
                self.sweep();
            } else if !self.jump() {
                self.checks.at_the_end(&self.ids);
                return;
            }
            self.collect_letters();
            self.checks.after_a_step(self.stage.clock.now());
        }
        let open = self.stage.memory.all_jobs().into_iter().filter(|job| job.due.is_some());
        let open: Vec<_> = open.map(|job| (job.id, job.state, job.webhook, job.cancel_asked)).collect();
        panic!("still not done: {open:?}");
    }

    fn begin(&mut self, what: Work, parcel: Option<Parcel>) {
        self.tasks.push(Task { what, parcel, dies: self.stage.clock.now().plus(self.life_span) });
    }

    /// Some process goes on by so many moments, or to its end.
    fn go_on(&mut self, pick: usize, moments: usize) {
        if self.tasks.is_empty() {
            return self.deliver(pick, false);
        }
        let index = pick % self.tasks.len();
        for _ in 0..moments {
            let done = self.tasks[index].what.go_on(&mut self.checks);
            self.collect_letters();
            self.checks.after_a_step(self.stage.clock.now());
            if let Poll::Ready(failed) = done {
                let task = self.tasks.remove(index);
                if failed {
                    self.return_letter(task.parcel);
                }
                return;
            }
        }
    }

    fn parcels_here(&self) -> impl Iterator<Item = usize> {
        let now = self.stage.clock.now();
        self.post.iter().enumerate().filter(move |(_, parcel)| parcel.arrives <= now).map(|(index, _)| index)
    }

    fn deliver(&mut self, pick: usize, again: bool) {
        let here: Vec<usize> = self.parcels_here().collect();
        let Some(index) = here.get(pick % here.len().max(1)) else { return };
        let parcel = if again { self.post[*index].clone() } else { self.post.remove(*index) };
        let (stage, vendor, letter) = (self.stage.clone(), self.vendor.clone(), parcel.letter.clone());
        let step: Pin<Box<dyn Future<Output = _>>> = match parcel.to {
            Address::Vendor(_) => Box::pin(engine::work(stage, vendor, letter)),
            Address::Webhook => Box::pin(engine::deliver(stage, vendor, letter)),
        };
        self.begin(Work::Step(step), Some(parcel));
    }

    fn lose_letter(&mut self, pick: usize) {
        if !self.post.is_empty() {
            self.post.remove(pick % self.post.len());
        }
    }

    fn crash(&mut self, pick: usize) {
        if !self.tasks.is_empty() {
            let task = self.tasks.remove(pick % self.tasks.len());
            self.return_letter(task.parcel);
        }
    }

    fn return_letter(&mut self, parcel: Option<Parcel>) {
        let arrives = self.stage.clock.now().plus(VISIBILITY);
        self.post.extend(parcel.map(|parcel| Parcel { arrives, ..parcel }));
    }

    fn pass(&mut self, span: Duration) {
        self.stage.clock.pass(span);
        let now = self.stage.clock.now();
        while let Some(index) = self.tasks.iter().position(|task| task.dies <= now) {
            self.crash(index);
        }
    }

    /// Nobody goes on until something new is due.
    fn stall(&mut self) {
        self.jump();
    }

    /// On to the next moment at which anything is due; whether there is one.
    fn jump(&mut self) -> bool {
        let now = self.stage.clock.now();
        let letters = self.post.iter().map(|parcel| parcel.arrives);
        let due = self.stage.memory.all_jobs().into_iter().filter_map(|job| job.due);
        // The sweep comes once a minute.
        let sweeps = due.map(|due| Time::from_millis((due.millis() + 59_999) / 60_000 * 60_000));
        let Some(next) = letters.chain(sweeps).filter(|next| *next > now).min() else { return false };
        self.pass(next.since(now));
        true
    }

    fn sweep(&mut self) {
        let stage = self.stage.clone();
        let sweep = async move {
            let now = stage.clock.now();
            reconciler::sweep(&stage, &stage, &stage, now).await.map(|_| ())
        };
        self.begin(Work::Step(Box::pin(sweep)), None);
    }

    fn place(&mut self) {
        let Some(errand) = self.errands.pop_front() else { return };
        let id = errand.new.id.clone();
        let work = engine::place(self.stage.clone(), errand.new);
        self.begin(Work::Place(id, Box::pin(work)), None);
    }

    fn cancel(&mut self, pick: usize) {
        let id = self.ids[pick % self.ids.len()].clone();
        let work = engine::cancel(self.stage.clone(), id.clone());
        self.begin(Work::Cancel(id, Box::pin(work)), None);
    }

    /// The next call of some operation fails, half of the time although it had its effect.
    fn break_off(&mut self, pick: usize) {
        let operations = [
            Operation::Save,
            Operation::Send,
            Operation::Accept,
            Operation::Load,
            Operation::Held,
            Operation::Count,
            Operation::Healths,
        ];
        let when = if pick.is_multiple_of(2) { When::BeforeEffect } else { When::AfterEffect };
        self.stage.memory.fail_next(operations[pick / 2 % operations.len()], when);
    }

    fn collect_letters(&mut self) {
        let now = self.stage.clock.now();
        for sent in self.stage.memory.take_letters() {
            self.post.push(Parcel { to: sent.to, letter: sent.letter, arrives: now.plus(sent.delay) });
        }
    }

    /// How many jobs ended with this status.
    pub(crate) fn ended(&self, status: Status) -> usize {
        self.stage.memory.all_jobs().iter().filter(|job| job.status() == status).count()
    }
}
