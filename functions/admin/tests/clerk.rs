//! What an operator asks for, and what comes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use admin::Clerk;
use jobs::{ApiKey, Time, ports::Accounts};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU8, Ordering};
use testkit::Memory;

static DRAWN: AtomicU8 = AtomicU8::new(1);

fn clerk() -> Clerk<Memory> {
    Clerk {
        accounts: Memory::new(),
        clock: || Time::from_millis(1_000_000),
        random: || {
            let first = DRAWN.fetch_add(1, Ordering::Relaxed);
            Ok(std::array::from_fn(|index| first.wrapping_add(index as u8)))
        },
    }
}

async fn create(clerk: &Clerk<Memory>) -> String {
    let answer = clerk.answer(json!({ "action": "createAccount", "name": "Ann", "tier": "PRO" })).await;
    assert!(answer["webhookSecret"].as_str().unwrap().starts_with("whsec_"), "{answer}");
    answer["account"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_account_gets_credits_once_per_key_of_the_grant() {
    let clerk = clerk();
    let account = create(&clerk).await;
    let grant =
        json!({ "action": "addCredits", "account": account, "credits": 500, "idempotencyKey": "invoice-1" });
    assert_eq!(clerk.answer(grant.clone()).await["added"], 500);
    assert_eq!(clerk.answer(grant).await["added"], 0);
    let shown = clerk.answer(json!({ "action": "showAccount", "account": account })).await;
    assert_eq!(shown["balance"], json!({ "granted": 500, "available": 500, "reserved": 0, "used": 0 }));
    assert_eq!((&shown["tier"], &shown["limits"]["perMinute"]), (&json!("PRO"), &json!(60)));
}

#[tokio::test]
async fn a_key_is_told_once_listed_by_its_prefix_and_revoked() {
    let clerk = clerk();
    let account = create(&clerk).await;
    let order = json!({ "action": "issueKey", "account": account, "mode": "test", "name": "laptop", "expiresInSeconds": 60 });
    let issued = clerk.answer(order).await;
    let key = ApiKey::parse(issued["key"].as_str().unwrap()).unwrap();
    let listed = clerk.answer(json!({ "action": "listKeys", "account": account })).await;
    assert_eq!(listed["keys"][0]["prefix"], issued["prefix"]);
    assert_eq!(listed["keys"][0]["expiresAt"], "1970-01-01T00:17:40.000Z");
    assert!(!listed.to_string().contains(key.reveal()), "the key itself is not kept");
    let revoked =
        clerk.answer(json!({ "action": "revokeKey", "account": account, "prefix": issued["prefix"] })).await;
    assert_eq!(revoked["revoked"], true);
    let record = clerk.accounts.key(&key.hash()).await.unwrap().unwrap();
    assert!(!record.is_good(Time::from_millis(1_000_001)));
}

#[tokio::test]
async fn only_enterprise_has_limits_of_its_own() {
    let clerk = clerk();
    let account = create(&clerk).await;
    let limits = json!({ "perMinute": 1000, "concurrent": 50 });
    let set = |tier: &str| json!({ "action": "setTier", "account": account, "tier": tier, "limits": limits });
    assert_eq!(clerk.answer(set("STARTER")).await["error"]["field"], "limits");
    assert_eq!(clerk.answer(set("ENTERPRISE")).await["tier"], "ENTERPRISE");
    let shown = clerk.answer(json!({ "action": "showAccount", "account": account })).await;
    assert_eq!(shown["limits"], json!({ "perMinute": 1000, "concurrent": 50, "perDay": null }));
}

#[tokio::test]
async fn a_key_may_do_what_it_was_issued_for() {
    let clerk = clerk();
    let account = create(&clerk).await;
    let issue =
        |scopes: Value| json!({ "action": "issueKey", "account": account, "mode": "live", "scopes": scopes });
    for (scopes, expected) in [
        (Value::Null, json!(["READ", "GENERATE"])),
        (json!(["READ"]), json!(["READ"])),
        (json!(["GENERATE"]), json!(["GENERATE"])),
        (json!(["GENERATE", "READ"]), json!(["READ", "GENERATE"])),
    ] {
        let prefix = clerk.answer(issue(scopes)).await["prefix"].clone();
        let listed = clerk.answer(json!({ "action": "listKeys", "account": account })).await;
        let mut lines = listed["keys"].as_array().unwrap().iter();
        assert_eq!(lines.find(|line| line["prefix"] == prefix).unwrap()["scopes"], expected);
    }
    for scopes in [json!([]), json!(["ADMIN"]), json!(["READ", "read"])] {
        assert_eq!(clerk.answer(issue(scopes)).await["error"]["field"], "scopes");
    }
}

#[tokio::test]
async fn a_bad_request_names_its_field_and_changes_nothing() {
    let nobody = "acct_00000000000000000000000000";
    let cases: [(Value, &str, Value); 11] = [
        (json!({}), "INVALID_INPUT", json!("action")),
        (json!("text"), "INVALID_INPUT", json!("action")),
        (json!({ "action": "fly" }), "INVALID_INPUT", Value::Null),
        (json!({ "action": "createAccount", "name": "Ann" }), "INVALID_INPUT", Value::Null),
        (json!({ "action": "createAccount", "name": "Ann", "tier": "GOLD" }), "INVALID_INPUT", json!("tier")),
        (
            json!({ "action": "createAccount", "name": "A".repeat(201), "tier": "FREE" }),
            "INVALID_INPUT",
            json!("name"),
        ),
        (
            json!({ "action": "issueKey", "account": "acct_1", "mode": "live" }),
            "INVALID_INPUT",
            json!("account"),
        ),
        (json!({ "action": "issueKey", "account": nobody, "mode": "live" }), "NOT_FOUND", json!("account")),
        (json!({ "action": "issueKey", "account": nobody, "mode": "prod" }), "INVALID_INPUT", json!("mode")),
        (
            json!({ "action": "addCredits", "account": nobody, "credits": -5, "idempotencyKey": "k" }),
            "INVALID_INPUT",
            Value::Null,
        ),
        (
            json!({ "action": "addCredits", "account": nobody, "credits": 5, "idempotencyKey": "k" }),
            "NOT_FOUND",
            json!("account"),
        ),
    ];
    for (payload, code, field) in cases {
        let clerk = clerk();
        let answer = clerk.answer(payload.clone()).await;
        assert_eq!(
            (&answer["error"]["code"], &answer["error"]["field"]),
            (&json!(code), &field),
            "{payload}: {answer}"
        );
        assert!(clerk.accounts.all_accounts().is_empty() && clerk.accounts.ledger().is_empty(), "{payload}");
    }
}

#[tokio::test]
async fn a_top_up_keeps_the_figures_readable() {
    let clerk = clerk();
    let account = create(&clerk).await;
    for (credits, added) in
        [(0, Value::Null), (1_000_000_000_000u64, json!(1_000_000_000_000u64)), (u64::MAX, Value::Null)]
    {
        let key = format!("invoice-{credits}");
        let grant =
            json!({ "action": "addCredits", "account": account, "credits": credits, "idempotencyKey": key });
        let answer = clerk.answer(grant).await;
        assert_eq!(answer["added"], added, "{answer}");
        assert_eq!(answer["error"]["field"] == "credits", added.is_null(), "{answer}");
    }
}
