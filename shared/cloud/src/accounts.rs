//! Accounts, their keys and their ledger in DynamoDB.
//!
//! | pk | sk | what |
//! |---|---|---|
//! | `acct_...` | `profile` | tier, limits, the four figures, places, window counters (`m<minute>`, `d<day>`), secrets |
//! | `acct_...` | `key#<hash>` | a key of the account, for listing |
//! | `acct_...` | `ledger#<time>#<key>` | a top-up or adjustment |
//! | `acct_...` | `grant#<key>` | remembers a top-up's own key, so that a repeat adds nothing |
//! | `key#<hash>` | `key` | the key's record, found by the hash alone |

mod ledger;

use crate::{
    expressions::{Item, get_number, get_text, number, text},
    item::Unreadable,
    jobs_table::is_held,
    transaction::{Transacted, condition_failed, transact},
};
use aws_sdk_dynamodb::{
    Client,
    error::{BuildError, SdkError},
    operation::update_item::UpdateItemError,
    types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use jobs::{
    Account, AccountId, Credits, Job, KeyHash, KeyRecord, Limits, Mode, Stretch, Tier, Time,
    account::Hidden,
    keys::Scopes,
    money::Balance,
    ports::{Accounts, Admission, Grant, Granted, Trouble},
};
use std::collections::HashMap;

/// The accounts table.
#[derive(Clone)]
pub struct AccountsTable {
    client: Client,
    table: String,
}

impl AccountsTable {
    /// The table of this name; [`crate::Cloud::accounts`] takes the name from the environment.
    pub fn new(client: Client, table: String) -> AccountsTable {
        AccountsTable { client, table }
    }

    async fn get(&self, tried: &'static str, pk: String, sk: &str) -> Result<Option<Item>, Trouble> {
        let call =
            self.client.get_item().table_name(&self.table).set_key(Some(key(pk, sk))).consistent_read(true);
        Ok(call.send().await.map_err(|cause| Trouble::new(tried, cause))?.item)
    }

    fn put_new(&self, item: Item) -> Result<TransactWriteItem, BuildError> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        Ok(TransactWriteItem::builder()
            .put(put.condition_expression("attribute_not_exists(pk)").build()?)
            .build())
    }

    async fn put_all_new(&self, tried: &'static str, items: Vec<Item>) -> Result<bool, Trouble> {
        let puts: Result<Vec<_>, _> = items.into_iter().map(|item| self.put_new(item)).collect();
        let puts = puts.map_err(|cause| Trouble::new(tried, cause))?;
        Ok(matches!(transact(&self.client, tried, puts).await?, Transacted::Done))
    }

    async fn update(
        &self,
        tried: &'static str,
        key: Item,
        expression: &str,
        values: Item,
    ) -> Result<bool, Trouble> {
        let call = self.client.update_item().table_name(&self.table).set_key(Some(key));
        let call = call.update_expression(expression).condition_expression("attribute_exists(pk)");
        match call.set_expression_attribute_values(Some(values)).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), UpdateItemError::ConditionalCheckFailedException(_)) =>
            {
                Ok(false)
            }
            Err(cause) => Err(Trouble::new(tried, cause)),
        }
    }
}

