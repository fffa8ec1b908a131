//! What all processes know of the vendors, in DynamoDB.
//!
//! | pk | sk | what |
//! |---|---|---|
//! | `health` | vendor | counts by scope and minute, cut-offs |
//! | `speed` | model | durations in milliseconds by class and slot |
//! | `slots` | vendor | how many jobs it has, where the operator limits that |
//!
//! Slots stand apart from health: they move in transactions, which would collide with the counting.

mod stored;

use crate::expressions::{Item, number, text};
use aws_sdk_dynamodb::{
    Client,
    error::{BuildError, SdkError},
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, Update},
};
use jobs::{
    Time,
    health::{CutOff, Health, Sample, Scope, Speed, Tally, minute_of},
    ports::{Trouble, Vendors},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};
use stored::{count_name, cut_name, read_health, read_speed, stale_names, write_cut};

/// Old counts removed with one write, at most: an expression may not grow beyond 4 KB.
const MOST_REMOVED: usize = 50;

/// The vendors table.
#[derive(Clone)]
pub struct VendorsTable {
    client: Client,
    table: String,
    /// Counts that nobody asks for any more, by vendor: the next write removes them by the way.
    stale: Arc<Mutex<BTreeMap<String, Vec<String>>>>,
}

impl VendorsTable {
    /// The table of this name; [`crate::Cloud::vendors`] takes the name from the environment.
    pub fn new(client: Client, table: String) -> VendorsTable {
        VendorsTable { client, table, stale: Arc::default() }
    }

    async fn all(&self, tried: &'static str, pk: &str) -> Result<Vec<Item>, Trouble> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let call = self.client.query().table_name(&self.table);
            let call = call.key_condition_expression("pk = :pk").expression_attribute_values(":pk", text(pk));
            let answer = call.set_exclusive_start_key(from).send().await;
            let answer = answer.map_err(|cause| Trouble::new(tried, cause))?;
            from = answer.last_evaluated_key;
            items.extend(answer.items.unwrap_or_default());
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    fn take_stale(&self, vendor: &str) -> Vec<String> {
        let mut stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
        stale.remove(vendor).unwrap_or_default()
    }
}

impl Vendors for VendorsTable {
    async fn count(
        &self,
        vendor: &str,
        counts: &BTreeMap<Scope, Tally>,
        now: Time,
    ) -> Result<Health, Trouble> {
        const TRIED: &str = "could not count what a vendor did";
        let minute = minute_of(now);
        let mut expression = Expression::default();
        let figures = counts.iter().flat_map(|(scope, tally)| {
            [(true, tally.good), (false, tally.bad)]
                .map(|(good, figure)| (count_name(good, scope, minute), figure))
        });
        for (name, figure) in figures.filter(|(_, figure)| *figure > 0) {
            let (name, value) = (expression.name(name), expression.value(number(figure)));
            expression.adds.push(format!("{name} {value}"));
        }
        for name in self.take_stale(vendor).into_iter().take(MOST_REMOVED) {
            let name = expression.name(name);
            expression.removes.push(name);
        }
        let call = self.client.update_item().table_name(&self.table).set_key(Some(key("health", vendor)));
        let call = call.update_expression(expression.text()).return_values(ReturnValue::AllNew);
        let call = call.set_expression_attribute_names(Some(expression.names));
        let answer = call.set_expression_attribute_values(Some(expression.values)).send().await;
        let item = answer.map_err(|cause| Trouble::new(TRIED, cause))?.attributes.unwrap_or_default();
        let old = stale_names(&item, minute);
        if !old.is_empty() {
            self.stale.lock().unwrap_or_else(PoisonError::into_inner).insert(vendor.to_owned(), old);
        }
        Ok(read_health(&item))
    }

