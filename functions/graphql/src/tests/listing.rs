//! Lists of generations.

use super::harness::{Answer, House, LIVE, STRANGER, ask, fox, generate, house, post};
use jobs::{Event, Job, advance, life::NewJob};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::{Operation, builders};

const PAGE: &str = "edges { cursor node { id } } nodes { id status }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

async fn page(house: &House, key: u8, variables: Value) -> Answer {
    let query = format!(
        "query($first: Int, $after: String, $filter: GenerationFilter) {{
            generations(first: $first, after: $after, filter: $filter) {{ {PAGE} }} }}"
    );
    let body = json!({ "query": query, "variables": variables }).to_string();
    post(key, body).at(builders::at(1_000)).to(&house.app).await
}

fn ids(answer: &Answer) -> Vec<String> {
    let nodes = answer.data("generations")["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

/// Stores jobs of account 1, one a second, each as `made` has it; answers their ids, newest first.
fn stored(house: &House, count: u32, made: impl Fn(u32, &mut NewJob)) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let mut new = builders::new_job(number, &builders::account_id(1), 1);
        made(number, &mut new);
        let job = Job::accepted(new, false, builders::at(number.into()));
        ids.push(job.id.to_string());
        house.memory.put_job(job);
    }
    ids.reverse();
    ids
}

/// Every page to the end.
async fn walk(house: &House, first: u32, filter: &Value) -> (Vec<String>, usize) {
    let (mut seen, mut after, mut pages) = (Vec::new(), Value::Null, 0);
    loop {
        let answer = page(house, LIVE, json!({ "first": first, "after": after, "filter": filter })).await;
        let info = &answer.data("generations")["pageInfo"];
        assert_eq!(info["hasPreviousPage"], json!(pages > 0));
        seen.extend(ids(&answer));
        pages += 1;
        if info["hasNextPage"] == json!(false) {
            return (seen, pages);
        }
        assert!(info["endCursor"].is_string(), "a next page has a cursor");
        after = info["endCursor"].clone();
    }
}

#[tokio::test]
async fn generations_come_newest_first_in_pages() {
    let house = house(1_000);
    assert_eq!(ids(&page(&house, LIVE, json!({})).await), Vec::<String>::new());
    let all = stored(&house, 25, |_, _| {});
    let first = page(&house, LIVE, json!({})).await;
    assert_eq!(ids(&first), all[..20]);
    let made = first.data("generations");
    let cursors: Vec<&Value> = made["edges"].as_array().unwrap().iter().map(|edge| &edge["cursor"]).collect();
    let info = json!({
        "hasNextPage": true, "hasPreviousPage": false, "startCursor": cursors[0], "endCursor": cursors[19]
    });
    assert_eq!(made["pageInfo"], info);
    // A page costs one query and one batch.
    assert_eq!((house.memory.calls(Operation::List), house.memory.calls(Operation::PeekAll)), (2, 2));
    let middle = page(&house, LIVE, json!({ "first": 3, "after": cursors[4] })).await;
    assert_eq!(ids(&middle), all[5..8]);
    for first in [1, 7, 24, 25, 26, 100] {
        let (seen, pages) = walk(&house, first, &Value::Null).await;
        assert_eq!(seen, all, "{first} at a time");
        assert_eq!(pages, 25_usize.div_ceil(first as usize));
    }
    // What was just made is on top, and only for its own account.
    let made = generate(LIVE, fox(), "id").at(builders::at(900)).to(&house.app).await;
    assert_eq!(ids(&page(&house, LIVE, json!({ "first": 1 })).await), [made.id()]);
    assert_eq!(ids(&page(&house, STRANGER, json!({})).await), Vec::<String>::new());
}

#[tokio::test]
async fn filters_hold_together() {
    let house = house(1_000);
    let kinds = [jobs::Kind::Video, jobs::Kind::Image];
    let all = stored(&house, 24, |number, new| {
        new.order.kind = kinds[number as usize % 2];
        new.plan.provider = if number % 3 == 0 { "kling" } else { "toy" }.to_owned();
        new.order.reference = (number % 4 == 0).then(|| format!("r-{}", number % 8));
    });
    let second = house.memory.job(&jobs::JobId::parse(&all[22]).unwrap()).unwrap();
    house.memory.put_job(advance(&second, Event::CancelAsked, builders::at(60)).unwrap().job);
    let number = |id: &String| 23 - all.iter().position(|each| each == id).unwrap();
    for (filter, expected) in [
        (json!({ "type": "IMAGE" }), (0..24).filter(|n| n % 2 == 1).collect::<Vec<usize>>()),
        (json!({ "provider": "KLING" }), (0..24).filter(|n| n % 3 == 0).collect()),
        (json!({ "provider": "nobody" }), vec![]),
        (json!({ "reference": "r-4" }), vec![4, 12, 20]),
        (json!({ "status": "CANCELED" }), vec![1]),
        (json!({ "status": "QUEUED", "type": "IMAGE", "provider": "kling" }), vec![3, 9, 15, 21]),
        (json!({ "createdAfter": builders::at(20).to_string() }), (20..24).collect()),
        (json!({ "createdBefore": builders::at(2).to_string() }), vec![0, 1]),
        (
            json!({ "createdAfter": builders::at(4).to_string(), "createdBefore": builders::at(9).to_string(), "type": "VIDEO" }),
            vec![4, 6, 8],
        ),
        (json!({ "type": null }), (0..24).collect()),
    ] {
        for first in [2, 50] {
            let (seen, _) = walk(&house, first, &filter).await;
            let mut seen: Vec<usize> = seen.iter().map(number).collect();
            seen.reverse();
            assert_eq!(seen, expected, "{filter}");
        }
    }
}

