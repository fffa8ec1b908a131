//! A value that a file of the operator's changes while the function runs.
//!
//! The file is looked at when the function starts, for a second at most, and from then on once a minute in the
//! background, when a request comes by. No request ever waits for it: it gets the value as it is known. A file that is
//! gone brings the usual value back. A file that is wrong, or can't be read, changes nothing: what held before goes on to
//! hold, and the log says so at each look. `template.yaml` counts these lines by their first words.

use crate::{OperatorFile, Reading};
use jobs::{Time, ports::Trouble};
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Mutex, time::timeout};

/// How long a function's start may wait for the file. Without an answer it starts with the usual value, and the first
/// request has the file looked at again.
const LONGEST_FIRST_LOOK: Duration = Duration::from_secs(1);

/// How long a look in the background may take.
const LONGEST_LOOK: Duration = Duration::from_secs(5);

/// From one look to the next.
const PAUSE: Duration = Duration::from_secs(60);

/// From a look that failed to the next one.
const PAUSE_AFTER_TROUBLE: Duration = Duration::from_secs(10);

/// Makes the value from the file's bytes, or says what is wrong with them.
type Make<T> = dyn Fn(&[u8]) -> Result<T, String> + Send + Sync;

/// A value that a file changes. Clones share it.
pub struct Watched<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    usual: Arc<T>,
    current: RwLock<Arc<T>>,
    source: Option<Source<T>>,
}

/// Where it comes from.
struct Source<T> {
    file: OperatorFile,
    most: usize,
    make: Box<Make<T>>,
    /// When to look again, in milliseconds since 1970.
    due: AtomicI64,
    /// Held during a look, so that there is one at a time.
    known: Mutex<Known>,
}

/// The file as it was last seen.
#[derive(Default)]
struct Known {
    etag: Option<String>,
    /// What is wrong with it.
    fault: Option<String>,
    /// Whether it, or one before it, is in force.
    in_force: bool,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Watched<T> {
        Watched { shared: Arc::clone(&self.shared) }
    }
}

impl<T: Send + Sync + 'static> Watched<T> {
    /// A value that nothing changes.
    pub fn fixed(usual: Arc<T>) -> Watched<T> {
        Watched::with_source(usual, None)
    }

    /// A value that is made by `make` of a file of `most` bytes at most, and is the `usual` one without a file. Nothing
    /// is read yet.
    pub fn of_file<E: ToString>(
        usual: Arc<T>,
        file: OperatorFile,
        most: usize,
        make: impl Fn(&[u8]) -> Result<T, E> + Send + Sync + 'static,
    ) -> Watched<T> {
        let make = Box::new(move |bytes: &[u8]| make(bytes).map_err(|fault| fault.to_string()));
        let source = Source { file, most, make, due: AtomicI64::new(i64::MIN), known: Mutex::default() };
        Watched::with_source(usual, Some(source))
    }

    fn with_source(usual: Arc<T>, source: Option<Source<T>>) -> Watched<T> {
        let current = RwLock::new(Arc::clone(&usual));
        Watched { shared: Arc::new(Shared { usual, current, source }) }
    }

    /// The value as it is known. Never waits.
    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.shared.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The first look, for the start of a function: returns within a second, whatever comes of it.
    pub async fn load(&self, now: Time) {
        if let Some(source) = &self.shared.source
            && self.shared.look(source, LONGEST_FIRST_LOOK).await
        {
            source.due.store(now.plus(PAUSE).millis(), Ordering::Relaxed);
        }
    }

    /// Has the file looked at in the background, if that is due. To be called when a request comes in; returns at once.
    pub fn refresh(&self, now: Time) {
        let Some(source) = &self.shared.source else { return };
        let due = source.due.load(Ordering::Relaxed);
        let next = now.plus(PAUSE).millis();
        let mine = now.millis() >= due
            && source.due.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if mine {
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move {
                if let Some(source) = &shared.source
                    && !shared.look(source, LONGEST_LOOK).await
                {
                    source.due.store(now.plus(PAUSE_AFTER_TROUBLE).millis(), Ordering::Relaxed);
                }
            });
        }
    }
}

impl<T> Shared<T> {
    /// Looks at the file and takes what it says; whether it could be looked at.
    async fn look(&self, source: &Source<T>, longest: Duration) -> bool {
        // Somebody looks already.
        let Ok(mut known) = source.known.try_lock() else { return true };
        let file = source.file.key();
        let reading = timeout(longest, source.file.read(known.etag.as_deref(), source.most)).await;
        let reading = reading.unwrap_or_else(|_| {
            let cause = format!("no answer within {} s", longest.as_secs());
            Err(Trouble::new("could not read the operator's file", cause))
        });
        match reading {
            Err(trouble) => {
                let error = format!("{trouble}: {:?}", trouble.cause);
                tracing::warn!(file, error, "operator file unread: what held before goes on to hold");
                return false;
            }
            Ok(Reading::Same) => {}
            Ok(Reading::Absent) => {
                if known.in_force || known.fault.is_some() {
                    tracing::info!(file, "the operator file is gone, and with it what it changed");
                }
                self.show(Arc::clone(&self.usual));
                *known = Known::default();
            }
            Ok(Reading::TooLarge { etag }) => {
                let fault = format!("it has more than {} bytes", source.most);
                *known = Known { etag, fault: Some(fault), in_force: known.in_force };
            }
            Ok(Reading::New { bytes, etag }) => match (source.make)(&bytes) {
                Ok(made) => {
                    self.show(Arc::new(made));
                    tracing::info!(file, etag = etag.as_deref(), "the operator file is in force");
                    *known = Known { etag, fault: None, in_force: true };
                }
                Err(fault) => *known = Known { etag, fault: Some(fault), in_force: known.in_force },
            },
        }
        // As long as it is there, so that the alarm lasts as long as the fault.
        if let Some(fault) = &known.fault {
            tracing::error!(file, fault, "operator file rejected: what held before goes on to hold");
        }
        true
    }

    fn show(&self, value: Arc<T>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = value;
    }
}
