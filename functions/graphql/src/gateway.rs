//! What API Gateway sends us (an HTTP API, payload format 2.0) and what it wants back.
//!
//! Structs of our own and nothing stricter: a path with a space or a header that is no token is a caller's mistake
//! that has to be answered, so reading an event must not fail over it.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A request as API Gateway hands it on.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    raw_path: String,
    raw_query_string: String,
    headers: BTreeMap<String, String>,
    request_context: RequestContext,
    body: Option<String>,
    is_base64_encoded: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RequestContext {
    stage: String,
    http: HttpContext,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HttpContext {
    method: String,
}

/// A request, as far as we look at it.
pub(crate) struct Request {
    /// Upper case.
    pub(crate) method: String,
    /// Without the stage's prefix.
    pub(crate) path: String,
    /// After the question mark.
    pub(crate) query: String,
    headers: BTreeMap<String, String>,
    /// The bytes of the body; nothing if they were not what the event said they were.
    pub(crate) body: Option<Vec<u8>>,
}

impl Request {
    /// A header's value, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// All headers, names in lower case.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl From<Event> for Request {
    fn from(event: Event) -> Request {
        let body = event.body.unwrap_or_default();
        let body = if event.is_base64_encoded { STANDARD.decode(body).ok() } else { Some(body.into_bytes()) };
        let headers = event.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        Request {
            method: event.request_context.http.method.to_ascii_uppercase(),
            path: without_stage(&event.raw_path, &event.request_context.stage),
            query: event.raw_query_string,
            headers: headers.collect(),
            body,
        }
    }
}

/// On the API's own URL a named stage stands before the path; behind a domain of the operator's it does not.
fn without_stage(path: &str, stage: &str) -> String {
    let rest = path.strip_prefix('/').and_then(|path| path.strip_prefix(stage));
    match rest {
        Some(rest) if !stage.is_empty() && (rest.is_empty() || rest.starts_with('/')) => {
            if rest.is_empty() {
                "/".to_owned()
            } else {
                rest.to_owned()
            }
        }
        _ => path.to_owned(),
    }
}

/// An answer as API Gateway takes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// The HTTP status.
    pub status_code: u16,
    /// Headers, by their usual spelling.
    pub headers: BTreeMap<&'static str, String>,
    /// The body: text, or bytes in base64.
    pub body: String,
    /// Which of the two the body is.
    pub is_base64_encoded: bool,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Reply {
        Reply { status_code: status, headers: BTreeMap::new(), body: String::new(), is_base64_encoded: false }
    }

    /// An answer with a body of this media type.
    pub(crate) fn text(status: u16, media_type: &str, body: String) -> Reply {
        Reply { body, ..Reply::empty(status) }.with("Content-Type", media_type)
    }

    /// An answer whose body is any bytes, of this media type.
    pub(crate) fn bytes(status: u16, media_type: &str, body: &[u8]) -> Reply {
        let body = STANDARD.encode(body);
        Reply { body, is_base64_encoded: true, ..Reply::empty(status) }.with("Content-Type", media_type)
    }

    /// With one more header.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.insert(name, value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_taken_off_only_where_it_is_one() {
        for (path, stage, expected) in [
            ("/graphql", "$default", "/graphql"),
            ("/prod/graphql", "prod", "/graphql"),
            ("/prod", "prod", "/"),
            ("/graphql", "prod", "/graphql"),
            ("/production/graphql", "prod", "/production/graphql"),
            ("/graphql", "", "/graphql"),
            ("", "prod", ""),
        ] {
            assert_eq!(without_stage(path, stage), expected, "{path} at {stage}");
        }
    }

    #[test]
    fn any_event_is_read() {
        for text in [
            "{}",
            r#"{"rawPath":"/a b/ü","headers":{"bad name":"bad\u0000value"},"body":"x"}"#,
            r#"{"body":null,"isBase64Encoded":true,"unknown":[1]}"#,
        ] {
            let request = Request::from(serde_json::from_str::<Event>(text).unwrap());
            assert!(request.body.is_some(), "{text}");
        }
        let broken: Event = serde_json::from_str(r#"{"body":"%%","isBase64Encoded":true}"#).unwrap();
        assert_eq!(Request::from(broken).body, None);
    }
}
