//! The list of tasks: which ones, and which page of them.

use super::order::Order;
use super::wire::{self, Refusal};
use crate::tasks::Task;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use time::PrimitiveDateTime;
use time::macros::{format_description, offset};

/// Tasks on a page, if the call does not tell.
const PAGE: usize = 10;

/// How long a list may reach, and does if the call does not tell; in milliseconds.
const DAY: u64 = 24 * 3600 * 1000;

/// What a call asks for.
#[derive(Debug)]
pub(super) struct Wish {
    /// Words that have to be the same, by the field's name.
    words: Vec<(&'static str, String)>,
    /// Milliseconds since 1970.
    from: u64,
    to: u64,
    page: usize,
    size: usize,
}

impl Wish {
    /// Reads the words behind the question mark.
    pub(super) fn read(query: &HashMap<String, String>, now: u64) -> Result<Self, Refusal> {
        let number = |name: &str, usual: usize| match query.get(name) {
            None => Ok(usual),
            Some(text) => match text.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(Refusal::invalid(format!("{name} is out of range"))),
            },
        };
        let words = ["task_id", "model_name", "status", "api_key_id", "region"];
        let given =
            |name: &'static str| Some((name, query.get(name).filter(|word| !word.is_empty())?.clone()));
        let (start, end) = (moment(query, "start_time")?, moment(query, "end_time")?);
        let from = start.unwrap_or_else(|| end.unwrap_or(now).saturating_sub(DAY));
        let to = end.unwrap_or_else(|| from.saturating_add(DAY));
        if to < from || to - from > DAY {
            return Err(Refusal::invalid(
                "the time between start_time and end_time can't be more than 24 hours",
            ));
        }
        Ok(Self {
            words: words.into_iter().filter_map(given).collect(),
            from,
            to,
            page: number("page_no", 1)?,
            size: number("page_size", PAGE)?,
        })
    }

    /// The answer: a page of the tasks that fit, of which `all` has the newest first.
    pub(super) fn page(&self, all: &[Arc<Task<Order>>], now: u64, request_id: &str) -> Value {
        let listed = all.iter().map(|task| (task, wire::listed(task, now)));
        let fitting: Vec<_> = listed.filter(|(_, told)| self.fits(told)).collect();
        let page = || fitting.iter().skip((self.page - 1).saturating_mul(self.size)).take(self.size);
        let data: Vec<&Value> = page().map(|(_, told)| told).collect();
        let tasks: Vec<_> = page().map(|(task, _)| wire::standing(task, now)).collect();
        json!({
            "total": fitting.len(),
            "total_page": fitting.len().div_ceil(self.size),
            "page_no": self.page,
            "page_size": self.size,
            "data": data,
            // The vendor's page knows nothing of them, but its newer client reads no other ones.
            "tasks": tasks,
            "request_id": request_id,
        })
    }

    fn fits(&self, told: &Value) -> bool {
        let is = |(name, word): &(&str, String)| told.get(*name).and_then(Value::as_str) == Some(word);
        let ordered = told.get("gmt_create").and_then(Value::as_u64).unwrap_or_default();
        self.words.iter().all(is) && (self.from..=self.to).contains(&ordered)
    }
}

/// Fourteen digits, in China's time.
fn moment(query: &HashMap<String, String>, name: &str) -> Result<Option<u64>, Refusal> {
    let Some(text) = query.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let form = format_description!("[year][month][day][hour][minute][second]");
    let at = PrimitiveDateTime::parse(text, form).ok().map(|at| at.assume_offset(offset!(+8)));
    let millis = at.and_then(|at| u64::try_from(at.unix_timestamp() * 1000).ok());
    millis.map(Some).ok_or_else(|| Refusal::invalid(format!("{name} is no time such as 20261121180000")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<Wish, Refusal> {
        let query = query.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Wish::read(&query, 1_795_255_200_000)
    }

    #[test]
    fn a_list_reaches_a_day_at_most() {
        let reach = |query| read(query).map(|wish| wish.to - wish.from);
        let wish = read(&[("start_time", "20261121180000")]).unwrap();
        assert_eq!(wish.from, 1_795_255_200_000);
        assert_eq!(reach(&[]), Ok(DAY));
        assert_eq!(reach(&[("start_time", "20261121170000"), ("end_time", "20261121180000")]), Ok(3_600_000));
        for bad in [
            [("start_time", "20261120175959"), ("end_time", "20261121180000")],
            [("start_time", "20261121180000"), ("end_time", "20261121170000")],
            [("start_time", "yesterday"), ("end_time", "20261121170000")],
            [("page_no", "0"), ("page_size", "10")],
            [("page_no", "1"), ("page_size", "many")],
        ] {
            assert!(read(&bad).is_err(), "{bad:?}");
        }
    }
}
