//! Carries out the operator's requests.

use crate::order::{self, Order, Refusal};
use jobs::{
    Account, AccountId, ApiKey, Credits, KeyRecord, Time,
    account::Hidden,
    money::Balance,
    ports::{Accounts, Grant, Granted, Trouble},
};
use serde_json::{Value, json};
use std::time::Duration;

/// The most that one top-up adds. Sums of such figures stay far from where they could no longer be read.
const MOST_CREDITS: u64 = 1_000_000_000_000;

/// Does the work on a set of accounts.
pub struct Clerk<A> {
    /// The accounts.
    pub accounts: A,
    /// What time it is.
    pub clock: fn() -> Time,
    /// 32 random bytes.
    pub random: fn() -> Result<[u8; 32], Trouble>,
}

/// Why a request came to nothing: the operator's input, or our own trouble.
enum Failed {
    Refused(Refusal),
    Trouble(Trouble),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Failed {
        Failed::Refused(refusal)
    }
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Failed {
        Failed::Trouble(trouble)
    }
}

impl<A: Accounts> Clerk<A> {
    /// Answers a payload: the result, or `{"error":{code,message,field}}`.
    pub async fn answer(&self, payload: Value) -> Value {
        match self.carry_out(payload).await {
            Ok(answer) => answer,
            Err(Failed::Refused(refusal)) => json!({ "error": refusal }),
            Err(Failed::Trouble(trouble)) => {
                tracing::error!(error = %trouble, cause = trouble.why(), "could not carry out an operator's request");
                json!({ "error": Refusal { code: "INTERNAL", message: trouble.to_string(), field: None } })
            }
        }
    }

