//! How both of Luma's services say no: a `detail` that is a sentence, or a list of wrong fields.

use crate::fields::{Wanted, WrongType};
use crate::reply;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detail {
    pub(crate) status: StatusCode,
    detail: Value,
}

impl Detail {
    /// In a sentence.
    pub(crate) fn words(status: StatusCode, words: impl Into<String>) -> Self {
        Self { status, detail: Value::String(words.into()) }
    }

    /// A wrong field. `place` is the way to it from the body on.
    pub(crate) fn field(place: &[&str], kind: &str, words: &str, given: &Value) -> Self {
        let place: Vec<&str> = std::iter::once("body").chain(place.iter().copied()).collect();
        let fault = json!({ "type": kind, "loc": place, "msg": words, "input": given });
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, detail: json!([fault]) }
    }

    /// A field that is not there.
    pub(crate) fn missing(place: &[&str]) -> Self {
        Self::field(place, "missing", "Field required", &Value::Null)
    }

    /// A value that is none of those that there are.
    pub(crate) fn none_of(place: &[&str], given: &str, allowed: &[&str]) -> Self {
        let quoted: Vec<String> = allowed.iter().map(|value| format!("'{value}'")).collect();
        let expected = match quoted.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => quoted.concat(),
        };
        let mut refusal =
            Self::field(place, "literal_error", &format!("Input should be {expected}"), &json!(given));
        if let Some(fault) = refusal.detail.get_mut(0).and_then(Value::as_object_mut) {
            fault.insert("ctx".into(), json!({ "expected": expected }));
        }
        refusal
    }

    /// A field of another type.
    pub(crate) fn wrong_type(WrongType { field, wanted }: WrongType) -> Self {
        let (kind, wanted) = match wanted {
            Wanted::Text => ("string_type", "string"),
            Wanted::Whole => ("int_type", "integer"),
            Wanted::Number => ("float_type", "number"),
            Wanted::Bool => ("bool_type", "boolean"),
            Wanted::Object => ("model_type", "object"),
            Wanted::List => ("list_type", "list"),
        };
        Self::field(&[field], kind, &format!("Input should be a valid {wanted}"), &Value::Null)
    }

    pub(crate) fn response(&self) -> Response {
        reply::json(self.status, json!({ "detail": self.detail }))
    }
}
