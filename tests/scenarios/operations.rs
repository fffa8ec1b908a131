//! What callers do besides making: estimating, waiting, listing, removing, trying their webhooks.

use crate::{foreign, stories};
use bytes::Bytes;
use http::Request;
use scenarios::{Customer, World};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

stories![
    an_estimate_is_what_it_costs_and_a_held_request_brings_the_file,
    a_list_is_walked_page_by_page,
    a_removed_generation_takes_its_file_along,
    a_receiver_is_tried_and_told_again_under_a_new_secret,
    an_operator_names_a_provider_while_everything_runs,
];

fn picture(text: &str) -> Value {
    json!({ "type": "IMAGE", "input": { "text": text } })
}

async fn an_estimate_is_what_it_costs_and_a_held_request_brings_the_file(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let mut input = picture("a lighthouse");
    let query = "query($i: GenerateInput!) { estimate(input: $i) { provider model creditCost } }";
    let estimate = world.ask(&customer.test, query, json!({ "i": input })).await;
    input["wait"] = json!(25);
    let made = world.order(&customer.test, None, input).await;
    let generation = made.generation();
    assert_eq!(generation["status"], "COMPLETED", "{made:?}");
    for field in ["provider", "model", "creditCost"] {
        assert_eq!(generation[field], estimate.body["data"]["estimate"][field], "{field}");
    }
    world.download(generation["url"].as_str().unwrap()).await;
}

async fn a_list_is_walked_page_by_page(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let mut made = Vec::new();
    for number in 0..5 {
        let mut input = picture("a row of beach huts");
        input["reference"] = json!(format!("hut-{}", number % 2));
        made.push(world.generate(&customer.test, input).await);
    }
    made.reverse();
    let query = "query($after: String, $filter: GenerationFilter) {
        generations(first: 2, after: $after, filter: $filter) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    let oldest = world.ended(&customer.test, &made[4]).await;
    let provider = oldest["provider"].as_str().unwrap();
    for id in &made {
        world.ended(&customer.test, id).await;
    }
    let created = world.ask(
        &customer.live,
        "query($id: ID!) { generation(id: $id) { createdAt } }",
        json!({ "id": made[2] }),
    );
    let created = created.await.body["data"]["generation"]["createdAt"].clone();
    for (filter, expected) in [
        (json!({}), made.clone()),
        (json!({ "reference": "hut-0", "type": "IMAGE" }), made.iter().step_by(2).cloned().collect()),
        (json!({ "status": "COMPLETED", "provider": provider }), made.clone()),
        (json!({ "status": "FAILED" }), vec![]),
        (json!({ "type": "VIDEO" }), vec![]),
        (json!({ "createdAfter": created }), made[..3].to_vec()),
        (json!({ "createdBefore": created }), made[3..].to_vec()),
    ] {
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let answer = world.ask(&customer.live, query, json!({ "after": after, "filter": filter })).await;
            let page = &answer.body["data"]["generations"];
            let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
            seen.extend(nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, expected, "{filter}");
    }
    // A cursor opens the list of its own account alone.
    let answer = world.ask(&customer.live, query, Value::Null).await;
    let after = &answer.body["data"]["generations"]["pageInfo"]["endCursor"];
    let stranger = world.customer("PRO", 0).await;
    let answer = world.ask(&stranger.live, query, json!({ "after": after })).await;
    assert_eq!((answer.code(), &answer.error()["fields"][0]["field"]), ("INVALID_INPUT", &json!("after")));
    let query =
        "{ account { usage(days: 1) { generations } creditTransactions { nodes { kind credits } } } }";
    let answer = world.ask(&customer.live, query, Value::Null).await;
    let account = &answer.body["data"]["account"];
    assert_eq!(account["usage"], json!([{ "generations": 5 }]), "{answer:?}");
    // Rehearsals cost nothing.
    assert_eq!(
        account["creditTransactions"]["nodes"],
        json!([{ "kind": "TOP_UP", "credits": 500 }]),
        "{answer:?}"
    );
}