    async fn carry_out(&self, payload: Value) -> Result<Value, Failed> {
        match order::read(payload)? {
            Order::CreateAccount { name, tier, limits } => {
                let (tier, limits) = order::tier(&tier, limits)?;
                let name = order::text("name", name)?;
                let webhook_secret = signing::Secret::from_bytes((self.random)()?).reveal();
                let account = Account {
                    id: AccountId::from_random(self.id_bytes()?),
                    name,
                    tier,
                    limits,
                    balance: Balance::default(),
                    running: 0,
                    waiting: 0,
                    minutes: Vec::new(),
                    days: Vec::new(),
                    webhook_secret: Hidden::new(webhook_secret.clone()),
                    old_webhook_secret: None,
                    link_key: Hidden::new(signing::Secret::from_bytes((self.random)()?).reveal()),
                    created: (self.clock)(),
                };
                if !self.accounts.create(&account).await? {
                    return Err(Trouble::new("could not create account", "its random id is taken").into());
                }
                tracing::info!(account.id = %account.id, tier = tier.name(), "created an account");
                Ok(json!({ "account": account.id.as_str(), "webhookSecret": webhook_secret }))
            }
            Order::IssueKey { account, mode, name, expires_in_seconds, scopes } => {
                let scopes = order::scopes(scopes)?;
                let (id, mode) = (order::account(&account)?, order::mode(&mode)?);
                let name = order::text("name", name)?;
                self.existing(&id).await?;
                let now = (self.clock)();
                let key = ApiKey::from_random(mode, (self.random)()?);
                let record = KeyRecord {
                    hash: key.hash(),
                    account: id,
                    mode,
                    hint: key.hint(),
                    name,
                    created: now,
                    expires: expires_in_seconds.map(|seconds| now.plus(Duration::from_secs(seconds))),
                    revoked: None,
                    scopes,
                };
                if !self.accounts.add_key(&record).await? {
                    return Err(Trouble::new("could not issue key", "its random hash is taken").into());
                }
                tracing::info!(account.id = %record.account, key = record.hint, "issued a key");
                Ok(json!({ "key": key.reveal(), "prefix": record.hint }))
            }
            Order::RevokeKey { key, account, prefix } => {
                let hash = match (key, account, prefix) {
                    (Some(key), None, None) => {
                        let key = ApiKey::parse(&key);
                        key.ok_or_else(|| {
                            Refusal::invalid("key", "a key looks like dt_live_... or dt_test_...")
                        })?
                        .hash()
                    }
                    (None, Some(account), Some(prefix)) => {
                        let keys = self.accounts.keys(&order::account(&account)?).await?;
                        let mut named = keys.into_iter().filter(|record| record.hint == prefix);
                        match (named.next(), named.next()) {
                            (Some(record), None) => record.hash,
                            (None, _) => {
                                return Err(
                                    Refusal::not_found("prefix", "the account has no such key").into()
                                );
                            }
                            (Some(_), Some(_)) => {
                                return Err(Refusal::invalid(
                                    "prefix",
                                    "several keys begin so; give the key itself",
                                )
                                .into());
                            }
                        }
                    }
                    _ => {
                        return Err(Refusal::invalid(
                            "key",
                            "give either the key, or its account and prefix",
                        )
                        .into());
                    }
                };
                if !self.accounts.revoke_key(&hash, (self.clock)()).await? {
                    return Err(Refusal::not_found("key", "there is no such key").into());
                }
                Ok(json!({ "revoked": true }))
            }
            Order::ListKeys { account } => {
                let id = order::account(&account)?;
                self.existing(&id).await?;
                let keys = self.accounts.keys(&id).await?;
                Ok(json!({ "keys": keys.iter().map(key_line).collect::<Vec<_>>() }))
            }
            Order::SetTier { account, tier, limits } => {
                let (id, (tier, limits)) = (order::account(&account)?, order::tier(&tier, limits)?);
                if !self.accounts.set_tier(&id, tier, limits).await? {
                    return Err(no_account().into());
                }
                tracing::info!(account.id = %id, tier = tier.name(), "set the tier of an account");
                Ok(json!({ "account": id.as_str(), "tier": tier.name() }))
            }
            Order::AddCredits { account, credits, note, idempotency_key } => {
                let id = order::account(&account)?;
                if !(1..=MOST_CREDITS).contains(&credits) {
                    let message = format!("add at least 1 credit and at most {MOST_CREDITS}");
                    return Err(Refusal::invalid("credits", message).into());
                }
                if jobs::IdempotencyKey::parse(&idempotency_key).is_none() {
                    return Err(
                        Refusal::invalid("idempotencyKey", "1 to 255 visible ASCII characters").into()
                    );
                }
                let grant = Grant {
                    account: id,
                    credits: Credits(credits),
                    note: order::text("note", note)?,
                    key: idempotency_key,
                    at: (self.clock)(),
                };
                let granted = self.accounts.add_credits(&grant).await?;
                let added = match granted {
                    Granted::Done => credits,
                    Granted::Already => 0,
                    Granted::NoAccount => return Err(no_account().into()),
                };
                tracing::info!(account.id = %grant.account, credits = added, "added credits");
                Ok(json!({ "added": added, "balance": balance(&self.existing(&grant.account).await?) }))
            }
            Order::ShowAccount { account } => {
                let account = self.existing(&order::account(&account)?).await?;
                Ok(json!({
                    "account": account.id.as_str(),
                    "name": account.name,
                    "tier": account.tier.name(),
                    "limits": {
                        "perMinute": account.limits.per_minute,
                        "concurrent": account.limits.concurrent,
                        "perDay": account.limits.per_day,
                    },
                    "balance": balance(&account),
                    "running": account.running,
                    "waiting": account.waiting,
                    "createdAt": account.created.to_string(),
                }))
            }
        }
    }

    async fn existing(&self, id: &AccountId) -> Result<Account, Failed> {
        Ok(self.accounts.account(id).await?.ok_or_else(no_account)?)
    }

    fn id_bytes(&self) -> Result<[u8; 16], Trouble> {
        let mut bytes = [0; 16];
        bytes.copy_from_slice((self.random)()?.split_at(16).0);
        Ok(bytes)
    }
}

fn no_account() -> Refusal {
    Refusal::not_found("account", "there is no such account")
}

fn balance(account: &Account) -> Value {
    let figures = account.balance;
    json!({
        "granted": figures.granted.0,
        "available": figures.available.0,
        "reserved": figures.reserved.0,
        "used": figures.used.0,
    })
}

fn key_line(record: &KeyRecord) -> Value {
    json!({
        "prefix": record.hint,
        "name": record.name,
        "mode": record.mode.name(),
        "scopes": record.scopes.names(),
        "createdAt": record.created.to_string(),
        "expiresAt": record.expires.map(|at| at.to_string()),
        "revokedAt": record.revoked.map(|at| at.to_string()),
    })
}
