//! The rules that every store keeps. `Memory` and the real tables run the same cases, so that a test against `Memory`
//! tells the truth about the tables.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, in a library so that two stores can share them"
)]

mod accepting;
mod accounts;
mod listing;
mod saving;
mod vendors;

use crate::builders::{account, account_id, admission};
use jobs::{
    Account, Event, Job, Limits, Tier, Time, advance,
    life::AccountChange,
    money::Balance,
    ports::{Accepted, Accounts, Admission, Jobs, Saved, Vendors},
};

/// Jobs, accounts and vendors over one and the same storage.
pub struct Stores<J, A, V> {
    /// The jobs.
    pub jobs: J,
    /// The accounts that their transactions move.
    pub accounts: A,
    /// What is known of the vendors.
    pub vendors: V,
}

/// Runs every case, each with stores that `make` gives it: empty, and of its own.
///
/// # Panics
/// At the first rule that is not kept; the case's name was printed just before.
pub async fn store_contract<J: Jobs, A: Accounts, V: Vendors>(make: impl AsyncFn() -> Stores<J, A, V>) {
    macro_rules! run {
        ($($room:ident::$case:ident),* $(,)?) => { $(
            eprintln!("store contract: {}", stringify!($room::$case));
            $room::$case(&make().await).await;
        )* };
    }
    run!(
        accepting::a_new_job_is_stored_and_its_credits_are_set_aside,
        accepting::a_taken_id_gives_the_job_that_has_it,
        accepting::a_taken_id_comes_before_the_account_s_conditions,
        accepting::an_expired_record_is_replaced_once_it_is_wholly_done,
        accepting::credits_must_cover_the_cost,
        accepting::a_test_job_costs_nothing,
        accepting::a_minute_takes_so_many,
        accepting::a_day_takes_so_many,
        accepting::full_places_mean_waiting_up_to_a_limit,
        accepting::nobody_overtakes_those_who_wait,
        accepting::nobody_waits_where_a_place_is_free,
        accepting::old_counters_are_swept,
        accepting::without_an_account_nothing_is_accepted,
        accepting::parallel_jobs_never_overdraw,
        accepting::parallel_replays_make_one_job,
        saving::a_change_is_stored_whole,
        saving::a_stale_version_moves_nothing,
        saving::waking_takes_a_place_if_there_is_one,
        saving::an_end_settles,
        saving::parallel_ends_settle_once,
        saving::an_erased_job_is_still_there_and_still_listed,
        listing::due_jobs_are_listed_by_shard_earliest_first,
        listing::a_job_that_is_wholly_done_is_not_due,
        listing::held_jobs_are_listed_oldest_first,
        listing::an_account_s_jobs_are_listed_newest_first_in_stretches,
        listing::many_jobs_are_read_at_once,
        accounts::a_new_account_is_stored_once,
        accounts::keys_are_found_listed_and_revoked,
        accounts::tiers_and_limits_are_set,
        accounts::a_rotated_secret_leaves_one_behind,
        accounts::credits_are_added_once_per_key,
        accounts::parallel_top_ups_under_one_key_add_once,
        accounts::top_ups_are_listed_newest_first_in_stretches,
        vendors::counts_add_up_and_old_ones_go,
        vendors::a_cut_off_is_changed_by_who_saw_it_last,
        vendors::durations_are_remembered_by_model,
        vendors::a_vendor_takes_so_many,
        vendors::parallel_jobs_never_take_a_place_too_many,
    );
}

impl<J: Jobs, A: Accounts, V: Vendors> Stores<J, A, V> {
    /// An account with limits that a case is not about.
    async fn wide_account(&self, credits: u64) -> Account {
        self.account(credits, Limits { per_minute: 1_000, concurrent: 1_000, per_day: None }).await
    }

    /// The account number 1, with these limits.
    async fn account(&self, credits: u64, limits: Limits) -> Account {
        let account = Account { limits, tier: Tier::Enterprise, ..account(1, credits) };
        assert!(self.accounts.create(&account).await.unwrap());
        account
    }

    async fn stored_account(&self) -> Account {
        self.accounts.account(&account_id(1)).await.unwrap().unwrap()
    }

    /// The four figures, places in use, jobs waiting.
    async fn figures(&self) -> ([u64; 4], u32, u32) {
        let account = self.stored_account().await;
        assert!(account.balance.adds_up());
        let Balance { granted, available, reserved, used } = account.balance;
        ([granted.0, available.0, reserved.0, used.0], account.running, account.waiting)
    }

    async fn accept(&self, job: &Job, limits: Limits) -> Accepted {
        self.jobs.accept(job, &admission(limits, job.created)).await.unwrap()
    }

    async fn accept_under(&self, job: &Job, conditions: &Admission) -> Accepted {
        self.jobs.accept(job, conditions).await.unwrap()
    }

    /// Accepts a job that nothing stands against.
    async fn accepted(&self, job: Job, limits: Limits) -> Job {
        assert_eq!(self.accept(&job, limits).await, Accepted::New);
        job
    }

    /// Lets an event happen and saves it.
    async fn happen(&self, job: &Job, event: Event, now: Time, most_running: u32) -> (Saved, Job) {
        let change = advance(job, event, now).unwrap();
        let saved = self.jobs.save(&change, most_running).await.unwrap();
        (saved, change.job)
    }

    /// Lets an event happen that nothing stands against.
    async fn happened(&self, job: &Job, event: Event, now: Time) -> Job {
        let (saved, job) = self.happen(job, event, now, 0).await;
        assert_eq!(saved, Saved::Done);
        job
    }
}

/// The account of a refusal, as it was then.
fn refused(accepted: Accepted) -> Account {
    match accepted {
        Accepted::Refused(account) => *account,
        other => panic!("not refused but {other:?}"),
    }
}

/// Nothing moves on the account.
const NOTHING: AccountChange = AccountChange {
    balance: jobs::BalanceChange { granted: 0, available: 0, reserved: 0, used: 0 },
    running: 0,
    waiting: 0,
};
