//! Events as they may come in: whole, wrong, of another kind, broken. Whatever is JSON is answered in our form.

use super::harness::{Answer, House, LIVE, arrival, ask, house, now, post, send};
use crate::{Event, answer};
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use serde_json::{Value, json};

fn good() -> Value {
    ask(LIVE, "{ account { id } }").event()
}

/// The good event with one place changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut event = good();
    match event.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            event.pointer_mut(parent).unwrap()[name] = value;
        }
    }
    event
}

fn without(name: &str) -> Value {
    let mut event = good();
    event.as_object_mut().unwrap().remove(name).unwrap();
    event
}

/// The answer to the bytes of an event; nothing where the runtime would refuse them.
fn answered(house: &House, bytes: &[u8]) -> Option<Answer> {
    let event: Event = serde_json::from_slice(bytes).ok()?;
    Some(Answer::of(now(answer(&house.app, event, "request-1", arrival()))))
}

#[tokio::test]
async fn each_part_may_be_wrong_or_missing() {
    let house = house(1_000);
    let body = json!({ "query": "{ account { id } }" }).to_string();
    let encoded = STANDARD.encode(&body);
    let flagged = |body: Value, flag: Value| {
        let mut event = with("/body", body);
        event["isBase64Encoded"] = flag;
        event
    };
    let huge = "x".repeat(1 << 20);
    for (name, event, status) in [
        ("as it should be", good(), 200),
        ("nothing", json!({}), 400),
        ("null", Value::Null, 400),
        ("a list", json!([good()]), 400),
        ("a text", json!("event"), 400),
        ("a number", json!(7), 400),
        ("no context", without("requestContext"), 400),
        ("a context that is a text", with("/requestContext", json!("x")), 400),
        ("a method that is a number", with("/requestContext/http/method", json!(7)), 400),
        ("no path", without("rawPath"), 400),
        ("a path that is a list", with("/rawPath", json!(["/graphql"])), 400),
        ("no headers", without("headers"), 415),
        ("headers as a list", with("/headers", json!([["authorization", "x"]])), 415),
        ("headers as null", with("/headers", Value::Null), 415),
        ("headers as a number", with("/headers", json!(7)), 415),
        ("a key that is a list", with("/headers/authorization", json!(["Bearer x"])), 401),
        ("a key that is null", with("/headers/authorization", Value::Null), 401),
        ("a key of 1 MB", with("/headers/authorization", json!(format!("Bearer {huge}"))), 401),
        ("another header of 1 MB", with("/headers/x-huge", json!(huge)), 200),
        ("an accept of 1 MB", with("/headers/accept", json!(huge)), 406),
        ("a content type of 1 MB", with("/headers/content-type", json!(huge)), 415),
        ("a content type that is a flag", with("/headers/content-type", json!(true)), 415),
        ("an accept that is a number", with("/headers/accept", json!(1)), 200),
        ("a name with control characters", with("/headers/a\r\nb: \u{0}", json!("c\r\nd")), 200),
        ("a value with a line break", with("/headers/accept", json!("application/json\r\nX-Evil: 1")), 406),
        ("an empty name", with("/headers/", json!("x")), 200),
        ("no body", without("body"), 400),
        ("a body that is null", with("/body", Value::Null), 400),
        ("a body that is an object", with("/body", json!({ "query": "{ account { id } }" })), 400),
        ("a body that is a number", with("/body", json!(7)), 400),
        ("base64", flagged(json!(encoded), json!(true)), 200),
        ("base64 without its flag", flagged(json!(encoded), json!(false)), 400),
        ("the flag without base64", flagged(json!(body), json!(true)), 400),
        ("base64 cut short", flagged(json!(&encoded[..encoded.len() - 3]), json!(true)), 400),
        ("base64 of no UTF-8", flagged(json!(STANDARD.encode([0xff, 0xfe, 0x00])), json!(true)), 400),
        ("base64 of nothing", flagged(json!(""), json!(true)), 400),
        ("a flag that is a text", flagged(json!(body), json!("false")), 400),
        ("no flag", without("isBase64Encoded"), 200),
        ("a flag that is null", flagged(json!(body), Value::Null), 200),
        ("a path with spaces", with("/rawPath", json!("/graph ql")), 404),
        ("a path with %00", with("/rawPath", json!("/graphql%00")), 404),
        ("a path with a zero", with("/rawPath", json!("/graphql\u{0}")), 404),
        ("a path of 1 MB", with("/rawPath", json!(format!("/{huge}"))), 404),
        ("a file's path of 1 MB", with("/rawPath", json!(format!("/files/{huge}/0/x"))), 405),
        ("a path upwards", with("/rawPath", json!("/../graphql")), 404),
        ("a path with a slash more", with("/rawPath", json!("/graphql/")), 200),
        ("a path without a slash", with("/rawPath", json!("graphql")), 200),
        ("an empty path", with("/rawPath", json!("")), 405),
        ("a method in lower case", with("/requestContext/http/method", json!("post")), 200),
        ("a method with a line break", with("/requestContext/http/method", json!("POST\r\n")), 405),
        ("an empty method", with("/requestContext/http/method", json!("")), 405),
        ("a method of 1 MB", with("/requestContext/http/method", json!(huge)), 405),
        ("TRACE", with("/requestContext/http/method", json!("TRACE")), 405),
        ("OPTIONS", with("/requestContext/http/method", json!("options")), 204),
        ("a stage that is a number", with("/requestContext/stage", json!(7)), 200),
        ("a query that is a list", with("/rawQueryString", json!(["a=b"])), 200),
        ("parameters that are a text", with("/queryStringParameters", json!("a=b")), 200),
        ("cookies that are a number", with("/cookies", json!(7)), 200),
        ("cookies", with("/cookies", json!(["a=b", "c=d"])), 200),
        ("another version", with("/version", json!("7.0")), 200),
    ] {
        let answer = send(&house.app, event, arrival()).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.reply.body);
    }
}

