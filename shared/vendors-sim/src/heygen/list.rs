//! Lists: a page at a time. Whether there is more is told beside what is listed.

use super::wire::Refusal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The words behind the question mark.
pub(super) type Query = HashMap<String, String>;

/// Which page a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    skip: usize,
    take: usize,
}

impl Page {
    /// Reads how many are wanted, `usual` if that is not said and `most` at most, and after which ones.
    pub(super) fn read(query: &Query, usual: usize, most: usize) -> Result<Self, Refusal> {
        let take = query.get("limit").map_or(Some(usual), |text| text.parse().ok());
        let take = take.filter(|take| (1..=most).contains(take));
        let take = take.ok_or_else(|| Refusal::invalid("limit", &format!("must be from 1 to {most}")))?;
        let skip = query.get("token").map_or(Some(0), |token| place(token));
        let skip = skip.ok_or_else(|| Refusal::invalid("token", "is none of ours"))?;
        Ok(Self { skip, take })
    }

    /// The page as it is told.
    pub(super) fn of(self, all: impl Iterator<Item = Value>) -> Value {
        let mut rest = all.skip(self.skip);
        let data: Vec<Value> = rest.by_ref().take(self.take).collect();
        let has_more = rest.next().is_some();
        let next_token = has_more.then(|| token(self.skip + self.take));
        json!({ "data": data, "has_more": has_more, "next_token": next_token })
    }
}

/// One of the words that may be asked for; what is not asked for is any.
pub(super) fn choice<'query>(
    query: &'query Query,
    name: &'static str,
    choices: &[&str],
) -> Result<Option<&'query str>, Refusal> {
    match query.get(name).map(String::as_str) {
        Some(word) if !choices.contains(&word) => {
            Err(Refusal::invalid(name, &format!("must be one of {}", choices.join(", "))))
        }
        word => Ok(word),
    }
}

/// Has letters that have to be written in another way in an address.
fn token(skip: usize) -> String {
    STANDARD.encode(format!("?>{skip:05}"))
}

fn place(token: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    text.strip_prefix("?>")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_lead_to_the_next_page() {
        let mut query = Query::new();
        let mut told = Vec::new();
        loop {
            let page = Page::read(&query, 2, 50).unwrap().of((0..5).map(Value::from));
            told.push(page["data"].clone());
            match page["next_token"].as_str() {
                Some(token) => query.insert("token".into(), token.into()),
                None => break,
            };
        }
        assert_eq!(told, [json!([0, 1]), json!([2, 3]), json!([4])]);
        assert!(token(2).contains('/') || token(2).contains('+') || token(2).contains('='), "{}", token(2));
        for (name, value) in [("limit", "0"), ("limit", "51"), ("limit", "x"), ("token", "2"), ("token", "")]
        {
            let query = Query::from([(name.to_owned(), value.to_owned())]);
            assert!(Page::read(&query, 2, 50).is_err(), "{name}={value}");
        }
    }
}