impl Accounts for AccountsTable {
    async fn key(&self, hash: &KeyHash) -> Result<Option<KeyRecord>, Trouble> {
        const TRIED: &str = "could not read key";
        let item = self.get(TRIED, format!("key#{}", hash.as_str()), "key").await?;
        item.as_ref().map(key_from_item).transpose().map_err(|cause| Trouble::new(TRIED, cause))
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Trouble> {
        const TRIED: &str = "could not read account";
        let item = self.get(TRIED, id.to_string(), "profile").await?;
        item.as_ref().map(from_item).transpose().map_err(|cause| Trouble::new(TRIED, cause))
    }

    async fn create(&self, account: &Account) -> Result<bool, Trouble> {
        self.put_all_new("could not create account", vec![to_item(account)]).await
    }

    async fn add_key(&self, record: &KeyRecord) -> Result<bool, Trouble> {
        let items = [
            key(format!("key#{}", record.hash.as_str()), "key"),
            key(record.account.to_string(), &format!("key#{}", record.hash.as_str())),
        ];
        let items = items.into_iter().map(|mut item| {
            item.extend(key_attributes(record));
            item
        });
        self.put_all_new("could not store key", items.collect()).await
    }

    async fn keys(&self, id: &AccountId) -> Result<Vec<KeyRecord>, Trouble> {
        const TRIED: &str = "could not list keys";
        let call = self.client.query().table_name(&self.table).consistent_read(true);
        let call = call.key_condition_expression("pk = :pk AND begins_with(sk, :key)");
        let call = call.expression_attribute_values(":pk", text(id.as_str()));
        let answer = call.expression_attribute_values(":key", text("key#")).send().await;
        let answer = answer.map_err(|cause| Trouble::new(TRIED, cause))?;
        let keys: Result<Vec<_>, _> = answer.items().iter().map(key_from_item).collect();
        keys.map_err(|cause| Trouble::new(TRIED, cause))
    }

    async fn revoke_key(&self, hash: &KeyHash, now: Time) -> Result<bool, Trouble> {
        const TRIED: &str = "could not revoke key";
        let Some(record) = self.key(hash).await? else { return Ok(false) };
        let values = || HashMap::from([(":now".to_owned(), number(now.millis()))]);
        // The record that opens the door goes first: a crash in between leaves a key that is already shut.
        for key in [
            key(format!("key#{}", hash.as_str()), "key"),
            key(record.account.to_string(), &format!("key#{}", hash.as_str())),
        ] {
            self.update(TRIED, key, "SET revoked = if_not_exists(revoked, :now)", values()).await?;
        }
        Ok(true)
    }

    async fn set_tier(&self, id: &AccountId, tier: Tier, limits: Limits) -> Result<bool, Trouble> {
        let mut values = HashMap::from([
            (":tier".to_owned(), text(tier.name())),
            (":per_minute".to_owned(), number(limits.per_minute)),
            (":concurrent".to_owned(), number(limits.concurrent)),
        ]);
        let set = "SET tier = :tier, per_minute = :per_minute, concurrent = :concurrent";
        let expression = match limits.per_day {
            Some(per_day) => {
                values.insert(":per_day".to_owned(), number(per_day));
                format!("{set}, per_day = :per_day")
            }
            None => format!("{set} REMOVE per_day"),
        };
        self.update("could not set tier", profile_key(id), &expression, values).await
    }

    async fn rotate_webhook_secret(
        &self,
        id: &AccountId,
        secret: &Hidden,
        old_until: Time,
    ) -> Result<bool, Trouble> {
        let values = HashMap::from([
            (":secret".to_owned(), text(secret.reveal())),
            (":until".to_owned(), number(old_until.millis())),
        ]);
        // What is on the right is as it was before.
        let expression =
            "SET old_webhook_secret = webhook_secret, old_webhook_until = :until, webhook_secret = :secret";
        self.update("could not rotate secret", profile_key(id), expression, values).await
    }

    async fn top_ups(&self, id: &AccountId, stretch: &Stretch) -> Result<Vec<Grant>, Trouble> {
        self.entries(id, stretch).await
    }

    async fn add_credits(&self, grant: &Grant) -> Result<Granted, Trouble> {
        const TRIED: &str = "could not add credits";
        let trouble = |cause: BuildError| Trouble::new(TRIED, cause);
        let remembered = key(grant.account.to_string(), &format!("grant#{}", grant.key));
        let mut entry = key(grant.account.to_string(), &format!("ledger#{}", grant.place().as_str()));
        entry.extend([
            ("credits".to_owned(), number(grant.credits.0)),
            ("note".to_owned(), text(&grant.note)),
            ("at".to_owned(), text(grant.at.to_string())),
        ]);
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(profile_key(&grant.account)))
            .update_expression("ADD granted :credits, available :credits")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":credits", number(grant.credits.0))
            .build()
            .map_err(trouble)?;
        let items = vec![
            self.put_new(remembered).map_err(trouble)?,
            TransactWriteItem::builder().update(update).build(),
            self.put_new(entry).map_err(trouble)?,
        ];
        match transact(&self.client, TRIED, items).await? {
            Transacted::Done => Ok(Granted::Done),
            Transacted::Canceled(reasons) if reasons.get(1).is_some_and(condition_failed) => {
                Ok(Granted::NoAccount)
            }
            Transacted::Canceled(_) => Ok(Granted::Already),
        }
    }
}

