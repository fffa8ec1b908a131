//! The desk of a vendor: what submits, polls and lists of all vendors have in common.
//!
//! A vendor gives its wire, its checks and its words ([`Protocol`]); the desk keeps the account, brings the faults
//! to their calls, counts, and sends callbacks.

use crate::callbacks::{self, Notice};
use crate::clock;
use crate::faults::{Ailment, Ailments, DOWNLOAD, Fault, POLL};
use crate::ledger::Count;
use crate::links::{self, Link, Signature};
use crate::random;
use crate::reply;
use crate::shelf::lock;
use crate::tasks::{Order, Task, Tasks};
use crate::vendor::Vendor;
use crate::works::Work;
use crate::world::World;
use axum::response::Response;
use http::StatusCode;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a vendor says no.
pub(crate) trait Refuse: Send + Sized + 'static {
    /// What a fault answers instead of the call, if it is one that answers. A fault that this leaves out meets the
    /// task instead of the submit.
    fn of(fault: Fault) -> Option<Self>;

    /// How the refusal is counted, such as `429 1303`.
    fn reason(&self) -> String;

    fn response(&self) -> Response;
}

/// What is special about a vendor.
pub(crate) trait Protocol: Send + Sync + Sized + 'static {
    const VENDOR: Vendor;

    /// How many seconds after the end of the work a link to its result dies; `None` for links that last.
    const LINK_SECONDS: Option<f64> = None;

    /// Whether orders over a limit wait for a place ([`State::Throttled`](crate::tasks::State::Throttled)) instead of being refused as busy.
    const QUEUES: bool = false;

    /// How often a callback is sent until it is taken.
    const CALLBACK_TRIES: u32 = 3;

    type Order: Order;
    type Refusal: Refuse;
    /// What the account has besides tasks: balance, assets, history.
    type Account: Default + Send + Sync;

    /// The answer to a look at a task that is not there, or, `late`, not yet.
    fn unknown(id: &str, late: bool) -> Self::Refusal;

    fn new_id(_order: &Self::Order) -> String {
        random::uuid()
    }

    /// What an order with the client id of another does: it is refused, or answered with the task that there is.
    ///
    /// # Errors
    ///
    /// The order is refused.
    fn twin(_existing: &Task<Self::Order>, _order: &Self::Order) -> Result<(), Self::Refusal> {
        Ok(())
    }

    /// Writes down an order that was just paid.
    fn paid(_desk: &Desk<Self>, _task: &Task<Self::Order>) {}

    /// The callback that tells of the state which the task has now, if the vendor tells of it. Asked for when the task
    /// was ordered, when its work begins and when it ends, and for each further try.
    fn notice(_desk: &Desk<Self>, _task: &Task<Self::Order>, _now: u64) -> Option<Notice> {
        None
    }
}

/// An account with everything that handlers need.
#[derive(Debug)]
pub(crate) struct Desk<P: Protocol> {
    pub(crate) world: Arc<World>,
    pub(crate) account: P::Account,
    tasks: Mutex<Tasks<P::Order>>,
}

type Tasked<P> = Arc<Task<<P as Protocol>::Order>>;

/// Faults that refuse a submit, as far as the vendor has a refusal for them.
const REFUSING: [Fault; 7] = [
    Fault::Unauthorized,
    Fault::NoCredit,
    Fault::ServerError,
    Fault::Busy,
    Fault::Moderate,
    Fault::ModerateOutput,
    Fault::Fail,
];

/// What comes in place of the answer to a submit that was carried out.
fn spoiled(ailments: &Ailments) -> Option<Response> {
    let has = |fault| ailments.has(fault);
    match () {
        () if has(Fault::Lost) => Some(reply::hang_up()),
        () if has(Fault::HtmlAnswer) => Some(reply::garbage()),
        () if has(Fault::EmptyAnswer) => Some(reply::empty(StatusCode::OK)),
        () if has(Fault::HugeAnswer) => Some(reply::endless()),
        () => None,
    }
}

impl<P: Protocol> Desk<P> {
    /// An empty account.
    pub(crate) fn open(world: &Arc<World>) -> Arc<Self> {
        Arc::new(Self { world: Arc::clone(world), account: P::Account::default(), tasks: Mutex::default() })
    }

    /// The part of addresses in answers that leads to this vendor, without a slash at the end.
    pub(crate) fn base(&self) -> String {
        format!("{}/{}", self.world.base, P::VENDOR.name())
    }

