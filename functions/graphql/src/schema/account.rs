//! The caller's own account.

use super::{
    context::Context,
    enums::{KeyMode, Tier},
    ledger::CreditTransactionConnection,
    parts::whole,
    scalars::Number,
};
use crate::{
    desk::{DAYS_KEPT, Wanted, problem},
    error::ApiError,
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

/// What was made on a day.
#[derive(GraphQLObject)]
struct UsageOfDay {
    /// The day, in UTC: `2026-11-22`.
    date: String,
    /// Generations accepted, those of test keys included.
    generations: i32,
}

/// The date of a day, by its number since the epoch.
fn date_of(day: i64) -> String {
    let moment = Time::from_millis(day.saturating_mul(86_400_000)).to_string();
    moment.chars().take_while(|letter| *letter != 'T').collect()
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

    /// Generations accepted by day (UTC), today first, for up to 31 days.
    fn usage(&self, #[graphql(default = 7)] days: i32) -> Result<Vec<UsageOfDay>, ApiError> {
        let today = Windows::at(self.now).day;
        if !(1..=DAYS_KEPT).contains(&i64::from(days)) {
            let what = format!("must be from 1 to {DAYS_KEPT}");
            return Err(ApiError::invalid_input(vec![problem("days", what)]));
        }
        let of_day = |back: i64| UsageOfDay {
            date: date_of(today - back),
            generations: whole(self.account.count_on_day(today - back)),
        };
        Ok((0..i64::from(days)).map(of_day).collect())
    }

    /// What moved your credits, newest first, in pages of `first` (1 to 100, usually 20). A generation stands where it
    /// was accepted, as long as its record is kept; one that came to cost nothing does not appear.
    async fn credit_transactions(
        &self,
        context: &Context,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<CreditTransactionConnection, ApiError> {
        let page = context.desk.transactions(&context.caller, Wanted { first, after }).await?;
        Ok(page.into())
    }

    /// Days that generations and their files are kept.
    fn retention_days(&self) -> i32 {
        i32::from(self.account.tier.retention_days())
    }
}