/// The account's part of an accepting transaction: reserve the cost, count the job, take a place or join the queue,
/// all under the account's conditions, and sweep counters of windows long past.
pub(crate) fn admit(table: &str, job: &Job, admission: &Admission) -> Result<Update, BuildError> {
    let (minute, day) = (format!("m{}", admission.windows.minute), format!("d{}", admission.windows.day));
    let change = job.acceptance();
    let mut condition = "attribute_exists(pk) AND available >= :cost \
         AND (attribute_not_exists(#minute) OR #minute < :per_minute)"
        .to_owned();
    let mut update = Update::builder()
        .table_name(table)
        .set_key(Some(profile_key(&job.account)))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .expression_attribute_names("#minute", minute)
        .expression_attribute_names("#day", day)
        .expression_attribute_values(":one", number(1))
        .expression_attribute_values(":cost", number(job.reserved().0))
        .expression_attribute_values(":available", number(change.balance.available))
        .expression_attribute_values(":running", number(change.running))
        .expression_attribute_values(":waiting", number(change.waiting))
        .expression_attribute_values(":per_minute", number(admission.limits.per_minute))
        .expression_attribute_values(":concurrent", number(admission.limits.concurrent))
        .expression_attribute_values(":nobody", number(0));
    if let Some(per_day) = admission.limits.per_day {
        condition.push_str(" AND (attribute_not_exists(#day) OR #day < :per_day)");
        update = update.expression_attribute_values(":per_day", number(per_day));
    }
    if is_held(job) {
        // Nobody queues while a place is free and nobody else waits for it: there would be no one to wake them.
        condition.push_str(" AND waiting < :most_waiting AND (running >= :concurrent OR waiting > :nobody)");
        update = update.expression_attribute_values(":most_waiting", number(admission.limits.most_waiting()));
    } else {
        // Nobody overtakes those who wait.
        condition.push_str(" AND running < :concurrent AND waiting = :nobody");
    }
    let mut expression = "ADD available :available, reserved :cost, running :running, waiting :waiting, \
         #minute :one, #day :one"
        .to_owned();
    let stale = admission.stale_minutes.iter().map(|minute| format!("m{minute}"));
    let stale: Vec<String> = stale.chain(admission.stale_days.iter().map(|day| format!("d{day}"))).collect();
    if !stale.is_empty() {
        expression.push_str(&format!(" REMOVE {}", stale.join(", ")));
    }
    update.update_expression(expression).condition_expression(condition).build()
}

/// The key of an account's profile.
pub(crate) fn profile_key(id: &AccountId) -> Item {
    key(id.to_string(), "profile")
}