    /// Makes a task of a submit. `read` looks at the credential and reads the order.
    ///
    /// # Errors
    ///
    /// The answer of a submit that gives no task, or none that the client hears of.
    pub(crate) async fn submit(
        self: &Arc<Self>,
        operation: &str,
        read: impl Future<Output = Result<P::Order, P::Refusal>>,
    ) -> Result<Tasked<P>, Response> {
        let (order, ailments) = self.receive(operation, read).await?;
        // Those of this call: the task may be that of an earlier one.
        let accepted = self.accept(operation, order, ailments.clone());
        let task = accepted.map_err(|refusal| refusal.response())?;
        if let Some(spoiled) = spoiled(&ailments) {
            return Err(spoiled);
        }
        ailments.hold_answer().await;
        Ok(task)
    }

    /// Carries out a call whose answer is the result itself: the same as a submit, and waits for the end.
    ///
    /// # Errors
    ///
    /// The answer of a call that gives no result, or none that the client hears of.
    pub(crate) async fn perform(
        self: &Arc<Self>,
        operation: &str,
        read: impl Future<Output = Result<P::Order, P::Refusal>>,
    ) -> Result<Tasked<P>, Response> {
        let (order, ailments) = self.receive(operation, read).await?;
        if ailments.has(Fault::Hang) {
            return Err(reply::never().await);
        }
        // Paid at once: whoever hangs up during the work pays all the same.
        let accepted = self.accept(operation, order, ailments.clone());
        let task = accepted.map_err(|refusal| refusal.response())?;
        clock::sleep_until(task.span.ends.unwrap_or_default()).await;
        for work in task.order.works() {
            self.world.studio.file(&work).await;
        }
        ailments.hold_answer().await;
        if let Some(spoiled) = spoiled(&ailments) {
            return Err(spoiled);
        }
        if ailments.has(Fault::Garbage) {
            return Err(reply::garbage());
        }
        Ok(task)
    }

    async fn receive(
        &self,
        operation: &str,
        read: impl Future<Output = Result<P::Order, P::Refusal>>,
    ) -> Result<(P::Order, Ailments), Response> {
        self.world.ledger.received(P::VENDOR, operation);
        let order = read.await.map_err(|refusal| self.refused(operation, &refusal))?;
        let ailments = self.world.faults.at_submit(P::VENDOR, order.prompt());
        let refusal = REFUSING.into_iter().filter(|fault| ailments.has(*fault)).find_map(P::Refusal::of);
        match refusal {
            Some(refusal) => Err(self.not_accepted(operation, &order, refusal).response()),
            None => Ok((order, ailments)),
        }
    }

    fn accept(
        self: &Arc<Self>,
        operation: &str,
        order: P::Order,
        ailments: Ailments,
    ) -> Result<Tasked<P>, P::Refusal> {
        let now = clock::now();
        let usual = self.world.milliseconds(order.seconds());
        let milliseconds = ailments.slow_seconds().map_or(usual, |seconds| seconds * 1000);
        let mut tasks = lock(&self.tasks);
        if let Some(existing) = order.client_id().and_then(|id| tasks.of_client(id)) {
            return match P::twin(&existing, &order) {
                Ok(()) => Ok(existing),
                Err(refusal) => Err(self.not_accepted(operation, &order, refusal)),
            };
        }
        let places = order.limits().iter().map(|limit| tasks.free_place(limit, self.world.limit(limit), now));
        let starts = places.max().unwrap_or(now);
        let busy = P::Refusal::of(Fault::Busy).filter(|_| starts > now && !P::QUEUES);
        if let Some(refusal) = busy {
            return Err(self.not_accepted(operation, &order, refusal));
        }
        let task = Arc::new(Task::new(P::new_id(&order), order, ailments, now, starts, milliseconds));
        tasks.add(&task);
        drop(tasks);
        let (prompt, client_id) = (task.order.prompt(), task.order.client_id());
        self.world.ledger.paid(P::VENDOR, operation, prompt, &task.id, client_id, &task.seen);
        P::paid(self, &task);
        callbacks::watch(self, &task);
        Ok(task)
    }

    /// Counts a call that does not order, looks at the credential, and brings an armed fault. `operation` is one of
    /// [`OPERATIONS`](crate::faults::OPERATIONS).
    ///
    /// # Errors
    ///
    /// The answer of the vendor who does not let it through.
    pub(crate) async fn admit(
        &self,
        operation: &'static str,
        credential: Result<(), P::Refusal>,
    ) -> Result<(), Response> {
        self.admit_for(operation, "", credential).await
    }

    async fn admit_for(
        &self,
        operation: &'static str,
        id: &str,
        credential: Result<(), P::Refusal>,
    ) -> Result<(), Response> {
        self.count(operation);
        credential.map_err(|refusal| self.refused(operation, &refusal))?;
        match self.trouble(operation, id).await {
            Some(response) => Err(response),
            None => Ok(()),
        }
    }

