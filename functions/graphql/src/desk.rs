//! The front desk: what it decides, apart from any protocol. Each file decides one thing from values that it fetches
//! through the ports of `jobs`; tests run the same code with the ports in memory.
//!
//! [`Desk`] is what the schema and the HTTP side see of it: a trait without generics, so that they don't need any.

mod accept;
mod authenticate;
mod callback;
mod cancel;
mod check;
mod cursor;
mod delete;
mod file;
mod known;
mod ledger;
mod list;
mod pager;
mod rates;
mod read;
mod reader;
mod sight;
mod wait;
mod webhook;

pub(crate) use accept::{Asked, DAYS_KEPT, Placed};
pub(crate) use authenticate::Caller;
pub(crate) use callback::CallbackAddress;
pub(crate) use check::{Draft, MOST_EXTRAS, problem};
pub(crate) use ledger::Transaction;
pub(crate) use list::Filter;
pub(crate) use pager::{Page, Wanted};
pub(crate) use rates::{Rate, Rates};
pub(crate) use sight::Sight;
pub(crate) use wait::LONGEST_WAIT;
pub(crate) use webhook::Probe;

use crate::error::ApiError;
use catalogue::{Catalogue, Problem, World};
use cloud::Watched;
use futures_util::future::BoxFuture;
use jobs::{
    Account, Job, JobId, Mode, Plan, Time,
    health::Watch,
    ports::{Accounts, Jobs, Queues, Trouble, Vendors},
    scrub::chain,
};
use known::Known;
use outbound::{AllowList, Door, StandIns};
use std::{collections::BTreeSet, future::Future, sync::OnceLock, time::Duration};
use tokio::time::Instant;

/// How long a link to a file works. Fresh ones are had by reading the generation again.
pub(crate) const LINK_LIFE: Duration = Duration::from_secs(3600);

/// Gives out links to finished files, and removes files. Real in `cloud`, made up in tests.
pub trait Links: Send + Sync {
    /// A link that works without a key until `life` has passed.
    fn link(&self, key: &str, life: Duration) -> impl Future<Output = Result<String, Trouble>> + Send;

    /// Removes a file; one that is not there is as good as removed.
    fn remove(&self, key: &str) -> impl Future<Output = Result<(), Trouble>> + Send;
}

impl Links for cloud::Outputs {
    async fn link(&self, key: &str, life: Duration) -> Result<String, Trouble> {
        cloud::Outputs::link(self, key, life).await
    }

    async fn remove(&self, key: &str) -> Result<(), Trouble> {
        cloud::Outputs::remove(self, key).await
    }
}

/// What the operator has set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Private addresses that callers may name all the same.
    pub allow: AllowList,
    /// Hosts that are played by somebody else, in a local run.
    pub stand_ins: StandIns,
    /// Vendors that have a poller.
    pub live_vendors: BTreeSet<String>,
    /// Multiplies the usual times of all models; 1 except where simulated vendors run faster.
    pub latency_scale: f64,
    /// Where callers reach us, without a slash at its end.
    pub public_base_url: String,
}

/// What the desk answers, in its time.
pub(crate) type Answer<'a, T = ()> = BoxFuture<'a, Result<T, ApiError>>;

/// The desk as everybody else here sees it.
pub(crate) trait Desk: Send + Sync {
    /// Who sends this `Authorization` header.
    fn authenticate<'a>(&'a self, header: Option<&'a str>, now: Time) -> Answer<'a, Caller>;

    /// Counts one read, unless the minute's reads are used up.
    fn count_read(&self, caller: &Caller, now: Time) -> Result<(), ApiError>;

    /// How much the caller has left.
    fn rates(&self, caller: &Caller, now: Time) -> Rates;

