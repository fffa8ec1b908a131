//! A customer: tier, limits, balance, secrets.

use crate::{AccountId, Limits, Time, money::Balance};
use std::fmt;

/// The published tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tier {
    /// For trying out.
    Free,
    /// For small projects.
    Starter,
    /// For products.
    Pro,
    /// With figures of its own.
    Enterprise,
}

impl Tier {
    /// Every tier.
    pub const ALL: [Tier; 4] = [Tier::Free, Tier::Starter, Tier::Pro, Tier::Enterprise];

    /// The name in the API and in stored items.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Free => "FREE",
            Tier::Starter => "STARTER",
            Tier::Pro => "PRO",
            Tier::Enterprise => "ENTERPRISE",
        }
    }

    /// Reads [`Tier::name`].
    pub fn parse(name: &str) -> Option<Tier> {
        Tier::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// Days that generations and their files are kept.
    pub fn retention_days(self) -> u16 {
        match self {
            Tier::Free => 7,
            Tier::Starter | Tier::Pro => 30,
            Tier::Enterprise => 90,
        }
    }
}

/// An account as it was last read. Its counters may have moved since: conditions in the accepting write decide.
#[derive(Clone, PartialEq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The operator's name for it.
    pub name: String,
    /// The tier.
    pub tier: Tier,
    /// The limits, the tier's or its own.
    pub limits: Limits,
    /// The four figures.
    pub balance: Balance,
    /// Generations that hold a place now.
    pub running: u32,
    /// Generations that wait for a place now.
    pub waiting: u32,
    /// Counters by minute (number of the minute, generations), newest last; old ones are swept by the next acceptance.
    pub minutes: Vec<(i64, u32)>,
    /// Counters by day (number of the day, generations), newest last.
    pub days: Vec<(i64, u32)>,
    /// The webhook secret, `whsec_...`.
    pub webhook_secret: Hidden,
    /// The secret before the last rotation and until when it still signs.
    pub old_webhook_secret: Option<(Hidden, Time)>,
    /// Signs the stable links of this account's files; never leaves us.
    pub link_key: Hidden,
    /// When it was created.
    pub created: Time,
}

impl Account {
    /// Generations counted in a minute, as far as known.
    pub fn count_in_minute(&self, minute: i64) -> u32 {
        self.minutes.iter().find(|(number, _)| *number == minute).map_or(0, |(_, count)| *count)
    }

    /// Generations counted on a day, as far as known.
    pub fn count_on_day(&self, day: i64) -> u32 {
        self.days.iter().find(|(number, _)| *number == day).map_or(0, |(_, count)| *count)
    }
}

/// A secret text that does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Hidden {
        Hidden(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hidden(…)")
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Account({}, {})", self.id, self.tier.name())
    }
}
