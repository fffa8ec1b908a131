//! Tasks of any vendor: what was ordered, how far it is, and where its results lie.

use crate::clock::{Phase, Span};
use crate::faults::{Ailments, Fault};
use crate::ledger::Seen;
use crate::shelf::Shelf;
use crate::works::Work;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

/// What was ordered, all checked.
pub(crate) trait Order: Send + Sync + 'static {
    /// The text in which words for faults are looked for, and by which tests find their submits.
    fn prompt(&self) -> &str;

    /// The files that show it.
    fn works(&self) -> Vec<Work>;

    /// How many seconds the work takes at speed 1.
    fn seconds(&self) -> f64;

    /// The limits it counts in, by the names of the vendor's [`Simulated`](crate::vendor::Simulated).
    fn limits(&self) -> &'static [&'static str];

    /// The client's own id or its idempotency key. What a second order with the same one does is decided by
    /// [`Protocol::twin`](crate::desk::Protocol::twin).
    fn client_id(&self) -> Option<&str> {
        None
    }

    /// Where the vendor is to tell of changes.
    fn callback(&self) -> Option<&str> {
        None
    }
}

/// How far a task is, with its faults.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum State {
    /// Held back because the account has as many at work as it may.
    Throttled,
    Waiting,
    /// At work; from 0 to 1.
    Working(f64),
    /// At work, to be told with a word that the vendor's documentation does not have.
    Strange,
    Succeeded,
    Failed,
    /// The vendor's moderation does not like what came in.
    InputRefused,
    /// The vendor's moderation does not like what came out.
    OutputRefused,
    Cancelled,
}

impl State {
    /// Whether it will change no more.
    pub(crate) fn is_final(self) -> bool {
        !matches!(self, Self::Throttled | Self::Waiting | Self::Working(_) | Self::Strange)
    }
}

/// A task in its life. Times are milliseconds since 1970.
#[derive(Debug)]
pub(crate) struct Task<O> {
    pub(crate) id: String,
    pub(crate) order: O,
    pub(crate) span: Span,
    pub(crate) ailments: Ailments,
    /// When it was let in, which is later than it was ordered if the account had too many at work.
    starts: u64,
    pub(crate) seen: Arc<Seen>,
    cancelled: OnceLock<u64>,
    /// The links to the results, made at the first look at them.
    pub(crate) links: OnceLock<Vec<String>>,
}

impl<O: Order> Task<O> {
    /// A task ordered `now` that is let in at `starts` and then takes so many milliseconds.
    pub(crate) fn new(
        id: String,
        order: O,
        ailments: Ailments,
        now: u64,
        starts: u64,
        milliseconds: u64,
    ) -> Self {
        let span = Span { ordered: now, ..Span::lasting(starts, milliseconds) };
        let span = if ailments.has(Fault::Hang) { span.endless() } else { span };
        Self {
            id,
            order,
            span,
            ailments,
            starts,
            seen: Arc::default(),
            cancelled: OnceLock::new(),
            links: OnceLock::new(),
        }
    }

    pub(crate) fn state(&self, now: u64) -> State {
        let has = |fault| self.ailments.has(fault);
        match self.span.phase(now) {
            _ if self.cancelled.get().is_some() => State::Cancelled,
            Phase::Waiting if now < self.starts => State::Throttled,
            Phase::Waiting => State::Waiting,
            // The input is judged before the work begins.
            _ if has(Fault::Moderate) => State::InputRefused,
            Phase::Working(_) if has(Fault::UnknownState) => State::Strange,
            Phase::Working(part) => State::Working(part),
            Phase::Over if has(Fault::Fail) => State::Failed,
            Phase::Over if has(Fault::ModerateOutput) => State::OutputRefused,
            Phase::Over => State::Succeeded,
        }
    }

    /// When the state that is told now was reached.
    pub(crate) fn changed(&self, now: u64) -> u64 {
        self.cancelled.get().copied().unwrap_or_else(|| self.span.changed(now))
    }

    /// Ends the task, unless it has ended before. Returns whether it did.
    pub(crate) fn cancel(&self, now: u64) -> bool {
        !self.state(now).is_final() && self.cancelled.set(now).is_ok()
    }

    /// Counts a poll. Returns how many there were before.
    pub(crate) fn polled(&self) -> u64 {
        self.seen.polls.fetch_add(1, Ordering::Relaxed)
    }

    fn holds_a_place(&self, now: u64) -> bool {
        self.cancelled.get().is_none() && !self.span.is_over(now)
    }
}

/// Tasks that are remembered, at most.
const MOST_TASKS: usize = 20_000;

/// All tasks of an account.
#[derive(Debug)]
pub(crate) struct Tasks<O> {
    shelf: Shelf<Task<O>>,
    active: Vec<Arc<Task<O>>>,
    /// Our ids by the client's.
    by_client_id: HashMap<String, String>,
}

impl<O> Default for Tasks<O> {
    fn default() -> Self {
        Self { shelf: Shelf::holding(MOST_TASKS), active: Vec::new(), by_client_id: HashMap::new() }
    }
}

