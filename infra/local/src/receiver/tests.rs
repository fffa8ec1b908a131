use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;

/// A receiver that runs, with a keys file of its own.
struct Running {
    base: String,
    secret: Secret,
    keys: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.keys);
    }
}

async fn running(name: &str) -> Running {
    let (secret, other) = (Secret::from_bytes([1; 32]), Secret::from_bytes([2; 32]));
    let keys = std::env::temp_dir().join(format!("receiver-{name}-{}.json", std::process::id()));
    let file =
        json!({ "webhookSecret": secret.reveal(), "freeWebhookSecret": other.reveal(), "live": "unused" });
    std::fs::write(&keys, file.to_string()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = router(&keys);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Running { base, secret, keys }
}

async fn send(request: Request<Body>) -> (StatusCode, HeaderMap, Bytes) {
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let (head, body) = client.request(request).await.unwrap().into_parts();
    (head.status, head.headers, body.collect().await.unwrap().to_bytes())
}

/// Sends an event signed with `secret` to a path of the receiver.
async fn post_event(running: &Running, secret: &Secret, path: &str) -> (StatusCode, HeaderMap) {
    let body = br#"{"type":"generation.completed","data":{"id":"gen_1","url":"http://x/f"}}"#;
    let seconds = i64::try_from(now().as_secs()).unwrap();
    let signed = signing::sign(&[secret], "msg_1", seconds, body);
    let mut request = Request::post(format!("{}{path}", running.base));
    for (name, value) in signed.pairs() {
        request = request.header(name, value);
    }
    let (status, headers, _) = send(request.body(Body::from(&body[..])).unwrap()).await;
    (status, headers)
}

async fn recorded(running: &Running, path: &str) -> Value {
    let url = format!("{}/deliveries?path={path}", running.base);
    let (_, _, body) = send(Request::get(url).body(Body::empty()).unwrap()).await;
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn takes_what_is_signed_with_the_accounts_secret_and_refuses_the_rest() {
    let running = running("signed").await;
    assert_eq!(post_event(&running, &running.secret, "/webhook").await.0, StatusCode::OK);
    let stranger = Secret::from_bytes([3; 32]);
    assert_eq!(post_event(&running, &stranger, "/webhook/other").await.0, StatusCode::UNAUTHORIZED);

    let all = recorded(&running, "").await;
    let seen: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["verified"].clone(), one["answered"].clone()))
        .collect();
    assert_eq!(seen, [(json!(true), json!(200)), (json!(false), json!(401))]);
    assert_eq!(all[0]["headers"]["webhook-id"], "msg_1");
    let body = STANDARD.decode(all[0]["body"].as_str().unwrap()).unwrap();
    assert!(body.starts_with(br#"{"type":"generation.completed""#));
    assert_eq!(recorded(&running, "/other").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn fails_as_told_and_as_often_as_told() {
    let running = running("plans").await;
    let plan = json!({ "path": "/flaky", "status": 503, "times": 2, "headers": { "retry-after": "1" } });
    let request =
        Request::post(format!("{}/control", running.base)).header("content-type", "application/json");
    let (status, _, _) = send(request.body(Body::from(plan.to_string())).unwrap()).await;
    assert_eq!(status, StatusCode::NO_CONTENT);

    let mut answers = Vec::new();
    for path in ["/webhook/flaky", "/webhook/steady", "/webhook/flaky", "/webhook/flaky"] {
        let (status, headers) = post_event(&running, &running.secret, path).await;
        answers.push((status.as_u16(), headers.contains_key("retry-after")));
    }
    assert_eq!(answers, [(503, true), (200, false), (503, true), (200, false)]);
}

#[tokio::test]
async fn lends_samples_that_are_what_they_say() {
    let running = running("samples").await;
    for (name, format) in [
        ("portrait.jpg", media::Format::Jpeg),
        ("clip.mp4", media::Format::Mp4),
        ("speech.mp3", media::Format::Mp3),
    ] {
        let url = format!("{}/samples/{name}", running.base);
        let (status, headers, file) = send(Request::get(url).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{name}");
        assert_eq!(headers["content-type"], format.media_type(), "{name}");
        assert_eq!(media::sniff(&file), Some(format), "{name}");
    }
    let url = format!("{}/samples/other", running.base);
    assert_eq!(send(Request::get(url).body(Body::empty()).unwrap()).await.0, StatusCode::NOT_FOUND);
}

#[test]
fn prints_type_id_and_url() {
    let body = br#"{"type":"generation.failed","data":{"id":"gen_2"}}"#;
    let cases = [
        (Ok(()), StatusCode::OK, "webhook generation.failed  gen_2  "),
        (Ok(()), StatusCode::GONE, "webhook generation.failed  gen_2    (answered 410)"),
        (Err("too old".to_owned()), StatusCode::UNAUTHORIZED, "webhook REFUSED on /webhook: too old"),
    ];
    for (checked, status, expected) in cases {
        assert_eq!(line("/webhook", &checked, status, body), expected);
    }
}
