//! The stored shape of a job. What the table's indexes, an operator's query or a condition needs is an attribute of
//! its own; the rest is one JSON text, `body`, whose structs stand here and nowhere else.
//!
//! New fields are optional or have a default, so that a job stored by an older release is still read.

mod body;

use crate::expressions::{Item, get_number, get_text, number, text};
use body::Body;
use jobs::{AccountId, Job, JobId, Place, State, ports::DUE_SHARDS};

/// A stored item that can't be read back.
#[derive(Debug)]
pub(crate) struct Unreadable(pub(crate) String);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "the stored item is unreadable: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

/// The job as an item.
pub(crate) fn to_item(job: &Job) -> Result<Item, Unreadable> {
    let body = serde_json::to_string(&Body::from(job)).map_err(|cause| Unreadable(cause.to_string()))?;
    let mut item = Item::from([
        ("id".to_owned(), text(job.id.as_str())),
        ("account".to_owned(), text(job.account.as_str())),
        ("created".to_owned(), text(Place::of(job.created, job.id.as_str()).as_str())),
        ("version".to_owned(), number(job.version)),
        ("status".to_owned(), text(job.status().name())),
        ("provider".to_owned(), text(&job.plan.provider)),
        ("model".to_owned(), text(&job.plan.model)),
        ("body".to_owned(), text(body)),
    ]);
    if let Some(due) = job.due {
        item.insert("due_shard".to_owned(), text(job.id.shard(DUE_SHARDS).to_string()));
        item.insert("due_at".to_owned(), number(due.millis()));
    }
    // A job with something left to do never expires: its credits would stay set aside, its news would be lost.
    if job.due.is_none() {
        item.insert("expires".to_owned(), number(job.expires.seconds()));
    }
    if matches!(job.state, State::Held) {
        item.insert("held_for".to_owned(), text(job.account.as_str()));
    }
    Ok(item)
}

/// The job of an item.
pub(crate) fn from_item(item: &Item) -> Result<Job, Unreadable> {
    let missing = |name: &str| Unreadable(format!("no attribute {name}"));
    let id = get_text(item, "id").and_then(JobId::parse).ok_or_else(|| missing("id"))?;
    let account = get_text(item, "account").and_then(AccountId::parse).ok_or_else(|| missing("account"))?;
    let version = get_number(item, "version").ok_or_else(|| missing("version"))?;
    let due = get_number(item, "due_at").map(jobs::Time::from_millis);
    let body = get_text(item, "body").ok_or_else(|| missing("body"))?;
    let body: Body = serde_json::from_str(body).map_err(|cause| Unreadable(cause.to_string()))?;
    body.into_job(id, account, version, due)
}

#[cfg(test)]
mod tests;
