//! Jobs in DynamoDB. Each method is one request on its ordinary path.

mod listing;

use crate::{
    accounts,
    expressions::{Item, get_text, number, text},
    item::{from_item, to_item},
    transaction::{Transacted, condition_failed, transact},
    vendors,
};
use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::put_item::PutItemError,
    types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use jobs::{
    AccountId, Change, Job, JobId, Place, State, Stretch, Time,
    life::AccountChange,
    ports::{Accepted, Admission, Jobs, Saved, Trouble},
};
use std::collections::HashMap;

/// The jobs table, and the accounts and vendors' slots that its transactions move.
#[derive(Clone)]
pub struct JobsTable {
    client: Client,
    jobs: String,
    accounts: String,
    vendors: String,
}

/// Names of tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The jobs.
    pub jobs: String,
    /// The accounts.
    pub accounts: String,
    /// The vendors.
    pub vendors: String,
}

impl JobsTable {
    /// The tables of these names; [`crate::Cloud::jobs`] takes the names from the environment.
    pub fn new(client: Client, Tables { jobs, accounts, vendors }: Tables) -> JobsTable {
        JobsTable { client, jobs, accounts, vendors }
    }

    async fn read(&self, id: &JobId, consistent: bool) -> Result<Option<Job>, Trouble> {
        const TRIED: &str = "could not read job";
        let call = self.client.get_item().table_name(&self.jobs).key("id", text(id.as_str()));
        let answer =
            call.consistent_read(consistent).send().await.map_err(|cause| Trouble::new(TRIED, cause))?;
        answer.item.as_ref().map(from_item).transpose().map_err(|cause| Trouble::new(TRIED, cause))
    }

    async fn ids(&self, query: Query<'_>) -> Result<Vec<JobId>, Trouble> {
        let call = self.client.query().table_name(&self.jobs).index_name(query.index);
        let call = call
            .key_condition_expression(query.condition)
            .set_expression_attribute_values(Some(query.values));
        let answer = call.limit(i32::try_from(query.most).unwrap_or(i32::MAX)).send().await;
        let answer = answer.map_err(|cause| Trouble::new(query.tried, cause))?;
        Ok(answer.items().iter().filter_map(|item| get_text(item, "id").and_then(JobId::parse)).collect())
    }

    fn put_at_version(&self, change: &Change) -> Result<Put, Trouble> {
        let put = Put::builder()
            .table_name(&self.jobs)
            .set_item(Some(to_item(&change.job).map_err(|cause| Trouble::new(SAVE, cause))?))
            .condition_expression("version = :expected")
            .expression_attribute_values(":expected", number(change.expected));
        put.build().map_err(|cause| Trouble::new(SAVE, cause))
    }
}

/// The most that a new job's body may have. An item of 400 KB is the largest that the table takes, and a job grows: one
/// that could not be saved any more could neither go on nor end.
const MOST_BODY_BYTES: usize = 360 * 1024;

struct Query<'a> {
    tried: &'static str,
    index: &'static str,
    condition: &'a str,
    values: Item,
    most: u32,
}

const SAVE: &str = "could not save job";

impl Jobs for JobsTable {
    async fn load(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        self.read(id, true).await
    }

    async fn peek(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        // Half the price of a consistent read; only a job stored within the last moments can be missed, so a miss is
        // looked at twice.
        match self.read(id, false).await? {
            Some(job) => Ok(Some(job)),
            None => self.read(id, true).await,
        }
    }

