//! What this process remembers of accounts and keys, so that an ordinary request reads neither.
//!
//! It is never the last word: the accepting write holds its own conditions. A revoked key may open the door for
//! [`FRESH`] longer in a process that knows it.

use jobs::{Account, AccountId, KeyHash, KeyRecord, Time, Windows};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a snapshot counts as what is stored.
const FRESH: Duration = Duration::from_secs(60);

/// Accounts, and keys, remembered at most: a few megabytes.
const MOST_REMEMBERED: usize = 10_000;

/// How long a full account is expected to stay full without asking.
const FULL_FOR: Duration = Duration::from_secs(1);

/// The memory of one process.
#[derive(Default)]
pub(super) struct Known {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    keys: HashMap<KeyHash, (KeyRecord, Time)>,
    accounts: HashMap<AccountId, Remembered>,
}

struct Remembered {
    account: Arc<Account>,
    read_at: Time,
    /// Generations that this process accepted since the snapshot, by minute and day.
    minute: Counter,
    day: Counter,
    reads: Counter,
    full_at: Option<Time>,
}

/// A count in one window; another window starts at nothing.
#[derive(Clone, Copy, Default)]
struct Counter {
    window: i64,
    count: u32,
}

impl Counter {
    fn in_window(self, window: i64) -> u32 {
        if self.window == window { self.count } else { 0 }
    }

    fn add(&mut self, window: i64) {
        *self = Counter { window, count: self.in_window(window).saturating_add(1) };
    }
}

/// What is used up, as far as this process knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) minute: u32,
    pub(super) day: u32,
    pub(super) reads: u32,
}

impl Known {
    /// The key's record, if it was read lately.
    pub(super) fn key(&self, hash: &KeyHash, now: Time) -> Option<KeyRecord> {
        let inner = self.lock();
        inner.keys.get(hash).filter(|(_, read_at)| is_fresh(*read_at, now)).map(|(record, _)| record.clone())
    }

    /// Remembers a key that exists. Keys that don't are not remembered: anybody can make up any number of them.
    pub(super) fn learn_key(&self, record: KeyRecord, now: Time) {
        let mut inner = self.lock();
        make_room(&mut inner.keys, |(_, read_at)| is_fresh(*read_at, now));
        inner.keys.insert(record.hash.clone(), (record, now));
    }

    /// The account, if it was read lately.
    pub(super) fn account(&self, id: &AccountId, now: Time) -> Option<Arc<Account>> {
        let inner = self.lock();
        let remembered = inner.accounts.get(id).filter(|remembered| is_fresh(remembered.read_at, now));
        remembered.map(|remembered| Arc::clone(&remembered.account))
    }

    /// Remembers an account as it was just read.
    pub(super) fn learn_account(&self, account: Account, now: Time) -> Arc<Account> {
        let mut inner = self.lock();
        make_room(&mut inner.accounts, |remembered| is_fresh(remembered.read_at, now));
        let account = Arc::new(account);
        let before = inner.accounts.remove(&account.id);
        let remembered = Remembered {
            account: Arc::clone(&account),
            read_at: now,
            minute: Counter::default(),
            day: Counter::default(),
            reads: before.as_ref().map_or_else(Counter::default, |before| before.reads),
            full_at: before.and_then(|before| before.full_at),
        };
        inner.accounts.insert(account.id.clone(), remembered);
        account
    }

    /// Counts an accepted generation.
    pub(super) fn count_accepted(&self, account: &AccountId, windows: Windows) {
        if let Some(remembered) = self.lock().accounts.get_mut(account) {
            remembered.minute.add(windows.minute);
            remembered.day.add(windows.day);
        }
    }

    /// Counts a read.
    pub(super) fn count_read(&self, account: &AccountId, windows: Windows) {
        if let Some(remembered) = self.lock().accounts.get_mut(account) {
            remembered.reads.add(windows.minute);
        }
    }