    async fn set_cut(
        &self,
        vendor: &str,
        scope: &Scope,
        before: Option<&CutOff>,
        after: &CutOff,
    ) -> Result<bool, Trouble> {
        let call = self.client.update_item().table_name(&self.table).set_key(Some(key("health", vendor)));
        let call = call
            .update_expression("SET #cut = :after")
            .expression_attribute_names("#cut", cut_name(scope))
            .expression_attribute_values(":after", text(write_cut(after)));
        let call = match before {
            None => call.condition_expression("attribute_not_exists(#cut)"),
            Some(before) => call
                .condition_expression("#cut = :before")
                .expression_attribute_values(":before", text(write_cut(before))),
        };
        match call.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), UpdateItemError::ConditionalCheckFailedException(_)) =>
            {
                Ok(false)
            }
            Err(cause) => Err(Trouble::new("could not cut off or open a vendor", cause)),
        }
    }

    async fn healths(&self) -> Result<BTreeMap<String, Health>, Trouble> {
        let items = self.all("could not read how vendors are", "health").await?;
        Ok(by_name(items, read_health))
    }

    async fn remember(&self, samples: &[Sample]) -> Result<(), Trouble> {
        let mut by_model: BTreeMap<&str, Expression> = BTreeMap::new();
        for sample in samples {
            let expression = by_model.entry(&sample.model).or_default();
            let name = expression.name(stored::sample_name(&sample.class, sample.slot));
            let value = expression.value(number(sample.took.as_millis()));
            // An expression may not set one name twice.
            if !expression.sets.iter().any(|set| set.starts_with(&format!("{name} "))) {
                expression.sets.push(format!("{name} = {value}"));
            }
        }
        for (model, mut expression) in by_model {
            expression.sets.truncate(MOST_REMOVED);
            let call = self.client.update_item().table_name(&self.table).set_key(Some(key("speed", model)));
            let call = call.update_expression(expression.text());
            let call = call.set_expression_attribute_names(Some(expression.names));
            let answer = call.set_expression_attribute_values(Some(expression.values)).send().await;
            answer.map_err(|cause| Trouble::new("could not remember durations", cause))?;
        }
        Ok(())
    }

    async fn speeds(&self) -> Result<BTreeMap<String, Speed>, Trouble> {
        let items = self.all("could not read durations", "speed").await?;
        Ok(by_name(items, read_speed))
    }
}

fn by_name<T>(items: Vec<Item>, read: impl Fn(&Item) -> T) -> BTreeMap<String, T> {
    let named = |item: Item| Some((crate::expressions::get_text(&item, "sk")?.to_owned(), read(&item)));
    items.into_iter().filter_map(named).collect()
}

fn key(pk: &str, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

/// Takes a place at a vendor if fewer than `most` are taken, within a transaction.
pub(crate) fn take_slot(table: &str, vendor: &str, most: u32) -> Result<Update, BuildError> {
    Update::builder()
        .table_name(table)
        .set_key(Some(key("slots", vendor)))
        .update_expression("ADD taken :one")
        .condition_expression("attribute_not_exists(taken) OR taken < :most")
        .expression_attribute_values(":one", number(1))
        .expression_attribute_values(":most", number(most))
        .build()
}

/// Gives a place back, within a transaction.
pub(crate) fn free_slot(table: &str, vendor: &str) -> Result<Update, BuildError> {
    Update::builder()
        .table_name(table)
        .set_key(Some(key("slots", vendor)))
        .update_expression("ADD taken :minus")
        .expression_attribute_values(":minus", number(-1))
        .build()
}

/// An update expression in the making.
#[derive(Default)]
struct Expression {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
    sets: Vec<String>,
    adds: Vec<String>,
    removes: Vec<String>,
}

impl Expression {
    /// A placeholder for a name; the same one for the same name.
    fn name(&mut self, name: String) -> String {
        if let Some((placeholder, _)) = self.names.iter().find(|(_, known)| **known == name) {
            return placeholder.clone();
        }
        let placeholder = format!("#n{}", self.names.len());
        self.names.insert(placeholder.clone(), name);
        placeholder
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    fn text(&self) -> String {
        let clauses = [("SET", &self.sets), ("ADD", &self.adds), ("REMOVE", &self.removes)];
        let clauses = clauses.iter().filter(|(_, parts)| !parts.is_empty());
        clauses.map(|(verb, parts)| format!("{verb} {}", parts.join(", "))).collect::<Vec<_>>().join(" ")
    }
}