#[tokio::test]
async fn a_rare_match_is_looked_for_in_bounded_steps() {
    let house = house(1_000);
    let all = stored(&house, 1_201, |number, new| {
        new.order.reference = (number == 0).then(|| "rare".to_owned());
    });
    let filter = json!({ "reference": "rare" });
    let answer = page(&house, LIVE, json!({ "filter": filter })).await;
    let info = &answer.data("generations")["pageInfo"];
    assert_eq!((ids(&answer).len(), &info["hasNextPage"]), (0, &json!(true)));
    assert_eq!(house.memory.calls(Operation::PeekAll), 5);
    let (seen, pages) = walk(&house, 20, &filter).await;
    assert_eq!((seen, pages), (vec![all[1_200].clone()], 3));
}

#[tokio::test]
async fn bad_pages_are_refused_with_their_field() {
    let house = house(1_000);
    stored(&house, 3, |_, _| {});
    let cursor =
        page(&house, LIVE, json!({ "first": 1 })).await.data("generations")["pageInfo"]["endCursor"].clone();
    let tampered = cursor.as_str().unwrap().replacen('.', ".A", 1);
    for (variables, field) in [
        (json!({ "first": 0 }), "first"),
        (json!({ "first": -1 }), "first"),
        (json!({ "first": 101 }), "first"),
        (json!({ "after": "" }), "after"),
        (json!({ "after": "nonsense" }), "after"),
        (json!({ "after": tampered }), "after"),
        (json!({ "after": "x".repeat(100_000) }), "after"),
    ] {
        let answer = page(&house, LIVE, variables).await;
        assert_eq!(
            (answer.status, answer.code(), answer.fields()),
            (200, "INVALID_INPUT", vec![field.to_owned()])
        );
    }
    // Another account's cursor.
    let mut bob = house.memory.account_of(&builders::account_id(2)).unwrap();
    bob.link_key = jobs::account::Hidden::new("another key");
    house.memory.put_account(bob);
    let foreign = page(&house, STRANGER, json!({ "after": cursor })).await;
    assert_eq!((foreign.code(), foreign.fields()), ("INVALID_INPUT", vec!["after".to_owned()]));
    let bad_moment = page(&house, LIVE, json!({ "filter": { "createdAfter": "yesterday" } })).await;
    assert_eq!((bad_moment.code(), bad_moment.fields()), ("INVALID_INPUT", vec!["createdAfter".to_owned()]));
    let bad_status = page(&house, LIVE, json!({ "filter": { "status": "DONE" } })).await;
    assert_eq!(bad_status.fields(), ["status"]);
}

#[tokio::test]
async fn expired_records_are_not_listed_and_the_queue_is_read_once() {
    let house = house(1_000);
    stored(&house, 5, |number, new| {
        new.retention = std::time::Duration::from_secs(if number == 2 { 10 } else { 86_400 });
    });
    assert_eq!(walk(&house, 2, &Value::Null).await.0.len(), 4);
    for job in house.memory.all_jobs() {
        house.memory.put_job(Job { state: jobs::State::Held, ..job });
    }
    let query = "{ generations { nodes { queuePosition } } }";
    let answer = ask(LIVE, query).at(builders::at(1_000)).to(&house.app).await;
    let places = answer.data("generations")["nodes"].as_array().unwrap();
    assert_eq!(places.first().unwrap()["queuePosition"], json!(5));
    assert_eq!(house.memory.calls(Operation::Held), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_of_any_size_are_the_whole_list(count in 0u32..40, first in 1u32..=100, images in any::<bool>()) {
        let house = house(1_000);
        let all = stored(&house, count, |number, new| {
            new.order.kind = if number % 3 == 0 { jobs::Kind::Image } else { jobs::Kind::Video };
        });
        let filter = if images { json!({ "type": "IMAGE" }) } else { Value::Null };
        let (seen, _) = super::harness::now(walk(&house, first, &filter));
        let wanted: Vec<String> = all
            .into_iter()
            .zip((0..count).rev())
            .filter(|(_, number)| !images || number % 3 == 0)
            .map(|(id, _)| id)
            .collect();
        prop_assert_eq!(seen, wanted);
    }
}