    /// What the account has used up.
    pub(super) fn used(&self, account: &Account, windows: Windows) -> Used {
        let inner = self.lock();
        let Some(remembered) = inner.accounts.get(&account.id) else { return Used::default() };
        let stored = &remembered.account;
        Used {
            minute: stored.count_in_minute(windows.minute) + remembered.minute.in_window(windows.minute),
            day: stored.count_on_day(windows.day) + remembered.day.in_window(windows.day),
            reads: remembered.reads.in_window(windows.minute),
        }
    }

    /// Notes that all places of the account were taken at `now`.
    pub(super) fn saw_full(&self, account: &AccountId, now: Time) {
        if let Some(remembered) = self.lock().accounts.get_mut(account) {
            remembered.full_at = Some(now);
        }
    }

    /// Whether all places were taken a moment ago, so that asking for one would be in vain.
    pub(super) fn was_full_lately(&self, account: &AccountId, now: Time) -> bool {
        let full_at = self.lock().accounts.get(account).and_then(|remembered| remembered.full_at);
        full_at.is_some_and(|at| now.since(at) < FULL_FOR && at <= now)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every change under the lock is whole, so what a panicking holder left behind is sound.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_fresh(read_at: Time, now: Time) -> bool {
    now.since(read_at) < FRESH
}

/// Drops what is stale once the map is full, and everything if that was not enough: it is only a memory.
fn make_room<K: Eq + Hash, V>(map: &mut HashMap<K, V>, is_fresh: impl Fn(&V) -> bool) {
    if map.len() >= MOST_REMEMBERED {
        map.retain(|_, value| is_fresh(value));
    }
    if map.len() >= MOST_REMEMBERED {
        map.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::builders::{account, account_id, at, key};

    #[test]
    fn a_snapshot_is_believed_for_a_minute_and_no_longer() {
        let known = Known::default();
        let (_, record) = key(1, &account_id(1), jobs::Mode::Live);
        known.learn_key(record.clone(), at(0));
        known.learn_account(account(1, 10), at(0));
        assert_eq!(known.key(&record.hash, at(59)), Some(record.clone()));
        assert_eq!(known.key(&record.hash, at(60)), None);
        assert!(known.account(&account_id(1), at(59)).is_some());
        assert!(known.account(&account_id(1), at(60)).is_none());
    }

    #[test]
    fn counts_are_the_snapshot_and_what_came_since_in_the_same_window() {
        let known = Known::default();
        let windows = Windows::at(at(5));
        let mut ann = account(1, 10);
        ann.minutes = vec![(windows.minute, 3)];
        ann.days = vec![(windows.day, 7)];
        known.learn_account(ann.clone(), at(0));
        known.count_accepted(&ann.id, windows);
        known.count_read(&ann.id, windows);
        assert_eq!(known.used(&ann, windows), Used { minute: 4, day: 8, reads: 1 });
        let later = Windows::at(at(65));
        assert_eq!(known.used(&ann, later), Used { minute: 0, day: 8, reads: 0 });
        // A new snapshot holds the accepted ones already; reads are counted here alone.
        known.learn_account(ann.clone(), at(10));
        assert_eq!(known.used(&ann, windows), Used { minute: 3, day: 7, reads: 1 });
    }

    #[test]
    fn a_full_account_is_taken_for_full_for_a_second() {
        let known = Known::default();
        let ann = known.learn_account(account(1, 10), at(0));
        assert!(!known.was_full_lately(&ann.id, at(0)));
        known.saw_full(&ann.id, at(3));
        assert!(known.was_full_lately(&ann.id, at(3)));
        assert!(!known.was_full_lately(&ann.id, at(4)));
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut map: HashMap<usize, bool> =
            (0..MOST_REMEMBERED).map(|number| (number, number < 10)).collect();
        make_room(&mut map, |fresh| *fresh);
        assert_eq!(map.len(), 10);
        let mut map: HashMap<usize, bool> = (0..MOST_REMEMBERED).map(|number| (number, true)).collect();
        make_room(&mut map, |fresh| *fresh);
        assert!(map.is_empty());
    }
}
