//! What is kept of a request: its id, and where to ask for it.
//!
//! The addresses hold the model's owner and name but not what follows them, so they are taken as the vendor told
//! them; where it did not, or named another host, they are made as its own clients make them.

use super::{HOST, USUAL_BASE, wire::Submitted};
use crate::{Task, kit};
use jobs::Ticket;
use url::Url;

/// Names that stand before the owner of a model.
const NAMESPACES: [&str; 2] = ["workflows", "comfy"];

/// The calls about a request that is in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// How does it stand?
    Status,
    /// What came of it?
    Result,
    /// Stop it.
    Cancel,
}

/// The ticket of a request that was accepted.
pub(super) fn of(task: &Task<'_>, id: &str, told: &Submitted) -> Ticket {
    let addresses = [&told.status_url, &told.response_url, &told.cancel_url];
    let good: Option<Vec<String>> = addresses
        .into_iter()
        .map(|address| {
            let url = kit::parse_address(&kit::link(address.as_deref())?).ok()?;
            kit::may_see_key(&url, kit::base(task.access, USUAL_BASE), HOST).then(|| url.to_string())
        })
        .collect();
    Ticket(good.map_or_else(|| id.to_owned(), |addresses| format!("{id} {}", addresses.join(" "))))
}

/// The id within a ticket.
pub(super) fn id(ticket: &Ticket) -> &str {
    ticket.0.split(' ').next().unwrap_or_default()
}

/// Where to put a question about a request.
///
/// # Errors
/// A sentence for the log when no address can be made.
pub(super) fn address(task: &Task<'_>, ticket: &Ticket, ask: Ask) -> Result<Url, String> {
    let told = ticket.0.split(' ').nth(match ask {
        Ask::Status => 1,
        Ask::Result => 2,
        Ask::Cancel => 3,
    });
    let mut url = match told {
        Some(told) => kit::parse_address(told)?,
        None => made(task, id(ticket), ask)?,
    };
    if ask == Ask::Status {
        url.query_pairs_mut().append_pair("logs", "0");
    }
    Ok(url)
}

fn made(task: &Task<'_>, id: &str, ask: Ask) -> Result<Url, String> {
    let model = task.job.plan.vendor_model.split('/');
    let length = if model.clone().next().is_some_and(|first| NAMESPACES.contains(&first)) { 3 } else { 2 };
    let mut path: Vec<&str> = model.take(length).collect();
    path.extend(["requests", id]);
    path.extend(match ask {
        Ask::Status => Some("status"),
        Ask::Result => None,
        Ask::Cancel => Some("cancel"),
    });
    kit::address(kit::base(task.access, USUAL_BASE), &path, &[])
}
