//! The parameters of GraphQL over HTTP, from a body or from a query string.

use crate::execute::Params;
use juniper::{InputValue, Variables};
use serde_json::{Map, Value};

/// From the JSON of a body.
///
/// # Errors
/// A sentence for the caller.
pub(super) fn of_body(body: &[u8]) -> Result<Params, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8")?;
    if text.trim().is_empty() {
        return Err("the body is empty; expected JSON with the field `query`".to_owned());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => of_fields(fields),
        Ok(Value::Array(_)) => Err("batches are not accepted; send one request at a time".to_owned()),
        Ok(_) => Err("the body is not a JSON object".to_owned()),
        Err(error) => Err(format!("the body is not JSON: line {}, column {}", error.line(), error.column())),
    }
}

/// From a query string, where variables and extensions are JSON texts.
///
/// # Errors
/// A sentence for the caller.
pub(super) fn of_query_string(query: &str) -> Result<Params, String> {
    let mut fields = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = match &*name {
            "query" | "operationName" => Value::String(value.into_owned()),
            "variables" | "extensions" if value.is_empty() => Value::Null,
            "variables" | "extensions" => {
                serde_json::from_str(&value).map_err(|_| format!("the parameter `{name}` is not JSON"))?
            }
            _ => continue,
        };
        fields.insert(name.into_owned(), value);
    }
    of_fields(fields)
}

fn of_fields(mut fields: Map<String, Value>) -> Result<Params, String> {
    let query = match fields.remove("query") {
        Some(Value::String(query)) => query,
        None | Some(Value::Null) => return Err("the field `query` is missing".to_owned()),
        Some(_) => return Err("the field `query` is not a string".to_owned()),
    };
    let operation_name = match fields.remove("operationName") {
        None | Some(Value::Null) => None,
        // Some clients send an empty name for none.
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(_) => return Err("the field `operationName` is not a string".to_owned()),
    };
    let variables = match fields.remove("variables") {
        None | Some(Value::Null) => Variables::new(),
        Some(Value::Object(variables)) => {
            variables.into_iter().map(|(name, value)| (name, input_value(value))).collect()
        }
        Some(_) => return Err("the field `variables` is not an object".to_owned()),
    };
    match fields.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => Ok(Params { query, operation_name, variables }),
        Some(_) => Err("the field `extensions` is not an object".to_owned()),
    }
}

/// JSON as juniper takes it. Whole numbers beyond 32 bits become floats, exact up to 2^53.
fn input_value(value: Value) -> InputValue {
    match value {
        Value::Null => InputValue::Null,
        Value::Bool(flag) => InputValue::scalar(flag),
        Value::Number(number) => match number.as_i64().and_then(|number| i32::try_from(number).ok()) {
            Some(small) => InputValue::scalar(small),
            None => number.as_f64().map_or(InputValue::Null, InputValue::scalar),
        },
        Value::String(text) => InputValue::scalar(text),
        Value::Array(items) => InputValue::list(items.into_iter().map(input_value).collect()),
        Value::Object(fields) => {
            InputValue::object(fields.into_iter().map(|(name, value)| (name, input_value(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bad_bodies_are_refused_with_a_reason() {
        for (body, reason) in [
            (&b""[..], "empty"),
            (b" \n ", "empty"),
            (b"\xff\xfe", "UTF-8"),
            (b"{", "not JSON"),
            (b"7", "not a JSON object"),
            (b"[{\"query\":\"{a}\"}]", "batches"),
            (b"{}", "`query` is missing"),
            (b"{\"query\":null}", "`query` is missing"),
            (b"{\"query\":{}}", "`query` is not a string"),
            (b"{\"query\":\"{a}\",\"variables\":\"x\"}", "`variables`"),
            (b"{\"query\":\"{a}\",\"variables\":[]}", "`variables`"),
            (b"{\"query\":\"{a}\",\"operationName\":7}", "`operationName`"),
            (b"{\"query\":\"{a}\",\"extensions\":7}", "`extensions`"),
        ] {
            let error = of_body(body).err().unwrap_or_default();
            assert!(error.contains(reason), "{error} for {reason}");
        }
    }

    #[test]
    fn a_query_string_says_the_same_as_a_body() {
        let query = "query=%7Ba%7D&operationName=&variables=%7B%22n%22%3A9007199254740991%7D&other=1";
        let params = of_query_string(query).unwrap();
        assert_eq!((params.query.as_str(), params.operation_name), ("{a}", None));
        assert_eq!(params.variables.get("n"), Some(&InputValue::scalar(9_007_199_254_740_991.0)));
        assert!(of_query_string("query=%7Ba%7D&variables=%7B").is_err());
    }

    proptest! {
        #[test]
        fn no_body_and_no_query_string_makes_us_panic(body: Vec<u8>, query: String) {
            let _ = (of_body(&body), of_query_string(&query));
        }
    }
}