    /// How an order would be made, and for how much.
    fn estimate<'a>(&'a self, caller: &'a Caller, draft: &'a Draft, now: Time) -> Answer<'a, Plan>;

    /// What is wrong with an order, however the vendors are doing.
    fn problems(&self, caller: &Caller, draft: &Draft) -> Vec<Problem>;

    /// Accepts an order, or answers the one that has its idempotency key.
    fn accept<'a>(&'a self, caller: &'a Caller, asked: Asked, now: Time) -> Answer<'a, Placed>;

    /// The generation once it has ended, or as it is at `until`.
    fn wait(&self, job: Job, until: Instant) -> BoxFuture<'_, Job>;

    /// The caller's generation of this id.
    fn generation<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a, Job>;

    /// A page of the caller's generations.
    fn generations<'a>(
        &'a self,
        caller: &'a Caller,
        wanted: Wanted,
        filter: Filter,
        now: Time,
    ) -> Answer<'a, Page<Job>>;

    /// The caller's generations that wait until fewer of them run, oldest first.
    fn waiting<'a>(&'a self, caller: &'a Caller) -> Answer<'a, Vec<JobId>>;

    /// A fresh link to a finished file.
    fn link<'a>(&'a self, key: &'a str) -> Answer<'a, String>;

    /// Stops a generation: whether it was stopped or will be.
    fn cancel<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a, bool>;

    /// Removes an ended generation, its files and the content of its record.
    fn delete<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a>;

    /// Has the news of an ended generation delivered again.
    fn redeliver<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a>;

    /// Sends a sample event to a receiver and waits for its answer, for so long at most.
    fn probe<'a>(
        &'a self,
        caller: &'a Caller,
        url: &'a str,
        now: Time,
        longest: Duration,
    ) -> Answer<'a, Probe>;

    /// A new webhook secret, and until when the one before it still signs.
    fn rotate<'a>(&'a self, caller: &'a Caller, now: Time) -> Answer<'a, (signing::Secret, Time)>;

    /// The caller's account as it is now.
    fn account<'a>(&'a self, caller: &'a Caller) -> Answer<'a, Account>;

    /// A page of what moved the caller's credits.
    fn transactions<'a>(&'a self, caller: &'a Caller, wanted: Wanted) -> Answer<'a, Page<Transaction>>;

    /// Where a stable link leads at this moment; nothing if it is not one of ours.
    fn file<'a>(&'a self, link: file::StableLink<'a>, now: Time) -> Answer<'a, Option<String>>;

    /// Hands on what a vendor says by itself; `false` if the address is not one of ours.
    fn callback<'a>(
        &'a self,
        address: CallbackAddress<'a>,
        callback: jobs::Callback,
    ) -> BoxFuture<'a, Result<bool, ApiError>>;

    /// What can be used, and how it is doing, for keys of this mode.
    fn sight(&self, mode: Mode, now: Time) -> BoxFuture<'_, Sight<'_>>;
}

pub(crate) use file::StableLink;

/// The desk with its ports.
pub struct Office<J, A, Q, L, V> {
    jobs: J,
    accounts: A,
    queues: Q,
    links: L,
    vendors: V,
    watch: Watch,
    settings: Settings,
    catalogue: Watched<Catalogue>,
    known: Known,
    /// Made when it is first needed: most processes never call anybody outside.
    door: OnceLock<Door>,
}

/// What the desk works with.
pub struct Ports<J, A, Q, L, V> {
    /// The generations.
    pub jobs: J,
    /// Who may order them.
    pub accounts: A,
    /// The way to those who make them.
    pub queues: Q,
    /// The way to finished files.
    pub links: L,
    /// What is known of the vendors.
    pub vendors: V,
}

impl<J: Jobs, A: Accounts, Q: Queues, L: Links, V: Vendors> Office<J, A, Q, L, V> {
    /// A desk that knows nobody yet.
    pub fn new(
        ports: Ports<J, A, Q, L, V>,
        settings: Settings,
        catalogue: Watched<Catalogue>,
    ) -> Office<J, A, Q, L, V> {
        let Ports { jobs, accounts, queues, links, vendors } = ports;
        let (watch, known, door) = (Watch::default(), Known::default(), OnceLock::new());
        Office { jobs, accounts, queues, links, vendors, watch, settings, catalogue, known, door }
    }

    async fn look(&self, mode: Mode, now: Time) -> Sight<'_> {
        let (picture, trouble) = self.watch.picture(&self.vendors, now).await;
        if let Err(trouble) = trouble {
            let error = chain(&trouble);
            tracing::warn!(error, "could not read how vendors are");
        }
        Sight {
            catalogue: self.catalogue.current(),
            mode,
            live_vendors: &self.settings.live_vendors,
            latency_scale: self.settings.latency_scale,
            picture,
            now,
        }
    }

    pub(crate) fn public_base_url(&self) -> &str {
        &self.settings.public_base_url
    }

    fn door(&self) -> Result<&Door, ApiError> {
        if let Some(door) = self.door.get() {
            return Ok(door);
        }
        let Settings { allow, stand_ins, .. } = &self.settings;
        let (allow, stand_ins) = (allow.clone(), stand_ins.clone());
        let options = outbound::Options { allow, stand_ins, ..outbound::Options::default() };
        let door = Door::new(options).map_err(|cause| Trouble::new("could not open the way out", cause))?;
        Ok(self.door.get_or_init(|| door))
    }
}

impl<J: Jobs, A: Accounts, Q: Queues, L: Links, V: Vendors> Desk for Office<J, A, Q, L, V> {
    fn authenticate<'a>(&'a self, header: Option<&'a str>, now: Time) -> Answer<'a, Caller> {
        Box::pin(authenticate::authenticate(&self.accounts, &self.known, header, now))
    }

