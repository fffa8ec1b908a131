//! What resolvers know of the request.

use crate::{
    desk::{Caller, Desk},
    error::{ApiError, Reached},
};
use jobs::{IdempotencyKey, JobId, Time};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One request.
pub(crate) struct Context {
    /// Who decides.
    pub(crate) desk: Arc<dyn Desk>,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The `Idempotency-Key` header; an error if it is there but can't be one.
    pub(crate) key: Result<Option<IdempotencyKey>, ()>,
    /// When the request came in.
    pub(crate) now: Time,
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
    /// The limit that refused something.
    pub(crate) reached: Option<Reached>,
}

impl Context {
    /// The context of a request that has just come in.
    pub(crate) fn new(
        desk: Arc<dyn Desk>,
        caller: Caller,
        key: Result<Option<IdempotencyKey>, ()>,
        now: Time,
    ) -> Context {
        Context { desk, caller, key, now, notes: Mutex::default(), waiting: tokio::sync::Mutex::default() }
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

    /// Notes which generation it is about.
    pub(crate) fn note_job(&self, id: &JobId, replayed: bool) {
        let mut notes = self.notes();
        notes.replayed |= replayed;
        notes.jobs.push(id.clone());
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
