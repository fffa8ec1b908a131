//! The page for browsers, and what it loads.

use super::harness::{Call, House, LIVE, ask, house, post};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What a browser sends when an address is opened.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

/// A folder as `make build` packs it; it goes with the value.
struct Packed(PathBuf);

impl Packed {
    /// `test` tells this folder from those of other tests.
    fn new(test: &str) -> Packed {
        let folder = std::env::temp_dir().join(format!("doitong-graphiql-{test}-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner")).unwrap();
        for name in ["react-18.3.1.js", "react-dom-18.3.1.js", "graphiql-4.1.2.js", "graphiql-4.1.2.css"] {
            fs::write(folder.join(format!("{name}.gz")), b"\x1f\x8b\0\xff packed").unwrap();
        }
        // Beside them what nobody may read.
        for name in ["secret.js.gz", "secret.js", "inner/secret.js.gz"] {
            fs::write(folder.join(name), "secret").unwrap();
        }
        Packed(folder)
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn house_with(folder: &Path) -> House {
    let mut house = house(1_000);
    house.app.graphiql = folder.into();
    house
}

/// As a browser opens a path, without a key.
fn open(path: &str) -> Call {
    let call = post(LIVE, "").get("").path(path).without("authorization");
    call.with("accept", BROWSER).with("accept-encoding", "gzip, deflate, br, zstd")
}

#[tokio::test]
async fn a_browser_gets_the_page_without_a_key() {
    let packed = Packed::new("page");
    let house = house_with(&packed.0);
    for call in [open("/graphql"), open("/graphql").query("query=%7Baccount%7Bid%7D%7D")] {
        let page = call.to(&house.app).await;
        assert_eq!((page.status, page.header("Content-Type")), (200, Some("text/html; charset=utf-8")));
        assert!(page.reply.body.starts_with("<!doctype html>") && !page.reply.is_base64_encoded);
        assert_eq!(page.header("Vary"), Some("Accept, Authorization"));
        let policy = page.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        for word in ["unsafe-eval", "http:", "https:", "*"] {
            assert!(!policy.contains(word), "{policy}");
        }
        // What the policy forbids must not stand in the page.
        assert!(!page.reply.body.contains("<style") && !page.reply.body.contains("<script>"));
    }
}

#[tokio::test]
async fn programs_get_what_they_always_got() {
    let packed = Packed::new("programs");
    let house = house_with(&packed.0);
    let query = "query=%7B__typename%7D";
    for (name, call, status) in [
        ("json by get", post(LIVE, "").get(query).with("accept", "application/json"), 200),
        ("anything by get", post(LIVE, "").get(query), 200),
        ("a library that likes pages, with a key", post(LIVE, "").get(query).with("accept", BROWSER), 200),
        (
            "a library that takes pages only, with a key",
            post(LIVE, "").get(query).with("accept", "text/html"),
            406,
        ),
        ("no key, no wish", open("/graphql").without("accept").query(query), 401),
        ("no key, anything", open("/graphql").with("accept", "*/*").query(query), 401),
        (
            "no key, json before page",
            open("/graphql").with("accept", "application/json, text/html;q=0.9"),
            401,
        ),
        (
            "no key, by post",
            ask(LIVE, "{ __typename }").without("authorization").with("accept", BROWSER),
            401,
        ),
        ("head", open("/graphql").method("HEAD"), 405),
    ] {
        let answer = call.to(&house.app).await;
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf-8"), "{name}");
        assert_eq!(answer.header("Content-Security-Policy"), None, "{name}");
    }
}

#[tokio::test]
async fn what_the_page_loads_is_there_for_anybody() {
    let packed = Packed::new("files");
    let house = house_with(&packed.0);
    for (name, media_type) in [
        ("page.js", "text/javascript; charset=utf-8"),
        ("page.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let ours = open(&format!("/graphql/{name}")).with("accept", "*/*").to(&house.app).await;
        assert_eq!((ours.status, ours.header("Content-Type")), (200, Some(media_type)), "{name}");
        // Its name stays when it changes.
        assert_eq!(ours.header("Cache-Control"), Some("no-cache"));
        assert_eq!(ours.header("X-Content-Type-Options"), Some("nosniff"));
    }
    let script = open("/graphql/graphiql-4.1.2.js").with("accept", "*/*").to(&house.app).await;
    assert_eq!((script.status, script.header("Content-Encoding")), (200, Some("gzip")));
    assert_eq!(script.header("Content-Type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(script.header("Cache-Control"), Some("public, max-age=31536000, immutable"));
    assert!(script.reply.is_base64_encoded);
    assert_eq!(STANDARD.decode(&script.reply.body).unwrap(), b"\x1f\x8b\0\xff packed");
    let plain = open("/graphql/graphiql-4.1.2.js").without("accept-encoding").to(&house.app).await;
    assert_eq!((plain.status, plain.header("Vary")), (406, Some("Accept-Encoding")));
    let posted = open("/graphql/page.js").method("POST").to(&house.app).await;
    assert_eq!((posted.status, posted.header("Allow")), (405, Some("GET, HEAD, OPTIONS")));
}

#[tokio::test]
async fn only_names_of_the_list_are_files() {
    let packed = Packed::new("names");
    let house = house_with(&packed.0);
    for path in [
        "/graphql/secret.js",
        "/graphql/secret.js.gz",
        "/graphql/inner/secret.js",
        "/graphql/inner%2Fsecret.js",
        "/graphql/../graphql/secret.js",
        "/graphql/..%2f..%2fetc%2fpasswd",
        "/graphql/..",
        "/graphql/.",
        "/graphql/%2e%2e",
        "/graphql/react-18.3.1.js.gz",
        "/graphql/REACT-18.3.1.JS",
        "/graphql/react-18.3.1.js\u{0}",
        "/graphql/./page.js",
        "/graphql//page.js",
        "/graphql/page.js/more",
        "/graphql/bootstrap",
    ] {
        let answer = open(path).to(&house.app).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.code(), "NOT_FOUND", "{path}");
        assert!(!answer.reply.body.contains("secret\""), "{path}");
    }
}

#[tokio::test]
async fn a_deployment_without_the_files_says_so_and_works_otherwise() {
    let packed = Packed::new("missing");
    let house = house_with(&packed.0);
    fs::remove_file(packed.0.join("react-dom-18.3.1.js.gz")).unwrap();
    for path in ["/graphql", "/graphql/react-dom-18.3.1.js"] {
        let answer = open(path).to(&house.app).await;
        assert_eq!(
            (answer.status, answer.header("Content-Type")),
            (503, Some("text/plain; charset=utf-8")),
            "{path}"
        );
        assert!(answer.reply.body.contains("not part of this deployment"), "{path}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    }
    assert_eq!(ask(LIVE, "{ __typename }").to(&house.app).await.status, 200);
}
