//! Vendors that say by themselves that they have finished.

use super::{Chain, Engine};
use jobs::{
    Callback, Job, State, cadence,
    ports::{Accounts, Jobs, Queues, Trouble, Vendors},
};
use std::time::Duration;

impl<J: Jobs, A: Accounts, Q: Queues, V: Vendors> Engine<J, A, Q, V> {
    /// The vendor says that there is something to see. It is not believed, only asked.
    pub(super) async fn called_back(&self, job: &Job, callback: &Callback) -> Result<(), Trouble> {
        if !matches!(job.state, State::Running { .. } | State::Storing { .. }) {
            tracing::debug!(job.id = %job.id, "put aside a callback about a job that does not run");
            return Ok(());
        }
        let Ok(access) = self.access().await? else { return Ok(()) };
        let Some(address) = self.callback_address(job).await? else { return Ok(()) };
        if !self.adapter.trusts(&access, callback, &address, (self.clock)()) {
            tracing::warn!(job.id = %job.id, "put aside a callback that the vendor did not sign");
            return Ok(());
        }
        self.poll(job, false, Chain::Another).await
    }

    /// Where the vendor may say that it has finished, if it does such a thing.
    pub(super) async fn callback_address(&self, job: &Job) -> Result<Option<String>, Trouble> {
        let Some(base) = self.callback_base.as_ref().filter(|_| self.adapter.calls_back()) else {
            return Ok(None);
        };
        let Some(account) = self.accounts.account(&job.account).await? else { return Ok(None) };
        let vendor = self.adapter.vendor();
        let token =
            signing::token(account.link_key.reveal().as_bytes(), &["callback", vendor, job.id.as_str()]);
        Ok(Some(format!("{base}/callbacks/{vendor}/{}/{token}", job.id)))
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
