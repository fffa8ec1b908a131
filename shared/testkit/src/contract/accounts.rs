//! Accounts, keys, tiers and credits.

use super::Stores;
use crate::builders::{START, account, account_id, at, grant, key};
use futures_util::future::join_all;
use jobs::{
    Account, Limits, Mode, Stretch, Tier,
    account::Hidden,
    keys::Scopes,
    ports::{Accounts, Grant, Granted, Jobs, Vendors},
};

pub(super) async fn a_new_account_is_stored_once<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let full = Account {
        old_webhook_secret: Some((Hidden::new("whsec_b2xk"), at(86_400))),
        limits: Limits { per_minute: 7, concurrent: 5, per_day: None },
        ..account(1, 40)
    };
    assert_eq!(stores.accounts.account(&full.id).await.unwrap(), None);
    assert!(stores.accounts.create(&full).await.unwrap());
    assert_eq!(stores.accounts.account(&full.id).await.unwrap().as_ref(), Some(&full));
    assert!(!stores.accounts.create(&account(1, 99)).await.unwrap());
    assert_eq!(stores.accounts.account(&full.id).await.unwrap(), Some(full));
}

pub(super) async fn keys_are_found_listed_and_revoked<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let (ann, bob) = (account_id(1), account_id(2));
    let records = [key(1, &ann, Mode::Live).1, key(2, &ann, Mode::Test).1, key(3, &bob, Mode::Live).1];
    let [live, mut test, other] = records;
    test.expires = Some(at(500));
    test.scopes = Scopes { read: true, generate: false };
    for record in [&live, &test, &other] {
        assert_eq!(stores.accounts.key(&record.hash).await.unwrap(), None);
        assert!(stores.accounts.add_key(record).await.unwrap());
        assert!(!stores.accounts.add_key(record).await.unwrap());
        assert_eq!(stores.accounts.key(&record.hash).await.unwrap().as_ref(), Some(record));
    }
    let mut of_ann = vec![live.clone(), test.clone()];
    of_ann.sort_by(|one, two| one.hash.as_str().cmp(two.hash.as_str()));
    assert_eq!(stores.accounts.keys(&ann).await.unwrap(), of_ann);
    assert_eq!(stores.accounts.keys(&account_id(3)).await.unwrap(), []);
    assert!(stores.accounts.revoke_key(&live.hash, at(10)).await.unwrap());
    // Revoked stays revoked, since the first time.
    assert!(stores.accounts.revoke_key(&live.hash, at(20)).await.unwrap());
    let revoked = stores.accounts.key(&live.hash).await.unwrap().unwrap();
    assert_eq!(revoked.revoked, Some(at(10)));
    assert!(stores.accounts.keys(&ann).await.unwrap().contains(&revoked));
    assert!(!stores.accounts.revoke_key(&key(9, &ann, Mode::Live).1.hash, at(10)).await.unwrap());
    assert_eq!(stores.accounts.key(&other.hash).await.unwrap(), Some(other));
}

pub(super) async fn tiers_and_limits_are_set<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let before = stores.account(40, Limits::of(Tier::Free)).await;
    for (tier, limits) in [
        (Tier::Enterprise, Limits { per_minute: 900, concurrent: 50, per_day: None }),
        (Tier::Pro, Limits::of(Tier::Pro)),
    ] {
        assert!(stores.accounts.set_tier(&before.id, tier, limits).await.unwrap());
        let after = stores.stored_account().await;
        assert_eq!(after, Account { tier, limits, ..before.clone() });
    }
    assert!(!stores.accounts.set_tier(&account_id(9), Tier::Pro, Limits::of(Tier::Pro)).await.unwrap());
    assert_eq!(stores.accounts.account(&account_id(9)).await.unwrap(), None);
}