fn key(pk: String, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

fn to_item(account: &Account) -> Item {
    let mut item = profile_key(&account.id);
    item.extend([
        ("name".to_owned(), text(&account.name)),
        ("tier".to_owned(), text(account.tier.name())),
        ("per_minute".to_owned(), number(account.limits.per_minute)),
        ("concurrent".to_owned(), number(account.limits.concurrent)),
        ("granted".to_owned(), number(account.balance.granted.0)),
        ("available".to_owned(), number(account.balance.available.0)),
        ("reserved".to_owned(), number(account.balance.reserved.0)),
        ("used".to_owned(), number(account.balance.used.0)),
        ("running".to_owned(), number(account.running)),
        ("waiting".to_owned(), number(account.waiting)),
        ("webhook_secret".to_owned(), text(account.webhook_secret.reveal())),
        ("link_key".to_owned(), text(account.link_key.reveal())),
        ("created".to_owned(), number(account.created.millis())),
    ]);
    if let Some(per_day) = account.limits.per_day {
        item.insert("per_day".to_owned(), number(per_day));
    }
    if let Some((secret, until)) = &account.old_webhook_secret {
        item.insert("old_webhook_secret".to_owned(), text(secret.reveal()));
        item.insert("old_webhook_until".to_owned(), number(until.millis()));
    }
    item
}

/// The account of a profile item.
pub(crate) fn from_item(item: &Item) -> Result<Account, Unreadable> {
    let missing = |name: &str| Unreadable(format!("no attribute {name}"));
    let figure = |name: &str| get_number::<u64>(item, name).map(Credits).ok_or_else(|| missing(name));
    let secret = |name: &str| get_text(item, name).map(Hidden::new);
    let tier = get_text(item, "tier").and_then(Tier::parse).ok_or_else(|| missing("tier"))?;
    let usual = Limits::of(tier);
    let old_secret =
        secret("old_webhook_secret").zip(get_number(item, "old_webhook_until").map(Time::from_millis));
    Ok(Account {
        id: get_text(item, "pk").and_then(AccountId::parse).ok_or_else(|| missing("pk"))?,
        name: get_text(item, "name").unwrap_or_default().to_owned(),
        tier,
        limits: Limits {
            per_minute: get_number(item, "per_minute").unwrap_or(usual.per_minute),
            concurrent: get_number(item, "concurrent").unwrap_or(usual.concurrent),
            per_day: get_number(item, "per_day"),
        },
        balance: Balance {
            granted: figure("granted")?,
            available: figure("available")?,
            reserved: figure("reserved")?,
            used: figure("used")?,
        },
        running: get_number(item, "running").unwrap_or(0),
        waiting: get_number(item, "waiting").unwrap_or(0),
        minutes: counters(item, 'm'),
        days: counters(item, 'd'),
        webhook_secret: secret("webhook_secret").ok_or_else(|| missing("webhook_secret"))?,
        old_webhook_secret: old_secret,
        link_key: secret("link_key").ok_or_else(|| missing("link_key"))?,
        created: get_number(item, "created").map(Time::from_millis).ok_or_else(|| missing("created"))?,
    })
}

/// Counters named after their windows: `m29384756` or `d20414`.
fn counters(item: &Item, letter: char) -> Vec<(i64, u32)> {
    let mut counters: Vec<(i64, u32)> = item
        .keys()
        .filter_map(|name| {
            let window = name.strip_prefix(letter)?.parse().ok()?;
            Some((window, get_number(item, name)?))
        })
        .collect();
    counters.sort_unstable();
    counters
}

fn key_attributes(record: &KeyRecord) -> Item {
    let mut item = HashMap::from([
        ("hash".to_owned(), text(record.hash.as_str())),
        ("account".to_owned(), text(record.account.as_str())),
        ("mode".to_owned(), text(record.mode.name())),
        ("hint".to_owned(), text(&record.hint)),
        ("name".to_owned(), text(&record.name)),
        ("created".to_owned(), number(record.created.millis())),
        ("scopes".to_owned(), text(record.scopes.names().join(","))),
    ]);
    if let Some(expires) = record.expires {
        item.insert("expires".to_owned(), number(expires.millis()));
    }
    if let Some(revoked) = record.revoked {
        item.insert("revoked".to_owned(), number(revoked.millis()));
    }
    item
}

fn key_from_item(item: &Item) -> Result<KeyRecord, Unreadable> {
    let missing = |name: &str| Unreadable(format!("no attribute {name}"));
    Ok(KeyRecord {
        hash: get_text(item, "hash").map(KeyHash::from_stored).ok_or_else(|| missing("hash"))?,
        account: get_text(item, "account").and_then(AccountId::parse).ok_or_else(|| missing("account"))?,
        mode: get_text(item, "mode").and_then(Mode::parse).ok_or_else(|| missing("mode"))?,
        hint: get_text(item, "hint").unwrap_or_default().to_owned(),
        name: get_text(item, "name").unwrap_or_default().to_owned(),
        created: get_number(item, "created").map(Time::from_millis).ok_or_else(|| missing("created"))?,
        expires: get_number(item, "expires").map(Time::from_millis),
        revoked: get_number(item, "revoked").map(Time::from_millis),
        // Keys from before there were scopes may do everything.
        scopes: get_text(item, "scopes").map_or(Scopes::ALL, |names| Scopes::of(names.split(','))),
    })
}
