//! The real tables keep the rules of every store, spoken over DynamoDB's own protocol to a local stand-in.
//!
//! `make test` installs the stand-in. With `DOITONG_EMULATOR` set to an endpoint, that one is asked instead.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod emulator;

use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType,
    },
};
use cloud::{AccountsTable, JobsTable, Tables, VendorsTable};
use emulator::Emulator;
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::contract::{Stores, store_contract};

#[tokio::test]
async fn the_tables_keep_the_rules() {
    let emulator = Emulator::ready().await;
    let client = emulator.client();
    let count = AtomicU32::new(0);
    store_contract(async || {
        // Names of this run alone: a shared stand-in may have served others before.
        let name = format!("{}-{}", std::process::id(), count.fetch_add(1, Ordering::Relaxed));
        let [jobs, accounts, vendors] =
            ["Jobs", "Accounts", "Vendors"].map(|table| format!("{table}-{name}"));
        create_jobs(&client, &jobs).await;
        create_with_two_keys(&client, &accounts).await;
        create_with_two_keys(&client, &vendors).await;
        let tables = Tables { jobs, accounts: accounts.clone(), vendors: vendors.clone() };
        Stores {
            jobs: JobsTable::new(client.clone(), tables),
            accounts: AccountsTable::new(client.clone(), accounts),
            vendors: VendorsTable::new(client.clone(), vendors),
        }
    })
    .await;
}

/// As `template.yaml` makes it.
async fn create_jobs(client: &Client, name: &str) {
    let text = ["id", "account", "created", "due_shard", "held_for"];
    let mut call = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for attribute in text {
        call = call.attribute_definitions(attribute_of(attribute, ScalarAttributeType::S));
    }
    call = call
        .attribute_definitions(attribute_of("due_at", ScalarAttributeType::N))
        .key_schema(key("id", KeyType::Hash));
    for (index, hash, range) in [
        ("by-account", "account", "created"),
        ("by-due", "due_shard", "due_at"),
        ("by-held", "held_for", "created"),
    ] {
        let index = GlobalSecondaryIndex::builder()
            .index_name(index)
            .key_schema(key(hash, KeyType::Hash))
            .key_schema(key(range, KeyType::Range))
            .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build());
        call = call.global_secondary_indexes(index.build().unwrap());
    }
    call.send().await.unwrap();
}

/// As `template.yaml` makes it.
async fn create_with_two_keys(client: &Client, name: &str) {
    let call = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    let call = call.attribute_definitions(attribute_of("pk", ScalarAttributeType::S));
    let call = call.attribute_definitions(attribute_of("sk", ScalarAttributeType::S));
    call.key_schema(key("pk", KeyType::Hash)).key_schema(key("sk", KeyType::Range)).send().await.unwrap();
}

fn attribute_of(name: &str, kind: ScalarAttributeType) -> AttributeDefinition {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap()
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}
