use std::net::Ipv4Addr;

use axum::extract::Request;
use axum::routing::any;
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;

use super::*;

/// Serves a router on a free port.
async fn served(router: Router) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn send(request: http::Request<Body>) -> (StatusCode, HeaderMap, String) {
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let (head, body) = client.request(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
}

/// Answers with what arrived.
async fn mirror(request: Request) -> Response {
    let (head, body) = request.into_parts();
    let header = |name: &str| head.headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
    let told = [
        head.method.to_string(),
        head.uri.to_string(),
        header("host"),
        header("authorization"),
        header("te"),
    ];
    let body = body.collect().await.unwrap().to_bytes();
    let text = format!("{} | {}", told.join(" "), String::from_utf8_lossy(&body));
    (StatusCode::IM_A_TEAPOT, [("x-ratelimit-limit", "7")], text).into_response()
}

#[tokio::test]
async fn passes_on_method_path_query_headers_and_body_and_brings_back_the_answer() {
    let cloud = served(Router::new().fallback(any(mirror))).await;
    let front = served(router(cloud, HeaderValue::from_static("abc.execute-api.localhost"))).await;
    let request = http::Request::put(format!("http://127.0.0.1:{front}/files/a%20b//c?x=1&y=%2F"))
        .header("authorization", "Bearer key")
        .header("te", "trailers")
        .body(Body::from("payload"))
        .unwrap();
    let (status, headers, body) = send(request).await;
    assert_eq!(status, StatusCode::IM_A_TEAPOT);
    assert_eq!(headers["x-ratelimit-limit"], "7");
    assert_eq!(body, "PUT /files/a%20b//c?x=1&y=%2F abc.execute-api.localhost Bearer key - | payload");
}

#[tokio::test]
async fn says_so_when_nobody_answers_behind_it() {
    let nobody = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let front = served(router(nobody, HeaderValue::from_static("x"))).await;
    let request = http::Request::get(format!("http://127.0.0.1:{front}/health")).body(Body::empty()).unwrap();
    let (status, headers, body) = send(request).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::BAD_GATEWAY, &HeaderValue::from_static("application/json"))
    );
    assert!(body.starts_with(r#"{"message":"the local AWS does not answer"#), "{body}");
}