    fn count_read(&self, caller: &Caller, now: Time) -> Result<(), ApiError> {
        rates::count_read(&self.known, caller, now)
    }

    fn rates(&self, caller: &Caller, now: Time) -> Rates {
        rates::rates(&self.known, caller, now)
    }

    fn estimate<'a>(&'a self, caller: &'a Caller, draft: &'a Draft, now: Time) -> Answer<'a, Plan> {
        Box::pin(async move {
            let sight = self.look(caller.mode, now).await;
            check::choose(&sight.catalogue, draft, &sight.world(true), &self.settings.allow)
        })
    }

    fn problems(&self, caller: &Caller, draft: &Draft) -> Vec<Problem> {
        let Settings { live_vendors, latency_scale, allow, .. } = &self.settings;
        let (mode, latency_scale) = (caller.mode, *latency_scale);
        let world = World { mode, live_vendors, latency_scale, knowledge: None };
        check::choose(&self.catalogue.current(), draft, &world, allow)
            .err()
            .map(ApiError::into_problems)
            .unwrap_or_default()
    }

    fn accept<'a>(&'a self, caller: &'a Caller, asked: Asked, now: Time) -> Answer<'a, Placed> {
        Box::pin(async move {
            let sight = self.look(caller.mode, now).await;
            let allow = &self.settings.allow;
            let choice = sight::choose(&self.vendors, &self.watch, &sight, &asked.draft, allow).await;
            accept::accept(&self.jobs, &self.queues, &self.known, caller, asked, choice, now).await
        })
    }

    fn wait(&self, job: Job, until: Instant) -> BoxFuture<'_, Job> {
        Box::pin(wait::wait(&self.jobs, job, until))
    }

    fn generation<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a, Job> {
        Box::pin(read::generation(&self.jobs, caller, id, now))
    }

    fn generations<'a>(
        &'a self,
        caller: &'a Caller,
        wanted: Wanted,
        filter: Filter,
        now: Time,
    ) -> Answer<'a, Page<Job>> {
        Box::pin(async move {
            list::generations(&self.jobs, &self.catalogue.current(), caller, &wanted, &filter, now).await
        })
    }

    fn waiting<'a>(&'a self, caller: &'a Caller) -> Answer<'a, Vec<JobId>> {
        Box::pin(read::waiting(&self.jobs, caller))
    }

    fn link<'a>(&'a self, key: &'a str) -> Answer<'a, String> {
        Box::pin(async move { Ok(self.links.link(key, LINK_LIFE).await?) })
    }

    fn cancel<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a, bool> {
        Box::pin(cancel::cancel(&self.jobs, &self.accounts, &self.queues, caller, id, now))
    }

    fn delete<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a> {
        Box::pin(delete::delete(&self.jobs, &self.links, caller, id, now))
    }

    fn redeliver<'a>(&'a self, caller: &'a Caller, id: &'a str, now: Time) -> Answer<'a> {
        Box::pin(webhook::redeliver(&self.jobs, &self.queues, caller, id, now))
    }

    fn probe<'a>(
        &'a self,
        caller: &'a Caller,
        url: &'a str,
        now: Time,
        longest: Duration,
    ) -> Answer<'a, Probe> {
        Box::pin(async move {
            let base = &self.settings.public_base_url;
            webhook::probe(&self.accounts, self.door()?, base, caller, url, now, longest).await
        })
    }

    fn rotate<'a>(&'a self, caller: &'a Caller, now: Time) -> Answer<'a, (signing::Secret, Time)> {
        Box::pin(webhook::rotate(&self.accounts, caller, now))
    }

    fn account<'a>(&'a self, caller: &'a Caller) -> Answer<'a, Account> {
        Box::pin(read::account(&self.accounts, caller))
    }

    fn transactions<'a>(&'a self, caller: &'a Caller, wanted: Wanted) -> Answer<'a, Page<Transaction>> {
        Box::pin(async move { ledger::transactions(&self.jobs, &self.accounts, caller, &wanted).await })
    }

    fn file<'a>(&'a self, link: StableLink<'a>, now: Time) -> Answer<'a, Option<String>> {
        Box::pin(file::file(&self.jobs, &self.accounts, &self.links, link, now))
    }

    fn callback<'a>(
        &'a self,
        address: CallbackAddress<'a>,
        callback: jobs::Callback,
    ) -> BoxFuture<'a, Result<bool, ApiError>> {
        Box::pin(callback::callback(&self.jobs, &self.accounts, &self.queues, address, callback))
    }

    fn sight(&self, mode: Mode, now: Time) -> BoxFuture<'_, Sight<'_>> {
        Box::pin(self.look(mode, now))
    }
}
