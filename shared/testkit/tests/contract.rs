//! The store in memory keeps the rules of every store.

use testkit::{
    Memory,
    contract::{Stores, store_contract},
};

#[tokio::test]
async fn memory_keeps_the_rules() {
    store_contract(async || {
        let memory = Memory::new();
        Stores { jobs: memory.clone(), accounts: memory.clone(), vendors: memory }
    })
    .await;
}