impl<O: Order> Tasks<O> {
    pub(crate) fn add(&mut self, task: &Arc<Task<O>>) {
        self.active.push(Arc::clone(task));
        if let Some(id) = task.order.client_id() {
            self.by_client_id.insert(id.to_owned(), task.id.clone());
        }
        let forgotten = self.shelf.put(task.id.clone(), Arc::clone(task));
        self.forget_client_id(forgotten.as_deref());
    }

    /// The task with this id of ours or the client's.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Task<O>>> {
        self.shelf.get(id).or_else(|| self.of_client(id))
    }

    /// The task with this id of the client's.
    pub(crate) fn of_client(&self, id: &str) -> Option<Arc<Task<O>>> {
        self.shelf.get(self.by_client_id.get(id)?)
    }

    /// Forgets a task.
    pub(crate) fn remove(&mut self, id: &str) {
        let removed = self.shelf.remove(id);
        self.forget_client_id(removed.as_deref());
    }

    /// The newest first.
    pub(crate) fn newest(&self) -> impl DoubleEndedIterator<Item = &Arc<Task<O>>> {
        self.shelf.newest()
    }

    /// How many tasks count in a limit now.
    pub(crate) fn active(&mut self, limit: &str, now: u64) -> usize {
        self.active.retain(|task| task.holds_a_place(now));
        self.active.iter().filter(|task| task.order.limits().contains(&limit)).count()
    }

    /// When one of `most` places in a limit is free: now, or when enough of the tasks have ended.
    pub(crate) fn free_place(&mut self, limit: &str, most: usize, now: u64) -> u64 {
        let taken = self.active(limit, now);
        if taken < most {
            return now;
        }
        let counting = self.active.iter().filter(|task| task.order.limits().contains(&limit));
        let mut ends: Vec<u64> = counting.map(|task| task.span.ends.unwrap_or(FOREVER)).collect();
        ends.sort_unstable();
        ends.get(taken.saturating_sub(most)).copied().unwrap_or(FOREVER)
    }

    fn forget_client_id(&mut self, task: Option<&Task<O>>) {
        if let Some(id) = task.and_then(|task| task.order.client_id()) {
            self.by_client_id.remove(id);
        }
    }
}

/// Far enough for a test, near enough to add to: a thousand years.
const FOREVER: u64 = 32_503_680_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain(&'static [&'static str]);

    impl Order for Plain {
        fn prompt(&self) -> &str {
            ""
        }

        fn works(&self) -> Vec<Work> {
            Vec::new()
        }

        fn seconds(&self) -> f64 {
            1.0
        }

        fn limits(&self) -> &'static [&'static str] {
            self.0
        }

        fn client_id(&self) -> Option<&str> {
            Some("job_1")
        }
    }

    fn task(id: &str, limits: &'static [&'static str], starts: u64, milliseconds: u64) -> Arc<Task<Plain>> {
        let order = Plain(limits);
        Arc::new(Task::new(id.into(), order, Ailments::default(), 0, starts, milliseconds))
    }

    #[test]
    fn a_place_is_free_again_at_the_end() {
        let mut tasks = Tasks::default();
        for task in [task("1", &["all"], 0, 100), task("2", &["all", "few"], 0, 200)] {
            tasks.add(&task);
        }
        assert_eq!([tasks.free_place("all", 3, 0), tasks.free_place("all", 2, 0)], [0, 100]);
        assert_eq!([tasks.free_place("all", 1, 0), tasks.free_place("few", 1, 0)], [200, 200]);
        assert_eq!([tasks.active("all", 99), tasks.active("few", 99)], [2, 1]);
        assert_eq!([tasks.active("all", 100), tasks.active("all", 200)], [1, 0]);
    }

    #[test]
    fn a_cancelled_task_gives_its_place_away() {
        let mut tasks = Tasks::default();
        let task = task("1", &["all"], 0, 100);
        tasks.add(&task);
        assert!(task.cancel(50) && !task.cancel(60));
        assert_eq!((task.state(200), task.changed(200)), (State::Cancelled, 50));
        assert_eq!(tasks.active("all", 50), 0);
    }

    #[test]
    fn a_task_over_the_limit_waits_to_be_let_in() {
        let task = task("1", &[], 1000, 500);
        let states = [0, 999, 1000, 1100, 1500].map(|now| task.state(now));
        let expected =
            [State::Throttled, State::Throttled, State::Waiting, State::Working(0.0), State::Succeeded];
        assert_eq!(states, expected);
        assert!(!task.cancel(1500), "it is over");
    }

    #[test]
    fn tasks_are_found_by_both_ids() {
        let mut tasks = Tasks::default();
        tasks.add(&task("1", &[], 0, 1));
        assert_eq!([tasks.find("1"), tasks.find("job_1")].map(|found| found.is_some()), [true, true]);
        tasks.remove("1");
        assert_eq!([tasks.find("1"), tasks.find("job_1")].map(|found| found.is_some()), [false, false]);
    }
}
