//! The ports as a process meets them: every call takes a moment before and after its effect, in which others act, time
//! passes or the process dies.

use jobs::{
    Account, AccountId, Change, Job, JobId, KeyHash, KeyRecord, Letter, Limits, Place, Stretch, Tier, Time,
    account::Hidden,
    health::{CutOff, Health, Sample, Scope, Speed, Tally, Watch},
    ports::{Accepted, Accounts, Address, Admission, Grant, Granted, Jobs, Queues, Saved, Trouble, Vendors},
};
use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use testkit::Memory;

/// Memory, behind pauses.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) memory: Memory,
    pub(crate) clock: Clock,
    /// What the process knows of the vendors.
    pub(crate) watch: Arc<Watch>,
}

/// The one clock of the model.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn at(time: Time) -> Clock {
        Clock(Arc::new(AtomicI64::new(time.millis())))
    }

    pub(crate) fn now(&self) -> Time {
        Time::from_millis(self.0.load(Ordering::SeqCst))
    }

    /// Moves on; never back.
    pub(crate) fn move_to(&self, time: Time) {
        self.0.fetch_max(time.millis(), Ordering::SeqCst);
    }

    pub(crate) fn pass(&self, span: Duration) {
        self.move_to(self.now().plus(span));
    }
}

/// A moment in which the schedule decides who goes on.
pub(crate) fn pause() -> impl Future<Output = ()> + Send {
    struct Once(bool);
    impl Future for Once {
        type Output = ();
        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            if std::mem::replace(&mut self.0, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }
    }
    Once(false)
}

async fn slowly<T>(call: impl Future<Output = T>) -> T {
    pause().await;
    let outcome = call.await;
    pause().await;
    outcome
}

impl Jobs for Stage {
    async fn load(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        slowly(self.memory.load(id)).await
    }

    async fn peek(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        slowly(self.memory.peek(id)).await
    }

    async fn accept(&self, job: &Job, admission: &Admission) -> Result<Accepted, Trouble> {
        slowly(self.memory.accept(job, admission)).await
    }

    async fn save(&self, change: &Change, most_running: u32) -> Result<Saved, Trouble> {
        slowly(self.memory.save(change, most_running)).await
    }

    async fn due(&self, shard: u8, now: Time, most: u32) -> Result<Vec<JobId>, Trouble> {
        slowly(self.memory.due(shard, now, most)).await
    }

    async fn held(&self, account: &AccountId, most: u32) -> Result<Vec<JobId>, Trouble> {
        slowly(self.memory.held(account, most)).await
    }

    async fn list(&self, account: &AccountId, stretch: &Stretch) -> Result<Vec<Place>, Trouble> {
        slowly(self.memory.list(account, stretch)).await
    }

    async fn peek_all(&self, ids: &[JobId]) -> Result<Vec<Job>, Trouble> {
        slowly(self.memory.peek_all(ids)).await
    }
}

impl Accounts for Stage {
    async fn key(&self, hash: &KeyHash) -> Result<Option<KeyRecord>, Trouble> {
        slowly(self.memory.key(hash)).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Trouble> {
        slowly(self.memory.account(id)).await
    }

    async fn create(&self, account: &Account) -> Result<bool, Trouble> {
        slowly(self.memory.create(account)).await
    }

    async fn add_key(&self, key: &KeyRecord) -> Result<bool, Trouble> {
        slowly(self.memory.add_key(key)).await
    }

    async fn keys(&self, id: &AccountId) -> Result<Vec<KeyRecord>, Trouble> {
        slowly(self.memory.keys(id)).await
    }

    async fn revoke_key(&self, hash: &KeyHash, now: Time) -> Result<bool, Trouble> {
        slowly(self.memory.revoke_key(hash, now)).await
    }

    async fn set_tier(&self, id: &AccountId, tier: Tier, limits: Limits) -> Result<bool, Trouble> {
        slowly(self.memory.set_tier(id, tier, limits)).await
    }

    async fn rotate_webhook_secret(
        &self,
        id: &AccountId,
        secret: &Hidden,
        old_until: Time,
    ) -> Result<bool, Trouble> {
        slowly(self.memory.rotate_webhook_secret(id, secret, old_until)).await
    }

    async fn top_ups(&self, id: &AccountId, stretch: &Stretch) -> Result<Vec<Grant>, Trouble> {
        slowly(self.memory.top_ups(id, stretch)).await
    }

    async fn add_credits(&self, grant: &Grant) -> Result<Granted, Trouble> {
        slowly(self.memory.add_credits(grant)).await
    }
}

impl Queues for Stage {
    async fn send(
        &self,
        to: &Address,
        letter: &Letter,
        account: &AccountId,
        delay: Duration,
    ) -> Result<(), Trouble> {
        slowly(self.memory.send(to, letter, account, delay)).await
    }
}

impl Vendors for Stage {
    async fn count(
        &self,
        vendor: &str,
        counts: &BTreeMap<Scope, Tally>,
        now: Time,
    ) -> Result<Health, Trouble> {
        slowly(self.memory.count(vendor, counts, now)).await
    }

    async fn set_cut(
        &self,
        vendor: &str,
        scope: &Scope,
        before: Option<&CutOff>,
        after: &CutOff,
    ) -> Result<bool, Trouble> {
        slowly(self.memory.set_cut(vendor, scope, before, after)).await
    }

    async fn healths(&self) -> Result<BTreeMap<String, Health>, Trouble> {
        slowly(self.memory.healths()).await
    }

    async fn remember(&self, samples: &[Sample]) -> Result<(), Trouble> {
        slowly(self.memory.remember(samples)).await
    }

    async fn speeds(&self) -> Result<BTreeMap<String, Speed>, Trouble> {
        slowly(self.memory.speeds()).await
    }
}
