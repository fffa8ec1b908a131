//! The caller's own account.

use super::{
    context::Context,
    enums::{KeyMode, Tier},
    parts::whole,
    scalars::Number,
};
use jobs::{Mode, Time, Windows, money};
use juniper::{GraphQLObject, ID, graphql_object};

/// Your account.
pub(crate) struct Account {
    /// As it is stored.
    pub(crate) account: jobs::Account,
    /// What kind of key asks.
    pub(crate) mode: Mode,
    /// When.
    pub(crate) now: Time,
}

/// Credits; one is worth USD 0.01. At every moment, granted = available + reserved + used.
#[derive(GraphQLObject)]
struct Balance {
    /// Ever granted.
    granted: Number,
    /// Free to spend.
    available: Number,
    /// Set aside for generations that have not ended.
    reserved: Number,
    /// Spent.
    used: Number,
}

/// A figure and what is left of it.
#[derive(GraphQLObject)]
struct Limit {
    /// The figure; nothing means unlimited.
    limit: Option<i32>,
    /// Used up.
    used: i32,
    /// Left.
    remaining: Option<i32>,
    /// Seconds until it is renewed; nothing where it is no matter of time.
    resets_in_seconds: Option<i32>,
}

impl Limit {
    fn of(limit: Option<u32>, used: u32, reset: Option<u64>) -> Limit {
        Limit {
            limit: limit.map(whole),
            used: whole(used),
            remaining: limit.map(|limit| whole(limit.saturating_sub(used))),
            resets_in_seconds: reset.map(whole),
        }
    }
}

/// The limits of your tier.
#[derive(GraphQLObject)]
struct Limits {
    /// Generations per minute.
    per_minute: Limit,
    /// Generations per day (UTC).
    per_day: Limit,
    /// Generations that run at the same time.
    concurrent: Limit,
    /// Generations that wait until fewer run.
    waiting: Limit,
    /// Queries per minute.
    reads_per_minute: i32,
}

#[graphql_object(context = Context)]
impl Account {
    /// Its id.
    fn id(&self) -> ID {
        ID::new(self.account.id.as_str())
    }

    /// Its name.
    fn name(&self) -> &str {
        &self.account.name
    }

    /// Its tier.
    fn tier(&self) -> Tier {
        self.account.tier.into()
    }

    /// What kind of key asks.
    fn mode(&self) -> KeyMode {
        self.mode.into()
    }

    /// The credits.
    fn balance(&self) -> Balance {
        let figure = |credits: jobs::Credits| Number(credits.0 as f64);
        let money::Balance { granted, available, reserved, used } = self.account.balance;
        Balance {
            granted: figure(granted),
            available: figure(available),
            reserved: figure(reserved),
            used: figure(used),
        }
    }

    /// The limits, and what is left of them.
    fn limits(&self) -> Limits {
        let (account, windows) = (&self.account, Windows::at(self.now));
        let limits = &account.limits;
        let minute = Some(Windows::seconds_to_next_minute(self.now));
        let day = Some(Windows::seconds_to_next_day(self.now));
        Limits {
            per_minute: Limit::of(Some(limits.per_minute), account.count_in_minute(windows.minute), minute),
            per_day: Limit::of(limits.per_day, account.count_on_day(windows.day), day),
            concurrent: Limit::of(Some(limits.concurrent), account.running, None),
            waiting: Limit::of(Some(limits.most_waiting()), account.waiting, None),
            reads_per_minute: whole(limits.reads_per_minute()),
        }
    }

    /// Days that generations and their files are kept.
    fn retention_days(&self) -> i32 {
        i32::from(self.account.tier.retention_days())
    }
}
