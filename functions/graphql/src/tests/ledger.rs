//! What moved the credits, and what was used by day.

use super::harness::{Answer, House, LIVE, STRANGER, ask, fox, generate, house, now, post};
use jobs::{
    Account, Credits, Event, Fault, FaultKind, Job, Mode, Ticket, Windows, advance,
    ports::{Accounts, Grant},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::builders;

async fn page(house: &House, key: u8, variables: Value) -> Answer {
    let query =
        "query($first: Int, $after: String) { account { creditTransactions(first: $first, after: $after) {
        nodes { kind credits pending generationId note createdAt } edges { cursor }
        pageInfo { hasNextPage endCursor } } } }";
    let body = json!({ "query": query, "variables": variables }).to_string();
    post(key, body).at(builders::at(100_000)).to(&house.app).await
}

fn connection(answer: &Answer) -> &Value {
    &answer.data("account")["creditTransactions"]
}

/// Every page to the end: what moved, as signed figures.
async fn walk(house: &House, first: u32) -> Vec<i64> {
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = page(house, LIVE, json!({ "first": first, "after": after })).await;
        let made = connection(&answer);
        let nodes = made["nodes"].as_array().unwrap();
        seen.extend(nodes.iter().map(|node| node["credits"].as_i64().unwrap()));
        if made["pageInfo"]["hasNextPage"] == json!(false) {
            return seen;
        }
        after = made["pageInfo"]["endCursor"].clone();
        assert!(after.is_string());
    }
}

async fn top_up(house: &House, credits: u64, second: u64) {
    let key = format!("invoice-{second}");
    let grant =
        Grant { at: builders::at(second), ..builders::grant(&builders::account_id(1), credits, &key) };
    house.memory.add_credits(&grant).await.unwrap();
}

/// A job of account 1 that came to this.
fn job(house: &House, number: u32, cost: u64, second: u64, events: &[Event], mode: Mode) {
    let mut new = builders::new_job(number, &builders::account_id(1), cost);
    new.mode = mode;
    let at = builders::at(second);
    let accepted = Job::accepted(new, false, at);
    let job = events.iter().fold(accepted, |job, event| advance(&job, event.clone(), at).unwrap().job);
    house.memory.put_job(job);
}

#[tokio::test]
async fn top_ups_and_charges_are_told_newest_first() {
    let house = house(0);
    let running = [Event::Submitting, Event::Accepted { ticket: Ticket("t".to_owned()) }];
    let with = |last: Event| [running.as_slice(), &[last]].concat();
    top_up(&house, 500, 10).await;
    job(&house, 1, 40, 20, &with(Event::Stored(vec![builders::output()])), Mode::Live);
    job(&house, 2, 41, 30, &with(Event::Failed(Fault::new(FaultKind::Vendor, "no"))), Mode::Live);
    job(&house, 3, 42, 40, &running, Mode::Live);
    job(&house, 4, 43, 50, &with(Event::Stored(vec![builders::output()])), Mode::Test);
    top_up(&house, 70, 60).await;
    job(
        &house,
        5,
        44,
        70,
        &[with(Event::Stored(vec![builders::output()])), vec![Event::Deleted]].concat(),
        Mode::Live,
    );
    let answer = page(&house, LIVE, json!({})).await;
    let id = |number| json!(builders::job_id(number).as_str());
    let row = |kind: &str, credits: i64, pending: bool, id: Value, note: Value, second: u64| {
        json!({
            "kind": kind, "credits": credits, "pending": pending, "generationId": id, "note": note,
            "createdAt": builders::at(second).to_string()
        })
    };
    let expected = json!([
        row("GENERATION", -44, false, id(5), Value::Null, 70),
        row("TOP_UP", 70, false, Value::Null, json!("a top-up"), 60),
        row("GENERATION", -42, true, id(3), Value::Null, 40),
        row("GENERATION", -40, false, id(1), Value::Null, 20),
        row("TOP_UP", 500, false, Value::Null, json!("a top-up"), 10),
    ]);
    assert_eq!(connection(&answer)["nodes"], expected);
    assert_eq!(connection(&answer)["pageInfo"]["hasNextPage"], json!(false));
    for first in 1..7 {
        assert_eq!(walk(&house, first).await, [-44, 70, -42, -40, 500], "{first} at a time");
    }
    assert_eq!(connection(&page(&house, STRANGER, json!({})).await)["nodes"], json!([]));
    for (variables, field) in [(json!({ "first": 0 }), "first"), (json!({ "after": "nonsense" }), "after")] {
        let answer = page(&house, LIVE, variables).await;
        assert_eq!((answer.code(), answer.fields()), ("INVALID_INPUT", vec![field.to_owned()]));
    }
    // A cursor of another list is none of this.
    let other = ask(LIVE, "{ generations(first: 1) { pageInfo { endCursor } } }").to(&house.app).await;
    let cursor = &other.data("generations")["pageInfo"]["endCursor"];
    assert_eq!(page(&house, LIVE, json!({ "after": cursor })).await.code(), "INVALID_INPUT");
}

