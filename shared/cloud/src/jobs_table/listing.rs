//! Lists of an account's jobs, and many jobs read at once.

use super::JobsTable;
use crate::{
    expressions::{Item, get_text, text},
    item::from_item,
    jitter,
    stretch::{bounds, within},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use jobs::{AccountId, Job, JobId, Place, Stretch, ports::Trouble};
use std::{collections::HashMap, time::Duration};

/// Items that one batch may ask for.
const MOST_IN_BATCH: usize = 100;

/// Rounds until a batch is given up whose items a busy table keeps putting off.
const MOST_ROUNDS: u32 = 6;

impl JobsTable {
    /// One query of the index by account.
    pub(super) async fn places(&self, account: &AccountId, stretch: &Stretch) -> Result<Vec<Place>, Trouble> {
        const TRIED: &str = "could not list jobs";
        let Some((lowest, highest, most)) = bounds(stretch) else { return Ok(Vec::new()) };
        let call = self.client.query().table_name(&self.jobs).index_name("by-account");
        let call = call
            .key_condition_expression("account = :account AND created BETWEEN :lowest AND :highest")
            .expression_attribute_values(":account", text(account.as_str()))
            .expression_attribute_values(":lowest", text(lowest))
            .expression_attribute_values(":highest", text(highest))
            .scan_index_forward(false)
            .limit(most);
        let answer = call.send().await.map_err(|cause| Trouble::new(TRIED, cause))?;
        let places =
            answer.items().iter().filter_map(|item| get_text(item, "created").and_then(Place::parse));
        Ok(within(stretch, places, |place| stretch.holds(place)))
    }

    /// As many batches as it takes.
    pub(super) async fn batches(&self, ids: &[JobId]) -> Result<Vec<Job>, Trouble> {
        let mut found = HashMap::new();
        for some in ids.chunks(MOST_IN_BATCH) {
            self.batch(some, &mut found).await?;
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    async fn batch(&self, ids: &[JobId], found: &mut HashMap<JobId, Job>) -> Result<(), Trouble> {
        const TRIED: &str = "could not read jobs";
        let key = |id: &JobId| Item::from([("id".to_owned(), text(id.as_str()))]);
        let keys = KeysAndAttributes::builder().set_keys(Some(ids.iter().map(key).collect())).build();
        let keys = keys.map_err(|cause| Trouble::new(TRIED, cause))?;
        let mut wanted = HashMap::from([(self.jobs.clone(), keys)]);
        for round in 0..MOST_ROUNDS {
            if round > 0 {
                let pause = Duration::from_millis(25 << round);
                tokio::time::sleep(pause.mul_f64(0.5 + jitter())).await;
            }
            let answer = self.client.batch_get_item().set_request_items(Some(wanted)).send().await;
            let answer = answer.map_err(|cause| Trouble::new(TRIED, cause))?;
            for item in answer.responses.into_iter().flatten().flat_map(|(_, items)| items) {
                let job = from_item(&item).map_err(|cause| Trouble::new(TRIED, cause))?;
                found.insert(job.id.clone(), job);
            }
            wanted = answer.unprocessed_keys.unwrap_or_default();
            if wanted.is_empty() {
                return Ok(());
            }
        }
        Err(Trouble::new(TRIED, "the table put some of them off every time"))
    }
}