    /// What an armed fault answers instead of the vendor.
    async fn trouble(&self, operation: &str, id: &str) -> Option<Response> {
        let Ailment { fault, number } = self.world.faults.armed(P::VENDOR, operation)?;
        match fault {
            Fault::Garbage | Fault::HtmlFile => Some(reply::garbage()),
            Fault::Lost => Some(reply::hang_up()),
            Fault::Hang => Some(reply::never().await),
            Fault::PollError => P::Refusal::of(Fault::ServerError).map(|refusal| refusal.response()),
            Fault::Late => Some(P::unknown(id, true).response()),
            Fault::Slow => {
                tokio::time::sleep(Duration::from_secs(number.unwrap_or(30))).await;
                None
            }
            fault => P::Refusal::of(fault).map(|refusal| refusal.response()),
        }
    }

    /// Looks at a task as a poll does. Only tasks that `fits` are known there.
    ///
    /// # Errors
    ///
    /// The answer of a poll that tells nothing of the task.
    pub(crate) async fn poll(
        &self,
        id: &str,
        credential: Result<(), P::Refusal>,
        fits: impl Fn(&P::Order) -> bool,
    ) -> Result<Tasked<P>, Response> {
        self.admit_for(POLL, id, credential).await?;
        let task = self.find(id).filter(|task| fits(&task.order));
        let task = task.ok_or_else(|| self.refused(POLL, &P::unknown(id, false)))?;
        let polls = task.polled();
        let meets = |fault| polls < task.ailments.times(fault);
        if meets(Fault::Late) {
            return Err(P::unknown(id, true).response());
        }
        if meets(Fault::Garbage) {
            return Err(reply::garbage());
        }
        match P::Refusal::of(Fault::ServerError).filter(|_| meets(Fault::PollError)) {
            Some(refusal) => Err(refusal.response()),
            None => Ok(task),
        }
    }

    /// The task with this id of ours or the client's.
    pub(crate) fn find(&self, id: &str) -> Option<Tasked<P>> {
        lock(&self.tasks).find(id)
    }

    /// Forgets a task and its results: it is unknown from now on, and its links are dead.
    pub(crate) fn destroy(&self, task: &Task<P::Order>) {
        lock(&self.tasks).remove(&task.id);
        for link in task.links.get().into_iter().flatten() {
            self.world.links.close(link);
        }
    }

    /// The tasks that fit, the newest first.
    pub(crate) fn newest(&self, fits: impl Fn(&P::Order) -> bool) -> Vec<Tasked<P>> {
        lock(&self.tasks).newest().filter(|task| fits(&task.order)).cloned().collect()
    }

    /// How many tasks count in a limit now.
    pub(crate) fn active(&self, limit: &str) -> usize {
        lock(&self.tasks).active(limit, clock::now())
    }

    /// Links to the results of a task, the same at every look; none if it is to end without a result.
    pub(crate) fn links(&self, task: &Task<P::Order>) -> Vec<String> {
        let open = |work: Work| {
            let signature = P::LINK_SECONDS
                .map(|seconds| Signature { begins: task.span.ends.unwrap_or_default(), seconds });
            let link = Link { vendor: P::VENDOR, work, fault: task.ailments.of_file(), signature };
            format!("{}{}", self.world.base, self.world.links.open(link))
        };
        if task.ailments.has(Fault::Empty) {
            return Vec::new();
        }
        task.links.get_or_init(|| task.order.works().into_iter().map(open).collect()).clone()
    }

    /// The file of a result as the answer to a call of the vendor's own, behind its credential. It is to be
    /// [admitted](Self::admit) as a download before.
    pub(crate) async fn file(&self, task: &Task<P::Order>, index: usize) -> Response {
        let fault = task.ailments.of_file().or(Some(Fault::Empty).filter(|fault| task.ailments.has(*fault)));
        match (task.order.works().get(index), fault) {
            (Some(_), Some(Fault::Redirect)) => reply::to_a_private_address(),
            (Some(work), fault) if fault != Some(Fault::BadLink) => {
                links::file(&self.world, work, fault).await
            }
            _ => self.refused(DOWNLOAD, &P::unknown(&task.id, false)),
        }
    }

    /// Counts a call that does not order.
    pub(crate) fn count(&self, operation: &str) {
        if let Some(what) = Count::of(operation) {
            self.world.ledger.count(P::VENDOR, what);
        }
    }

    /// Counts a refusal and tells it.
    pub(crate) fn refused(&self, operation: &str, refusal: &P::Refusal) -> Response {
        self.world.ledger.refused(P::VENDOR, operation, None, &refusal.reason());
        refusal.response()
    }

    /// Counts the refusal of an order that was read.
    fn not_accepted(&self, operation: &str, order: &P::Order, refusal: P::Refusal) -> P::Refusal {
        self.world.ledger.refused(P::VENDOR, operation, Some(order.prompt()), &refusal.reason());
        refusal
    }
}