async fn a_removed_generation_takes_its_file_along(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let input = json!({ "type": "IMAGE", "provider": "flux-pro", "input": { "text": "a secret garden" } });
    let order = async || world.order(&customer.live, Some("garden"), input.clone()).await;
    let id = order().await.generation()["id"].as_str().unwrap().to_owned();
    let generation = world.ended(&customer.live, &id).await;
    assert_eq!(generation["status"], "COMPLETED", "{generation}");
    let url = generation["url"].as_str().unwrap();
    world.download(url).await;
    let before = world.figures(&customer).await;
    let remove = "mutation($id: ID!) { deleteGeneration(id: $id) }";
    for _ in 0..2 {
        let answer = world.ask(&customer.live, remove, json!({ "id": id })).await;
        assert_eq!(answer.body["data"]["deleteGeneration"], true, "{answer:?}");
    }
    assert_eq!(world.generation(&customer.live, &id).await, Value::Null);
    let gone = world.send(Request::get(url).body(Bytes::new()).unwrap()).await;
    assert_eq!(gone.status, 404, "the file is gone");
    let stored = world.stored_job(&id).await.unwrap().to_string();
    assert!(!stored.contains("secret garden"), "{stored}");
    assert_eq!(order().await.code(), "IDEMPOTENCY_CONFLICT");
    assert_eq!(world.figures(&customer).await, before);
    assert_eq!(world.paid_submits("a secret garden").await, 1);
}

async fn a_receiver_is_tried_and_told_again_under_a_new_secret(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let (probed, hook) = ("tried-by-hand", "told-again");
    let query = "mutation($url: String!) { testWebhook(url: $url) { delivered statusCode } }";
    let answer = world.ask(&customer.live, query, json!({ "url": world.webhook_url(probed) })).await;
    // The receiver knows the secrets of the run's own accounts alone, and refuses everybody else's news.
    let refused = json!({ "delivered": false, "statusCode": 401 });
    assert_eq!(answer.body["data"]["testWebhook"], refused, "{answer:?}");
    let event = foreign::verified(&world, &customer, &world.delivered(probed, 1).await.remove(0));
    assert_eq!((&event["type"], &event["data"]["test"]), (&json!("generation.completed"), &json!(true)));
    let answer = world.ask(&customer.live, "mutation { rotateWebhookSecret { secret } }", Value::Null).await;
    let secret = answer.body["data"]["rotateWebhookSecret"]["secret"].as_str();
    let secret = secret.unwrap_or_else(|| panic!("{answer:?}")).to_owned();
    assert_ne!(secret, customer.webhook_secret);
    let after = Customer { webhook_secret: secret, ..customer.clone() };
    let mut input = picture("a letter box");
    input["webhookUrl"] = json!(world.webhook_url(hook));
    let id = world.generate(&customer.test, input).await;
    world.delivered(hook, 1).await;
    let query = "mutation($id: ID!) { redeliverWebhook(id: $id) }";
    let answer = world.ask(&customer.live, query, json!({ "id": id })).await;
    assert_eq!(answer.body["data"]["redeliverWebhook"], true, "{answer:?}");
    // The same news, under the new secret and, for a day, under the one until now.
    for delivery in world.delivered(hook, 2).await {
        assert_eq!(foreign::verified(&world, &after, &delivery)["data"]["id"], id.as_str());
        let signatures = delivery["headers"]["webhook-signature"].as_str().unwrap();
        assert_eq!(signatures.split(' ').count(), 2, "{signatures}");
    }
}

/// A name, since other stories go on beside this one; anything else would go the same way.
async fn an_operator_names_a_provider_while_everything_runs(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let name = world.named("films");
    let query = format!("{{ provider(id: {name:?}) {{ id }} }}");
    let asked =
        async || world.ask(&customer.test, &query, Value::Null).await.body["data"]["provider"]["id"].clone();
    assert_eq!(asked().await, Value::Null);
    world.put_operator_file(&format!("[provider.runway]\naliases = [{name:?}]\n")).await;
    // A process looks at it once a minute.
    let begun = Instant::now();
    while asked().await != "runway" {
        assert!(begun.elapsed() < Duration::from_secs(100), "the operator's file is not in force");
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}