pub(super) async fn a_rotated_secret_leaves_one_behind<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let before = stores.wide_account(40).await;
    let mut old = before.webhook_secret.clone();
    for (number, until) in [(1, at(100)), (2, at(200))] {
        let new = Hidden::new(format!("whsec_{number}"));
        assert!(stores.accounts.rotate_webhook_secret(&before.id, &new, until).await.unwrap());
        let expected =
            Account { webhook_secret: new.clone(), old_webhook_secret: Some((old, until)), ..before.clone() };
        assert_eq!(stores.stored_account().await, expected);
        old = new;
    }
    assert!(!stores.accounts.rotate_webhook_secret(&account_id(9), &old, at(1)).await.unwrap());
    assert_eq!(stores.accounts.account(&account_id(9)).await.unwrap(), None);
}

pub(super) async fn credits_are_added_once_per_key<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(40).await;
    let first = grant(&account.id, 60, "invoice-1");
    assert_eq!(stores.accounts.add_credits(&first).await.unwrap(), Granted::Done);
    assert_eq!(stores.figures().await, ([100, 100, 0, 0], 0, 0));
    // The key decides, whatever else is said and whenever.
    for again in [first.clone(), jobs::ports::Grant { at: at(999), ..first }] {
        assert_eq!(stores.accounts.add_credits(&again).await.unwrap(), Granted::Already);
    }
    assert_eq!(
        stores.accounts.add_credits(&grant(&account.id, 5, "invoice-2")).await.unwrap(),
        Granted::Done
    );
    assert_eq!(stores.figures().await, ([105, 105, 0, 0], 0, 0));
    let nobody = grant(&account_id(9), 60, "invoice-1");
    assert_eq!(stores.accounts.add_credits(&nobody).await.unwrap(), Granted::NoAccount);
    assert_eq!(stores.accounts.account(&nobody.account).await.unwrap(), None);
    // A refused top-up leaves no trace: once the account is there, the same key works.
    let late = crate::builders::account(9, 0);
    assert!(stores.accounts.create(&late).await.unwrap());
    assert_eq!(stores.accounts.add_credits(&nobody).await.unwrap(), Granted::Done);
}

pub(super) async fn parallel_top_ups_under_one_key_add_once<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(0).await;
    let same = grant(&account.id, 10, "once");
    let others: Vec<_> = (0..8).map(|number| grant(&account.id, 1, &format!("other-{number}"))).collect();
    let all =
        join_all((0..8).map(|_| &same).chain(&others).map(|grant| stores.accounts.add_credits(grant))).await;
    let done = all.into_iter().filter(|outcome| matches!(outcome, Ok(Granted::Done))).count();
    assert_eq!(done, 9);
    assert_eq!(stores.figures().await, ([18, 18, 0, 0], 0, 0));
    assert_eq!(stores.stored_account().await.created, START);
}

pub(super) async fn top_ups_are_listed_newest_first_in_stretches<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(0).await;
    let mut grants = Vec::new();
    for number in 0..7_u64 {
        let key = format!("invoice#{}", number * 5 % 7);
        let grant = Grant {
            at: at(number / 2),
            note: format!("note {number}"),
            ..grant(&account.id, number + 1, &key)
        };
        assert_eq!(stores.accounts.add_credits(&grant).await.unwrap(), Granted::Done);
        grants.push(grant);
    }
    grants.sort_by_key(|grant| std::cmp::Reverse(grant.place()));
    let all = Stretch { most: 100, ..Stretch::default() };
    let listed = async |stretch: &Stretch| stores.accounts.top_ups(&account.id, stretch).await.unwrap();
    assert_eq!(listed(&all).await, grants);
    assert_eq!(stores.accounts.top_ups(&account_id(2), &all).await.unwrap(), []);
    for from in 0..7 {
        let stretch = Stretch { after: grants.get(from).map(Grant::place), most: 2, ..Stretch::default() };
        assert_eq!(listed(&stretch).await, grants.iter().skip(from + 1).take(2).cloned().collect::<Vec<_>>());
    }
    let some = Stretch { since: Some(at(1)), until: Some(at(3)), ..all };
    assert_eq!(listed(&some).await.len(), 4);
}
