//! Accounts and keys, under the conditions of the real table.

use super::{Memory, Operation};
use jobs::{
    Account, AccountId, BalanceChange, KeyHash, KeyRecord, Limits, Stretch, Tier, Time,
    account::Hidden,
    ports::{Accounts, Grant, Granted, Trouble},
};

impl Accounts for Memory {
    async fn key(&self, hash: &KeyHash) -> Result<Option<KeyRecord>, Trouble> {
        self.call(Operation::Key, "could not read key", |held| Ok(held.key(hash).cloned()))
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Trouble> {
        self.call(Operation::Account, "could not read account", |held| Ok(held.accounts.get(id).cloned()))
    }

    async fn create(&self, account: &Account) -> Result<bool, Trouble> {
        self.call(Operation::Create, "could not create account", |held| {
            if held.accounts.contains_key(&account.id) {
                return Ok(false);
            }
            // A new account has no counters yet; they begin with its first job.
            let account = Account { minutes: Vec::new(), days: Vec::new(), ..account.clone() };
            held.accounts.insert(account.id.clone(), account);
            Ok(true)
        })
    }

    async fn add_key(&self, key: &KeyRecord) -> Result<bool, Trouble> {
        self.call(Operation::AddKey, "could not store key", |held| {
            if held.key(&key.hash).is_some() {
                return Ok(false);
            }
            held.keys.insert(key.hash.as_str().to_owned(), key.clone());
            Ok(true)
        })
    }

    async fn keys(&self, id: &AccountId) -> Result<Vec<KeyRecord>, Trouble> {
        self.call(Operation::Keys, "could not list keys", |held| {
            Ok(held.keys.values().filter(|key| key.account == *id).cloned().collect())
        })
    }

    async fn revoke_key(&self, hash: &KeyHash, now: Time) -> Result<bool, Trouble> {
        self.call(Operation::RevokeKey, "could not revoke key", |held| {
            let Some(key) = held.keys.get_mut(hash.as_str()) else { return Ok(false) };
            key.revoked = key.revoked.or(Some(now));
            Ok(true)
        })
    }

    async fn set_tier(&self, id: &AccountId, tier: Tier, limits: Limits) -> Result<bool, Trouble> {
        self.call(Operation::SetTier, "could not set tier", |held| {
            let Some(account) = held.accounts.get_mut(id) else { return Ok(false) };
            (account.tier, account.limits) = (tier, limits);
            Ok(true)
        })
    }

    async fn rotate_webhook_secret(
        &self,
        id: &AccountId,
        secret: &Hidden,
        old_until: Time,
    ) -> Result<bool, Trouble> {
        self.call(Operation::RotateWebhookSecret, "could not rotate secret", |held| {
            let Some(account) = held.accounts.get_mut(id) else { return Ok(false) };
            let old = std::mem::replace(&mut account.webhook_secret, secret.clone());
            account.old_webhook_secret = Some((old, old_until));
            Ok(true)
        })
    }

    async fn top_ups(&self, id: &AccountId, stretch: &Stretch) -> Result<Vec<Grant>, Trouble> {
        self.call(Operation::TopUps, "could not list top-ups", |held| {
            let of_account = held.ledger.iter().filter(|grant| grant.account == *id);
            let mut grants: Vec<Grant> =
                of_account.filter(|grant| stretch.holds(&grant.place())).cloned().collect();
            grants.sort_by_key(|grant| std::cmp::Reverse(grant.place()));
            grants.truncate(usize::try_from(stretch.most).unwrap_or(usize::MAX));
            Ok(grants)
        })
    }

    async fn add_credits(&self, grant: &Grant) -> Result<Granted, Trouble> {
        const TRIED: &str = "could not add credits";
        self.call(Operation::AddCredits, TRIED, |held| {
            let Some(account) = held.accounts.get_mut(&grant.account) else { return Ok(Granted::NoAccount) };
            if held.ledger.iter().any(|entry| entry.account == grant.account && entry.key == grant.key) {
                return Ok(Granted::Already);
            }
            let balance = account.balance.after(BalanceChange::grant(grant.credits));
            account.balance = balance.ok_or_else(|| Trouble::new(TRIED, "the balance would overflow"))?;
            held.ledger.push(grant.clone());
            Ok(Granted::Done)
        })
    }
}
