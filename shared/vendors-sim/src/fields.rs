//! Reads fields of JSON objects with their types, for the vendors that refuse wrong ones each in its own words.

use serde_json::{Map, Value};

/// The fields of a request. A field with `null` counts as absent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'body>(pub(crate) &'body Map<String, Value>);

/// A field that has another type than the vendor wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongType {
    pub(crate) field: &'static str,
    pub(crate) wanted: Wanted,
}

/// The types that vendors want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    Whole,
    Number,
    Bool,
    Object,
    List,
}

impl<'body> Fields<'body> {
    pub(crate) fn value(self, field: &str) -> Option<&'body Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    pub(crate) fn text(self, field: &'static str) -> Result<Option<&'body str>, WrongType> {
        self.read(field, Wanted::Text, Value::as_str)
    }

    pub(crate) fn number(self, field: &'static str) -> Result<Option<f64>, WrongType> {
        self.read(field, Wanted::Number, Value::as_f64)
    }

    /// A whole number; `2.0` is one too.
    pub(crate) fn whole(self, field: &'static str) -> Result<Option<i64>, WrongType> {
        self.read(field, Wanted::Whole, whole)
    }

    pub(crate) fn bool(self, field: &'static str) -> Result<Option<bool>, WrongType> {
        self.read(field, Wanted::Bool, Value::as_bool)
    }

    pub(crate) fn object(self, field: &'static str) -> Result<Option<Fields<'body>>, WrongType> {
        self.read(field, Wanted::Object, |value| value.as_object().map(Fields))
    }

    pub(crate) fn list(self, field: &'static str) -> Result<Option<&'body [Value]>, WrongType> {
        self.read(field, Wanted::List, |value| value.as_array().map(Vec::as_slice))
    }

    fn read<T>(
        self,
        field: &'static str,
        wanted: Wanted,
        read: impl Fn(&'body Value) -> Option<T>,
    ) -> Result<Option<T>, WrongType> {
        self.value(field).map(|value| read(value).ok_or(WrongType { field, wanted })).transpose()
    }
}

/// The value as a whole number.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    let number = value.as_f64()?;
    value.as_i64().or_else(|| (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_have_types() {
        let body = json!({ "a": "5", "b": 5, "c": 2.0, "d": null, "e": 2.5 });
        let fields = Fields(body.as_object().unwrap());
        assert_eq!(fields.text("a"), Ok(Some("5")));
        assert_eq!(fields.text("b"), Err(WrongType { field: "b", wanted: Wanted::Text }));
        assert_eq!(fields.whole("c"), Ok(Some(2)));
        assert_eq!(fields.text("d"), Ok(None));
        assert!(fields.whole("e").is_err());
        assert_eq!(fields.number("b"), Ok(Some(5.0)));
    }
}
