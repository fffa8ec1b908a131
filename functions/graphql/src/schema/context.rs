//! What resolvers know of the request.

use super::create::{flat_name, order_of};
use crate::{
    desk::{Caller, Desk, LONGEST_WAIT, Placed, Probe},
    error::{ApiError, Reached},
};
use catalogue::Problem;
use jobs::{IdempotencyKey, Job, JobId, Time};
use juniper::InputValue;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// One request.
pub(crate) struct Context {
    /// Who decides.
    pub(crate) desk: Arc<dyn Desk>,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The `Idempotency-Key` header; an error if it is there but can't be one.
    pub(crate) key: Result<Option<IdempotencyKey>, ()>,
    /// When the request came in.
    arrived: Time,
    /// Until when it must be answered.
    answer_by: Instant,
    notes: Mutex<Notes>,
    /// The generations that wait, once they were asked for: a page of them asks once.
    waiting: tokio::sync::Mutex<Option<Arc<[JobId]>>>,
}

impl juniper::Context for Context {}

/// What the HTTP side and the log want to know about what resolvers did.
#[derive(Default)]
pub(crate) struct Notes {
    /// Whether a generation was answered that was there already.
    pub(crate) replayed: bool,
    /// The generations that it was about.
    pub(crate) jobs: Vec<JobId>,
    /// The generations that were accepted, or answered again, each with the field that asked for it.
    pub(crate) placed: Vec<(String, JobId)>,
    /// The limit that refused something.
    pub(crate) reached: Option<Reached>,
    /// How long the request was held.
    pub(crate) waited: Duration,
}

impl Context {
    /// The context of a request that has just come in and may be held for so long at most.
    pub(crate) fn new(
        desk: Arc<dyn Desk>,
        caller: Caller,
        key: Result<Option<IdempotencyKey>, ()>,
        arrived: Time,
        patience: Duration,
    ) -> Context {
        let answer_by = Instant::now() + patience.min(LONGEST_WAIT);
        Context {
            desk,
            caller,
            key,
            arrived,
            answer_by,
            notes: Mutex::default(),
            waiting: tokio::sync::Mutex::default(),
        }
    }

    /// What time it is: when the request came in, and however long it was held since.
    pub(crate) fn now(&self) -> Time {
        self.arrived.plus(self.notes().waited)
    }

    /// Holds the request until the generation has ended, for so long at most. All that one request asks for share
    /// the time that there is.
    pub(crate) async fn wait(&self, job: Job, longest: Duration) -> Job {
        if longest.is_zero() || job.has_ended() {
            return job;
        }
        let begun = Instant::now();
        let job = self.desk.wait(job, (begun + longest).min(self.answer_by)).await;
        self.notes().waited += begun.elapsed();
        job
    }

    /// What `generate`, or a mutation with a flat input, would say to the sense of an input of this type.
    pub(crate) fn problems_of(&self, kind: &str, input: &InputValue) -> Vec<Problem> {
        let Some((input, flat)) = order_of(kind, input) else { return Vec::new() };
        let mut problems = self.desk.problems(&self.caller, &input.into_draft());
        for problem in problems.iter_mut().filter(|_| flat) {
            problem.field = flat_name(&problem.field);
        }
        problems
    }

    /// Counts something that costs about as much as a read, and is refused where no read is left.
    pub(crate) fn count(&self) -> Result<(), ApiError> {
        self.desk.count_read(&self.caller, self.now()).map_err(|error| self.note_error(error))
    }

    /// Tries a receiver of webhooks, in the time that there is.
    pub(crate) async fn probe(&self, url: &str) -> Result<Probe, ApiError> {
        let begun = Instant::now();
        let longest = self.answer_by.saturating_duration_since(begun);
        let probe = self.desk.probe(&self.caller, url, self.now(), longest).await;
        self.notes().waited += begun.elapsed();
        probe
    }

    /// The caller's generations that wait until fewer of them run, oldest first.
    pub(crate) async fn waiting(&self) -> Result<Arc<[JobId]>, ApiError> {
        let mut known = self.waiting.lock().await;
        if let Some(waiting) = &*known {
            return Ok(Arc::clone(waiting));
        }
        let waiting: Arc<[JobId]> = self.desk.waiting(&self.caller).await?.into();
        Ok(Arc::clone(known.insert(waiting)))
    }

    /// Forgets what was read before a change.
    pub(crate) async fn forget(&self) {
        *self.waiting.lock().await = None;
    }

    /// Notes that it is about the generation of this id, if it can be one.
    pub(crate) fn note_id(&self, id: &str) {
        self.notes().jobs.extend(JobId::parse(id));
    }

    /// Notes a generation that was accepted for the field of this name, or answered again.
    pub(crate) fn note_placed(&self, field: String, placed: &Placed) {
        let mut notes = self.notes();
        notes.replayed |= placed.replayed;
        notes.jobs.push(placed.job.id.clone());
        notes.placed.push((field, placed.job.id.clone()));
    }

    /// Passes an error on, and notes it if a limit was reached.
    pub(crate) fn note_error(&self, error: ApiError) -> ApiError {
        if let Some(reached) = error.reached() {
            self.notes().reached = Some(reached);
        }
        error
    }

    /// Everything noted.
    pub(crate) fn into_notes(self) -> Notes {
        self.notes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