#[tokio::test]
async fn many_rehearsals_hide_nothing() {
    let house = house(0);
    top_up(&house, 7, 1).await;
    for number in 0..1_100 {
        let mode = if number == 600 { Mode::Live } else { Mode::Test };
        job(&house, number, 5, 10 + u64::from(number), &[], mode);
    }
    top_up(&house, 8, 300).await;
    assert_eq!(walk(&house, 20).await, [-5, 8, 7]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_of_any_size_are_the_whole_statement(
        kinds in prop::collection::vec(0u8..3, 0..40), first in 1u32..50,
    ) {
        let house = house(0);
        let mut expected = Vec::new();
        for (second, kind) in (1u32..).zip(kinds) {
            match kind {
                0 => now(top_up(&house, second.into(), second.into())),
                1 => job(&house, second, second.into(), second.into(), &[], Mode::Live),
                _ => job(&house, second, second.into(), second.into(), &[], Mode::Test),
            }
            expected.extend(match kind { 0 => Some(i64::from(second)), 1 => Some(-i64::from(second)), _ => None });
        }
        expected.reverse();
        prop_assert_eq!(now(walk(&house, first)), expected);
    }
}

#[tokio::test]
async fn what_is_told_is_what_the_balance_says() {
    let house = house(0);
    top_up(&house, 5_000, 1).await;
    for _ in 0..5 {
        generate(LIVE, fox(), "id").to(&house.app).await.id();
    }
    let mut cancel = String::from("mutation {");
    for (number, job) in house.memory.all_jobs().iter().take(2).enumerate() {
        cancel.push_str(&format!("c{number}: cancelGeneration(id: \"{}\") ", job.id));
    }
    ask(LIVE, &format!("{cancel}}}")).to(&house.app).await;
    let Account { balance, .. } = house.memory.account_of(&builders::account_id(1)).unwrap();
    let sum: i64 = walk(&house, 2).await.into_iter().sum();
    assert_eq!(Credits(sum.unsigned_abs()), balance.available);
}

#[tokio::test]
async fn usage_is_told_by_day() {
    let mut account = builders::account(1, 1_000);
    let today = Windows::at(builders::START).day;
    account.days = vec![(today - 30, 4), (today - 2, 7)];
    let house = super::harness::house_of(account);
    generate(LIVE, fox(), "id").to(&house.app).await.id();
    let usage = async |days: &str| {
        ask(LIVE, &format!("{{ account {{ usage{days} {{ date generations }} }} }}")).to(&house.app).await
    };
    let answer = usage("(days: 3)").await;
    let expected = json!([
        { "date": "2026-11-22", "generations": 1 },
        { "date": "2026-11-21", "generations": 0 },
        { "date": "2026-11-20", "generations": 7 },
    ]);
    assert_eq!(answer.data("account")["usage"], expected);
    assert_eq!(usage("").await.data("account")["usage"].as_array().unwrap().len(), 7);
    let month = usage("(days: 31)").await;
    assert_eq!(month.data("account")["usage"][30], json!({ "date": "2026-10-23", "generations": 4 }));
    for days in ["(days: 0)", "(days: 32)", "(days: -1)"] {
        let answer = usage(days).await;
        assert_eq!((answer.code(), answer.fields()), ("INVALID_INPUT", vec!["days".to_owned()]));
    }
}
