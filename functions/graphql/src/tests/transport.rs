//! Methods, media types, sizes, routes, headers.

use super::harness::{LIVE, ask, closed_desk, fox, generate, house, post};
use serde_json::json;

const ACCOUNT: &str = "query=%7Baccount%7Bid%7D%7D";

#[tokio::test]
async fn queries_come_by_get_too_and_mutations_do_not() {
    let house = house(1_000);
    let read = post(LIVE, "").get(ACCOUNT).to(&house.app).await;
    assert_eq!(read.status, 200);
    assert!(read.data("account")["id"].is_string());
    let named = "query=query+Q($t:GenerationType)%7Bproviders(type:$t)%7Bid%7D%7D&operationName=Q&variables=%7B%22t%22:%22AUDIO%22%7D";
    assert!(post(LIVE, "").get(named).to(&house.app).await.data("providers").is_array());
    let made = "query=mutation%7Bgenerate(input:%7Btype:VIDEO,input:%7Btext:%22a%22%7D%7D)%7Bid%7D%7D";
    let refused = post(LIVE, "").get(made).to(&house.app).await;
    assert_eq!((refused.status, refused.header("Allow")), (405, Some("POST, OPTIONS")));
    assert_eq!(house.memory.all_jobs(), []);
}

#[tokio::test]
async fn what_http_can_refuse_is_refused_with_the_right_status() {
    let house = house(1_000);
    let query = || ask(LIVE, "{ account { id } }");
    for (name, call, status) in [
        ("PUT", query().method("PUT"), 405),
        ("HEAD", query().method("HEAD"), 405),
        ("text/html only", query().with("accept", "text/html"), 406),
        ("no content type", query().without("content-type"), 415),
        ("a form", query().with("content-type", "application/x-www-form-urlencoded"), 415),
        ("utf-16", query().with("content-type", "application/json; charset=utf-16"), 415),
        ("too large", post(LIVE, " ".repeat(256 * 1024 + 1)), 413),
        ("a get without a query", post(LIVE, "").get(""), 400),
        ("another path", query().path("/nowhere"), 404),
        ("no route", query().path("/files/a/b"), 404),
        ("a post to health", query().path("/health"), 405),
        ("a path with a space", query().path("/fi les/ü"), 404),
        ("largest", post(LIVE, format!("{{\"query\":\"{{account{{id}}}}\"}}{}", " ".repeat(250_000))), 200),
    ] {
        let answer = call.to(&house.app).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        assert_eq!(answer.body.get("errors").is_some(), status != 200, "{name}");
        if status == 405 {
            assert!(answer.header("Allow").is_some(), "{name}");
        }
    }
}

#[tokio::test]
async fn an_answer_has_the_form_that_was_asked_for() {
    let house = house(1_000);
    for (accept, content_type) in [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
    ] {
        let answer = ask(LIVE, "{ __typename }").with("accept", accept).to(&house.app).await;
        assert_eq!((answer.status, answer.header("Content-Type")), (200, Some(content_type)));
        assert_eq!(answer.body, json!({ "data": { "__typename": "Query" } }));
    }
}

#[tokio::test]
async fn health_needs_no_key_and_the_root_explains_every_code() {
    let house = house(1_000);
    let open = |path: &str| ask(LIVE, "").get("").without("authorization").path(path);
    let health = open("/health").to(&house.app).await;
    assert_eq!((health.status, health.body), (200, json!({ "status": "ok" })));
    let page = open("/").to(&house.app).await;
    assert_eq!(page.status, 200);
    for code in ["UNAUTHENTICATED", "RATE_LIMIT", "INVALID_INPUT", "NOT_FOUND", "INTERNAL"] {
        assert!(page.reply.body.contains(&format!("id=\"{code}\"")), "{code}");
    }
}

#[tokio::test]
async fn browsers_of_any_origin_may_ask() {
    let house = house(1_000);
    let preflight = ask(LIVE, "").method("OPTIONS").without("authorization").to(&house.app).await;
    assert_eq!(preflight.status, 204);
    let allowed = preflight.header("Access-Control-Allow-Headers").unwrap_or_default();
    for name in ["Authorization", "Content-Type", "Idempotency-Key"] {
        assert!(allowed.contains(name));
    }
    let answer = ask(LIVE, "{ __typename }").to(&house.app).await;
    assert_eq!(answer.header("Access-Control-Allow-Origin"), Some("*"));
    let exposed = answer.header("Access-Control-Expose-Headers").unwrap_or_default();
    for name in
        ["X-Request-Id", "X-RateLimit-Reset", "RateLimit-Policy", "Retry-After", "Idempotent-Replayed"]
    {
        assert!(exposed.contains(name), "{name}");
    }
}

#[tokio::test]
async fn a_base64_body_and_a_header_in_any_case_are_read() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let house = house(1_000);
    let body = STANDARD.encode(json!({ "query": "{ __typename }" }).to_string());
    assert_eq!(post(LIVE, body).base64().to(&house.app).await.status, 200);
    let call = generate(LIVE, fox(), "id").with("Idempotency-Key", "k-1");
    assert_eq!(call.to(&house.app).await.status, 200);
    let again = generate(LIVE, fox(), "id").with("IDEMPOTENCY-KEY", "\"k-1\"").to(&house.app).await;
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
}

/// As deep as the introspection that tools send: a type within lists and non-nulls, told by fragments.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { queryType { name } mutationType { name }
    subscriptionType { name } types { ...FullType } directives { name locations args { ...InputValue } } } }
    fragment FullType on __Type { kind name description
        fields(includeDeprecated: true) { name args { ...InputValue } type { ...TypeRef } isDeprecated }
        inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name }
        possibleTypes { ...TypeRef } }
    fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
    fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
        ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[tokio::test]
async fn tools_may_ask_for_the_schema_unless_the_operator_forbids_it() {
    let house = house(1_000);
    let answer = ask(LIVE, INTROSPECTION).to(&house.app).await;
    let types = answer.data("__schema")["types"].as_array().unwrap();
    assert!(types.iter().any(|each| each["name"] == json!("Generation")));
    let closed = closed_desk(&house.memory);
    let answer = ask(LIVE, INTROSPECTION).to(&closed).await;
    assert_eq!((answer.status, answer.body.get("data")), (200, None));
    assert!(!answer.reply.body.contains("Generation"));
    assert_eq!(ask(LIVE, "{ __typename }").to(&closed).await.status, 200);
    // What is deep without being an introspection is still refused.
    let deep = INTROSPECTION.replacen("{ __schema", "{ account { id } __schema", 1);
    assert_eq!(ask(LIVE, &deep).to(&house.app).await.code(), "INVALID_INPUT");
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_selection() {
    let house = house(1_000);
    let query = "{ zebra: account { tier name id } account { id } apple: account { id } }";
    let answer = ask(LIVE, query).to(&house.app).await;
    let names = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&answer.body["data"]), ["zebra", "account", "apple"]);
    assert_eq!(names(&answer.body["data"]["zebra"]), ["tier", "name", "id"]);
}
