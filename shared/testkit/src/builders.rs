//! Ordinary values. Fields are public everywhere, so a test changes just what it is about.

use jobs::{
    Account, AccountId, ApiKey, CancelKind, Credits, Job, JobId, KeyRecord, Kind, Limits, Mode, Options,
    Order, Output, Plan, Tier, Time, Windows,
    account::Hidden,
    keys::Scopes,
    life::NewJob,
    money::Balance,
    ports::{Admission, Grant},
};
use std::time::Duration;

/// When tests begin: midnight (UTC) of a day in November 2026, so that windows turn where a test expects it.
pub const START: Time = Time::from_millis(1_795_305_600_000);

/// `seconds` after [`START`].
pub fn at(seconds: u64) -> Time {
    START.plus(Duration::from_secs(seconds))
}

/// The account id with this number.
pub fn account_id(number: u32) -> AccountId {
    AccountId::from_random(u128::from(number).to_be_bytes())
}

/// The job id with this number.
pub fn job_id(number: u32) -> JobId {
    JobId::from_random(u128::from(number).to_be_bytes())
}

/// An account of tier PRO that was granted so many credits and has spent none.
pub fn account(number: u32, credits: u64) -> Account {
    Account {
        id: account_id(number),
        name: format!("account {number}"),
        tier: Tier::Pro,
        limits: Limits::of(Tier::Pro),
        balance: Balance { granted: Credits(credits), available: Credits(credits), ..Balance::default() },
        running: 0,
        waiting: 0,
        minutes: Vec::new(),
        days: Vec::new(),
        webhook_secret: Hidden::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        old_webhook_secret: None,
        link_key: Hidden::new("a key for links"),
        created: START,
    }
}

/// A key of an account, and its record. Equal numbers make equal keys.
pub fn key(number: u8, account: &AccountId, mode: Mode) -> (ApiKey, KeyRecord) {
    let key = ApiKey::from_random(mode, [number; 32]);
    let record = KeyRecord {
        hash: key.hash(),
        account: account.clone(),
        mode,
        hint: key.hint(),
        name: format!("key {number}"),
        created: START,
        expires: None,
        revoked: None,
        scopes: Scopes::ALL,
    };
    (key, record)
}

/// A plan at the vendor `toy`: a minute at the median, ten minutes at most, stoppable at any time.
pub fn plan(cost: u64) -> Plan {
    Plan {
        provider: "toy".to_owned(),
        model: "toy-1".to_owned(),
        vendor: "toy".to_owned(),
        vendor_model: "toy-one".to_owned(),
        prompt: Some("a fox".to_owned()),
        options: Options::default(),
        adjustments: Vec::new(),
        cost: Credits(cost),
        candidates: Vec::new(),
        median: Duration::from_secs(60),
        poll_floor: Duration::from_secs(2),
        deadline: Duration::from_secs(600),
        submit_timeout: Duration::from_secs(30),
        cancel: CancelKind::Anytime,
    }
}

/// An order of a video.
pub fn order() -> Order {
    Order::of(Kind::Video, "a fox")
}

/// An order that found its plan: live, kept for a month.
pub fn new_job(number: u32, account: &AccountId, cost: u64) -> NewJob {
    NewJob {
        id: job_id(number),
        account: account.clone(),
        mode: Mode::Live,
        order: order(),
        plan: plan(cost),
        retention: Duration::from_secs(30 * 86_400),
    }
}

/// A job as it is accepted at `now` with a place of its own.
pub fn job(number: u32, account: &AccountId, cost: u64, now: Time) -> Job {
    Job::accepted(new_job(number, account, cost), false, now)
}

/// A job as it is accepted at `now` while all places are taken.
pub fn held_job(number: u32, account: &AccountId, cost: u64, now: Time) -> Job {
    Job::accepted(new_job(number, account, cost), true, now)
}

/// The conditions of an account at `now`, sweeping nothing.
pub fn admission(limits: Limits, now: Time) -> Admission {
    Admission { limits, windows: Windows::at(now), stale_minutes: Vec::new(), stale_days: Vec::new() }
}

/// A finished clip in the bucket.
pub fn output() -> Output {
    Output {
        key: "outputs/clip.mp4".to_owned(),
        format: "mp4".to_owned(),
        media_type: "video/mp4".to_owned(),
        bytes: 1_234_567,
        sha256: "5f".repeat(32),
        width: Some(1280),
        height: Some(720),
        duration: Some(5.04),
    }
}

/// A top-up; its key makes a repeat harmless.
pub fn grant(account: &AccountId, credits: u64, key: &str) -> Grant {
    Grant {
        account: account.clone(),
        credits: Credits(credits),
        note: "a top-up".to_owned(),
        key: key.to_owned(),
        at: START,
    }
}
