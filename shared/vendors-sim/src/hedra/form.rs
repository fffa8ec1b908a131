//! A body on its way to an order: whatever is wrong is told at once, and unknown fields are wrong, too.

use super::wire::{Issue, Refusal};
use crate::fields;
use serde_json::{Map, Value};

/// An object, and what is wrong with it.
pub(super) struct Form<'body> {
    fields: &'body Map<String, Value>,
    /// What stands before the names of its fields.
    at: &'static str,
    pub(super) issues: Vec<Issue>,
}

impl<'body> Form<'body> {
    /// Reads the object. `known` are its fields.
    pub(super) fn new(fields: &'body Map<String, Value>, at: &'static str, known: &[&str]) -> Self {
        let mut form = Self { fields, at, issues: Vec::new() };
        let mut names = Some(known.iter().map(|name| (*name).to_owned()).collect());
        for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
            // The accepted names come with the first of them alone.
            let issue = form.issue(name, "unknown_field", "Extra inputs are not permitted", names.take());
            form.issues.push(issue);
        }
        form
    }

    fn issue(&self, name: &str, reason: &'static str, why: &str, allowed: Option<Vec<String>>) -> Issue {
        let field = format!("{}{name}", self.at);
        Issue { message: format!("{field}: {why}"), field, reason, allowed }
    }

    /// Notes what is wrong with a field.
    pub(super) fn wrong(&mut self, name: &str, reason: &'static str, why: &str) {
        let issue = self.issue(name, reason, why, None);
        self.issues.push(issue);
    }

    /// A field; `null` counts as absent.
    pub(super) fn value(&mut self, name: &str, required: bool) -> Option<&'body Value> {
        let value = self.fields.get(name).filter(|value| !value.is_null());
        if value.is_none() && required {
            self.wrong(name, "required", "Field required");
        }
        value
    }

    /// A text that is not blank, of so many characters at most.
    pub(super) fn text(&mut self, name: &str, required: bool, most: usize) -> Option<&'body str> {
        let value = self.value(name, required)?;
        let Some(text) = value.as_str() else {
            self.wrong(name, "type", "Input should be a valid string");
            return None;
        };
        if text.trim().is_empty() {
            self.wrong(name, "min_length", "must not be blank");
        }
        if text.chars().count() > most {
            self.wrong(name, "max_length", &format!("String should have at most {most} characters"));
        }
        Some(text)
    }

    pub(super) fn choice(&mut self, name: &str, known: &[&str]) -> Option<&'body str> {
        let value = self.value(name, true)?;
        let text = value.as_str().filter(|text| known.contains(text));
        if text.is_none() {
            let list = known.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
            let allowed = known.iter().map(|word| (*word).to_owned()).collect();
            let issue = self.issue(name, "enum", &format!("Input should be {list}"), Some(allowed));
            self.issues.push(issue);
        }
        text
    }

    /// A number in a range. JSON numbers alone count.
    pub(super) fn number(&mut self, name: &str, least: f64, most: f64) -> Option<f64> {
        let value = self.value(name, false)?;
        let Some(number) = value.as_f64() else {
            self.wrong(name, "type", "Input should be a valid number");
            return None;
        };
        if number < least {
            self.wrong(name, "minimum", &format!("Input should be greater than or equal to {least}"));
        } else if number > most {
            self.wrong(name, "maximum", &format!("Input should be less than or equal to {most}"));
        }
        Some(number)
    }

    /// A whole number in a range.
    pub(super) fn whole(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let value = self.value(name, false)?;
        let Some(number) = fields::whole(value) else {
            self.wrong(name, "type", "Input should be a valid integer");
            return None;
        };
        self.number(name, least as f64, most as f64);
        Some(number)
    }

    /// The end of the reading: nothing, or all that is wrong.
    pub(super) fn end(self) -> Result<(), Refusal> {
        if self.issues.is_empty() { Ok(()) } else { Err(Refusal::invalid(self.issues)) }
    }
}
