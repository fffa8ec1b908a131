//! Credits. One credit is worth USD 0.01.

use std::fmt;

/// An amount of credits, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Credits(pub u64);

impl Credits {
    /// Nothing.
    pub const ZERO: Credits = Credits(0);

    /// The difference, or nothing where it would be negative.
    pub fn less(self, other: Credits) -> Credits {
        Credits(self.0.saturating_sub(other.0))
    }

    /// As a signed figure for a balance change.
    fn signed(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A movement between the four figures of an account. What was granted always equals what is available, reserved
/// and used together, so every movement keeps `granted == available + reserved + used` by construction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BalanceChange {
    /// Change of the credits ever granted (top-ups and adjustments).
    pub granted: i64,
    /// Change of the credits free to spend.
    pub available: i64,
    /// Change of the credits held for running generations.
    pub reserved: i64,
    /// Change of the credits spent.
    pub used: i64,
}

impl BalanceChange {
    /// A top-up.
    pub fn grant(credits: Credits) -> BalanceChange {
        BalanceChange { granted: credits.signed(), available: credits.signed(), ..Default::default() }
    }

    /// A generation was accepted: its cost is set aside.
    pub fn reserve(cost: Credits) -> BalanceChange {
        BalanceChange { available: -cost.signed(), reserved: cost.signed(), ..Default::default() }
    }

    /// A generation ended: of its `cost` so much is `charged` (at most the cost), the rest returns.
    pub fn settle(cost: Credits, charged: Credits) -> BalanceChange {
        let charged = charged.min(cost);
        BalanceChange {
            granted: 0,
            available: cost.less(charged).signed(),
            reserved: -cost.signed(),
            used: charged.signed(),
        }
    }

    /// Whether nothing moves.
    pub fn is_nothing(&self) -> bool {
        *self == BalanceChange::default()
    }
}

/// The four figures of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Credits ever granted.
    pub granted: Credits,
    /// Credits free to spend.
    pub available: Credits,
    /// Credits held for generations that have not ended.
    pub reserved: Credits,
    /// Credits spent.
    pub used: Credits,
}

impl Balance {
    /// The balance after a movement; `None` if a figure would fall below zero.
    pub fn after(self, change: BalanceChange) -> Option<Balance> {
        let moved = |credits: Credits, by: i64| credits.0.checked_add_signed(by).map(Credits);
        Some(Balance {
            granted: moved(self.granted, change.granted)?,
            available: moved(self.available, change.available)?,
            reserved: moved(self.reserved, change.reserved)?,
            used: moved(self.used, change.used)?,
        })
    }

    /// The invariant that holds at every observable moment.
    pub fn adds_up(&self) -> bool {
        self.granted.0 == self.available.0 + self.reserved.0 + self.used.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_sequence_of_movements_creates_or_loses_a_credit(
            grant in 0u64..10_000,
            jobs in prop::collection::vec((0u64..500, 0u64..600), 0..40),
        ) {
            let mut balance = Balance::default().after(BalanceChange::grant(Credits(grant))).unwrap();
            let mut open = Vec::new();
            for (cost, charged) in jobs {
                if let Some(next) = balance.after(BalanceChange::reserve(Credits(cost))) {
                    prop_assert!(cost <= balance.available.0);
                    balance = next;
                    open.push((cost, charged));
                }
                prop_assert!(balance.adds_up());
                if open.len() > 3 && let Some((cost, charged)) = open.pop() {
                    balance = balance.after(BalanceChange::settle(Credits(cost), Credits(charged))).unwrap();
                    prop_assert!(balance.adds_up());
                }
            }
            for (cost, charged) in open {
                balance = balance.after(BalanceChange::settle(Credits(cost), Credits(charged))).unwrap();
            }
            prop_assert!(balance.adds_up());
            prop_assert_eq!(balance.reserved, Credits::ZERO);
        }
    }
}
