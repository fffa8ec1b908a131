//! What API Gateway sends us (an HTTP API, payload format 2.0) and what it wants back.
//!
//! Nothing stricter than JSON: a path with a space or a header that is no token is a caller's mistake that has to be
//! answered, so reading an event must not fail over it. A part of a type that it can't have is as good as missing.
//!
//! What is no JSON at all fails the invocation, in Lambda's runtime: there is no request in it that could be answered,
//! and Lambda hands on nothing of the kind.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A request as API Gateway hands it on. It holds keys and prompts, so it can't be printed.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Event(Value);

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

impl Request {
    /// The request in an event; nothing if there is none in the form of an HTTP API's payload format 2.0, as in the
    /// events of REST APIs and load balancers.
    pub(crate) fn of(event: Event) -> Option<Request> {
        let Event(Value::Object(mut event)) = event else { return None };
        let context = event.get("requestContext");
        let method = context.and_then(|context| context.pointer("/http/method")).and_then(Value::as_str)?;
        let stage = context.and_then(|context| context.get("stage")).and_then(Value::as_str);
        let path = event.get("rawPath").and_then(Value::as_str)?;
        let query = event.get("rawQueryString").and_then(Value::as_str).unwrap_or_default();
        let (method, path) = (method.to_ascii_uppercase(), without_stage(path, stage.unwrap_or_default()));
        let query = query.to_owned();
        let body = match (event.remove("body"), event.get("isBase64Encoded")) {
            (None | Some(Value::Null), _) => Some(Vec::new()),
            (Some(Value::String(text)), None | Some(Value::Null | Value::Bool(false))) => {
                Some(text.into_bytes())
            }
            (Some(Value::String(text)), Some(Value::Bool(true))) => STANDARD.decode(text).ok(),
            _ => None,
        };
        let headers = match event.remove("headers") {
            Some(Value::Object(headers)) => headers.into_iter().filter_map(header).collect(),
            _ => BTreeMap::new(),
        };
        Some(Request { method, path, query, headers, body })
    }
}

fn header((name, value): (String, Value)) -> Option<(String, String)> {
    match value {
        Value::String(value) => Some((name.to_ascii_lowercase(), value)),
        _ => None,
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
    fn any_event_with_method_and_path_is_read() {
        let body = |more: &str| {
            let text =
                format!(r#"{{"rawPath":"/a b/ü","requestContext":{{"http":{{"method":"get"}}}}{more}}}"#);
            let request = Request::of(serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/a b/ü"), "{text}");
            request.body.map(|body| String::from_utf8(body).unwrap())
        };
        for (more, expected) in [
            ("", Some("")),
            (r#","headers":{"bad name":"bad\u0000value","a":7},"body":"x""#, Some("x")),
            (r#","headers":[1],"body":null,"isBase64Encoded":true,"unknown":[1]"#, Some("")),
            (r#","body":"eA==","isBase64Encoded":true"#, Some("x")),
            (r#","body":"%%","isBase64Encoded":true"#, None),
            (r#","body":"eA==","isBase64Encoded":"true""#, None),
            (r#","body":{"query":"x"}"#, None),
        ] {
            assert_eq!(body(more).as_deref(), expected, "{more}");
        }
        for text in
            ["null", "[]", "7", "{}", r#"{"rawPath":"/"}"#, r#"{"httpMethod":"GET","path":"/health"}"#]
        {
            assert!(Request::of(serde_json::from_str(text).unwrap()).is_none(), "{text}");
        }
    }
}