    async fn accept(&self, job: &Job, admission: &Admission) -> Result<Accepted, Trouble> {
        const TRIED: &str = "could not accept job";
        let trouble = |cause: aws_sdk_dynamodb::error::BuildError| Trouble::new(TRIED, cause);
        let item = to_item(job).map_err(|cause| Trouble::new(TRIED, cause))?;
        if get_text(&item, "body").is_none_or(|body| body.len() > MOST_BODY_BYTES) {
            return Err(Trouble::new(TRIED, "the order is too large to be stored"));
        }
        let put = Put::builder()
            .table_name(&self.jobs)
            .set_item(Some(item))
            // An expired record that the table's clean-up has not reached yet is no record.
            .condition_expression("attribute_not_exists(id) OR expires <= :now")
            .expression_attribute_values(":now", number(job.created.seconds()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(trouble)?;
        let update = accounts::admit(&self.accounts, job, admission).map_err(trouble)?;
        let items = vec![
            TransactWriteItem::builder().put(put).build(),
            TransactWriteItem::builder().update(update).build(),
        ];
        let reasons = match transact(&self.client, TRIED, items).await? {
            Transacted::Done => return Ok(Accepted::New),
            Transacted::Canceled(reasons) => reasons,
        };
        // A taken id comes first: a replay succeeds whatever the account's figures say now.
        let [of_job, of_account] = reasons.as_slice() else {
            return Err(Trouble::new(TRIED, "the transaction gave no reason for each item"));
        };
        if condition_failed(of_job) {
            let existing =
                of_job.item().map(from_item).transpose().map_err(|cause| Trouble::new(TRIED, cause))?;
            let existing = existing.ok_or_else(|| Trouble::new(TRIED, "the existing job was not given"))?;
            return Ok(Accepted::Exists(Box::new(existing)));
        }
        let account = of_account.item().map(accounts::from_item).transpose();
        let account = account.map_err(|cause| Trouble::new(TRIED, cause))?;
        let account = account.ok_or_else(|| Trouble::new(TRIED, "there is no such account"))?;
        Ok(Accepted::Refused(Box::new(account)))
    }

    async fn save(&self, change: &Change, most_running: u32) -> Result<Saved, Trouble> {
        let put = self.put_at_version(change)?;
        if change.is_the_job_alone() {
            let call = self.client.put_item().table_name(&self.jobs).set_item(Some(put.item));
            let call = call.condition_expression("version = :expected");
            let call = call.expression_attribute_values(":expected", number(change.expected));
            return match call.send().await {
                Ok(_) => Ok(Saved::Done),
                Err(SdkError::ServiceError(error))
                    if matches!(error.err(), PutItemError::ConditionalCheckFailedException(_)) =>
                {
                    Ok(Saved::LostRace)
                }
                Err(cause) => Err(Trouble::new(SAVE, cause)),
            };
        }
        let build = |cause: aws_sdk_dynamodb::error::BuildError| Trouble::new(SAVE, cause);
        let mut items = vec![TransactWriteItem::builder().put(put).build()];
        let mut of_account = None;
        if !change.account.is_nothing() {
            let update = self.account_update(&change.job.account, &change.account, most_running)?;
            of_account = Some(items.len());
            items.push(TransactWriteItem::builder().update(update).build());
        }
        if let Some(vendor) = &change.slots.free {
            let update = vendors::free_slot(&self.vendors, vendor).map_err(build)?;
            items.push(TransactWriteItem::builder().update(update).build());
        }
        if let Some((vendor, most)) = &change.slots.take {
            let update = vendors::take_slot(&self.vendors, vendor, *most).map_err(build)?;
            items.push(TransactWriteItem::builder().update(update).build());
        }
        let reasons = match transact(&self.client, SAVE, items).await? {
            Transacted::Done => return Ok(Saved::Done),
            Transacted::Canceled(reasons) => reasons,
        };
        let failed = |index: usize| reasons.get(index).is_some_and(condition_failed);
        match of_account {
            _ if failed(0) => Ok(Saved::LostRace),
            Some(index) if failed(index) && change.account.running > 0 => Ok(Saved::NoPlace),
            Some(index) if failed(index) => Err(Trouble::new(SAVE, "the account is missing")),
            _ => Ok(Saved::NoSlot),
        }
    }

    async fn due(&self, shard: u8, now: Time, most: u32) -> Result<Vec<JobId>, Trouble> {
        let values = HashMap::from([
            (":shard".to_owned(), text(shard.to_string())),
            (":now".to_owned(), number(now.millis())),
        ]);
        let condition = "due_shard = :shard AND due_at <= :now";
        self.ids(Query { tried: "could not list due jobs", index: "by-due", condition, values, most }).await
    }

    async fn held(&self, account: &AccountId, most: u32) -> Result<Vec<JobId>, Trouble> {
        let values = HashMap::from([(":account".to_owned(), text(account.as_str()))]);
        let condition = "held_for = :account";
        self.ids(Query { tried: "could not list held jobs", index: "by-held", condition, values, most }).await
    }

    async fn list(&self, account: &AccountId, stretch: &Stretch) -> Result<Vec<Place>, Trouble> {
        self.places(account, stretch).await
    }

    async fn peek_all(&self, ids: &[JobId]) -> Result<Vec<Job>, Trouble> {
        if ids.is_empty() { Ok(Vec::new()) } else { self.batches(ids).await }
    }
}

impl JobsTable {
    fn account_update(
        &self,
        account: &AccountId,
        change: &AccountChange,
        most_running: u32,
    ) -> Result<Update, Trouble> {
        let mut update = Update::builder()
            .table_name(&self.accounts)
            .set_key(Some(accounts::profile_key(account)))
            .update_expression("ADD available :available, reserved :reserved, used :used, running :running, waiting :waiting")
            .expression_attribute_values(":available", number(change.balance.available))
            .expression_attribute_values(":reserved", number(change.balance.reserved))
            .expression_attribute_values(":used", number(change.balance.used))
            .expression_attribute_values(":running", number(change.running))
            .expression_attribute_values(":waiting", number(change.waiting));
        update = if change.running > 0 {
            update
                .condition_expression("attribute_exists(pk) AND running < :most")
                .expression_attribute_values(":most", number(most_running))
        } else {
            update.condition_expression("attribute_exists(pk)")
        };
        update.build().map_err(|cause| Trouble::new(SAVE, cause))
    }
}

/// Whether the job waits for a place; the accepting transaction has other conditions then.
pub(crate) fn is_held(job: &Job) -> bool {
    matches!(job.state, State::Held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::config::BehaviorVersion;
    use testkit::builders;

    #[tokio::test]
    async fn what_could_not_be_saved_later_is_not_accepted() {
        let config =
            aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
        let [jobs, accounts, vendors] = ["jobs", "accounts", "vendors"].map(str::to_owned);
        let table = JobsTable::new(Client::from_conf(config), Tables { jobs, accounts, vendors });
        let account = builders::account(1, 100);
        let mut job = builders::job(1, &account.id, 5, builders::START);
        // Six bytes each in JSON.
        job.order.input.text = Some("\u{1}".repeat(65_000));
        let trouble =
            table.accept(&job, &builders::admission(account.limits, builders::START)).await.unwrap_err();
        assert_eq!(trouble.cause.to_string(), "the order is too large to be stored");
    }
}