#[tokio::test]
async fn a_get_with_a_wrong_query_string_is_answered() {
    let house = house(1_000);
    for (query, status) in [
        (json!("query=%7Baccount%7Bid%7D%7D"), 200),
        (json!("query=%FF%FE"), 200),
        (json!("query=%"), 200),
        (json!("%00=%00&query"), 200),
        (json!("variables=%7B&query=x"), 400),
        (json!("x".repeat(1 << 20)), 413),
        (json!(7), 400),
        (Value::Null, 400),
    ] {
        let mut event = post(LIVE, "").get("").event();
        event["rawQueryString"] = query.clone();
        let answer = send(&house.app, event, arrival()).await;
        let shown: String = query.to_string().chars().take(40).collect();
        assert_eq!(answer.status, status, "{shown}: {}", answer.reply.body);
    }
}

#[tokio::test]
async fn events_of_other_senders_are_told_apart() {
    let house = house(1_000);
    let rest_api = json!({
        "version": "1.0", "resource": "/graphql", "path": "/graphql", "httpMethod": "POST",
        "headers": { "Authorization": "Bearer x" }, "multiValueHeaders": { "Authorization": ["Bearer x"] },
        "queryStringParameters": null, "multiValueQueryStringParameters": null, "pathParameters": null,
        "requestContext": { "stage": "prod", "httpMethod": "POST", "path": "/prod/graphql", "identity": {} },
        "body": "{\"query\":\"{account{id}}\"}", "isBase64Encoded": false
    });
    let load_balancer = json!({
        "requestContext": { "elb": { "targetGroupArn": "arn:aws:elasticloadbalancing:x" } },
        "httpMethod": "POST", "path": "/graphql", "queryStringParameters": {},
        "headers": { "authorization": "Bearer x" }, "body": "{}", "isBase64Encoded": false
    });
    let queue = json!({ "Records": [{ "messageId": "1", "body": "{}", "eventSource": "aws:sqs" }] });
    for event in [rest_api, load_balancer, queue] {
        let answer = send(&house.app, event, arrival()).await;
        assert_eq!((answer.status, answer.code()), (400, "INVALID_INPUT"));
        assert!(answer.reply.body.contains("payload format 2.0"));
    }
}

#[test]
fn what_is_no_json_is_left_to_the_runtime() {
    let house = house(1_000);
    let bytes = good().to_string().into_bytes();
    assert_eq!(answered(&house, &bytes).unwrap().status, 200);
    for cut in 0..bytes.len() {
        assert!(answered(&house, &bytes[..cut]).is_none(), "{cut}");
    }
    for bytes in [&b""[..], b"\xff\xfe{}", b"{} {}", b"{'a': 1}"] {
        assert!(answered(&house, bytes).is_none());
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(answered(&house, deep.as_bytes()).is_none());
}

/// Any JSON, with words that mean something to us.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["GET", "/health", "/files/a/0/b", "/", "Bearer x", "query=%7B", "e30="])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every place of a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    for (name, inner) in value.as_object().into_iter().flatten() {
        let name = name.replace('~', "~0").replace('/', "~1");
        places(inner, &format!("{at}/{name}"), found);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_change_of_an_event_is_answered(
        changes in prop::collection::vec((any::<prop::sample::Index>(), values()), 1..4),
    ) {
        let house = house(1_000);
        let mut event = good();
        for (place, value) in changes {
            let mut known = Vec::new();
            places(&event, "", &mut known);
            *event.pointer_mut(&known[place.index(known.len())]).unwrap() = value;
        }
        let answer = now(send(&house.app, event, arrival()));
        prop_assert!(answer.status < 500, "{}", answer.reply.body);
    }

    #[test]
    fn any_event_is_answered(event in values()) {
        let answer = now(send(&house(1_000).app, event, arrival()));
        prop_assert_eq!(answer.status, 400);
    }

    #[test]
    fn any_change_of_its_bytes_is_answered_or_no_json(
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..4),
        cut: bool,
    ) {
        let text = good().to_string().into_bytes();
        let (before, after) = text.split_at(at.index(text.len()));
        let after = if cut { &[] } else { after };
        if let Some(answer) = answered(&house(1_000), &[before, &bytes, after].concat()) {
            prop_assert!(answer.status < 500, "{}", answer.reply.body);
        }
    }
}
