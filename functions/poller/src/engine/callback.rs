//! Vendors that say by themselves that they have finished.

use super::{Chain, Engine, ticket_of};
use jobs::{
    Called, Job, State, Ticket, cadence,
    ports::{Accounts, Jobs, Queues, Trouble, Vendors},
};
use providers::Access;
use std::time::Duration;

impl<J: Jobs, A: Accounts, Q: Queues, V: Vendors> Engine<J, A, Q, V> {
    /// The vendor says that there is something to see. It is not believed, only asked.
    pub(super) async fn called_back(&self, job: &Job, called: &Called) -> Result<(), Trouble> {
        let Some(ticket) = ticket_of(job) else {
            tracing::debug!(job.id = %job.id, "put aside a callback about a job that does not run");
            return Ok(());
        };
        if self.adapter.still_runs(&called.callback) {
            tracing::debug!(job.id = %job.id, "put aside a callback that tells of work");
            return Ok(());
        }
        let Ok(access) = self.access().await? else { return Ok(()) };
        if !self.trusts(job, ticket, &access, called).await {
            tracing::warn!(job.id = %job.id, "put aside a callback that can't be told to be the vendor's");
            return Ok(());
        }
        self.poll(job, false, Chain::Another).await
    }

    async fn trusts(&self, job: &Job, ticket: &Ticket, access: &Access, called: &Called) -> bool {
        let Called { token, callback } = called;
        let Some(address) = self.address(job, token.reveal()) else { return false };
        let now = (self.clock)();
        if !self.adapter.trusts(access, callback, &address, now) {
            return false;
        }
        let Some(published) = self.adapter.published_keys(access) else { return true };
        let is_signed = |keys: &_| self.adapter.is_signed_with(keys, callback, ticket);
        self.keys.any(&self.door, &published, now, is_signed).await
    }

    /// Where the vendor may say that it has finished, if it does such a thing.
    pub(super) async fn callback_address(&self, job: &Job) -> Result<Option<String>, Trouble> {
        if self.callback_base.is_none() || !self.adapter.calls_back() {
            return Ok(None);
        }
        let Some(account) = self.accounts.account(&job.account).await? else { return Ok(None) };
        let (key, vendor) = (account.link_key.reveal().as_bytes(), self.adapter.vendor());
        Ok(self.address(job, &signing::token(key, &["callback", vendor, job.id.as_str()])))
    }

    fn address(&self, job: &Job, token: &str) -> Option<String> {
        let base = self.callback_base.as_ref().filter(|_| self.adapter.calls_back())?;
        Some(format!("{base}/callbacks/{}/{}/{token}", self.adapter.vendor(), job.id))
    }

    /// How long to leave a vendor alone at least: as long as it asked for, and where it will tell us when it is done, until
    /// it should have.
    pub(super) fn patience(&self, job: &Job, asked: Option<Duration>) -> Option<Duration> {
        let tells = self.callback_base.is_some() && self.adapter.calls_back();
        let State::Running { since, .. } = &job.state else { return asked };
        let look = || cadence::next_look((self.clock)().since(*since), job.plan.median, job.plan.poll_floor);
        tells.then(look).max(asked)
    }
}
