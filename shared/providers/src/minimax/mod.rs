//! MiniMax speaks two dialects. The Hailuo models know the first: a flat order, errors inside answers of status 200,
//! and a result that is looked up by a file id. The H3 models know the second: a list of parts, true statuses, the
//! link with the task, and a way to stop what waits.
//!
//! Facts: the vendor's official MCP server (first dialect), a published audit of its OpenAPI files and the published
//! `@ai-sdk/minimax` (second dialect), and its error page; autumn 2026.

mod about;
mod faults;
mod first;
mod second;
mod wire;

use crate::{About, Adapter, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Event, Kind, Ticket};

/// The vendor's id.
pub(crate) const VENDOR: &str = "minimax";

/// The servers outside China; keys are bound to their region.
const USUAL_BASE: &str = "https://api.minimax.io";

/// The calls of a step that has several, as noted on them.
mod note {
    /// Where is the finished file?
    pub(super) const FILE: &str = "file";
    /// Does the task still wait, so that it can be stopped?
    pub(super) const LOOK: &str = "look";
    /// Stop it.
    pub(super) const STOP: &str = "stop";
}

/// MiniMax's clips.
pub(crate) struct MiniMax;

impl Adapter for MiniMax {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => match Dialect::of(task) {
                Dialect::First => first::submit(task),
                Dialect::Second => second::submit(task),
            },
            Question::Poll(ticket) => match read_ticket(ticket) {
                Some((Dialect::First, id)) => first::look(task, question, id),
                Some((Dialect::Second, id)) => second::look(task, question, "", id),
                None => kit::later(None, "could not read the ticket"),
            },
            Question::Cancel(ticket) => match read_ticket(ticket) {
                // A blind stop would delete the record of a task that has just ended, so it is looked at first.
                Some((Dialect::Second, id)) => second::look(task, question, note::LOOK, id),
                Some((Dialect::First, _)) | None => kit::event(Event::NotCancelable),
            },
            // A task carries no mark of ours: one that merely looks alike may be another caller's, and a repeat costs
            // as much as a clip.
            Question::Recover { .. } => kit::lost_for_good("the vendor's tasks carry no mark of ours"),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        match question {
            Question::Submit => match Dialect::of(task) {
                Dialect::First => first::accepted(task, question, reply),
                Dialect::Second => second::accepted(task, question, reply),
            },
            Question::Poll(ticket) => match read_ticket(ticket) {
                Some((Dialect::First, _)) if note == note::FILE => first::file(task, question, reply),
                Some((Dialect::First, id)) => first::standing(task, question, id, reply),
                Some((Dialect::Second, id)) => second::standing(task, question, id, reply),
                None => kit::later(None, "could not read the ticket"),
            },
            Question::Cancel(ticket) => match read_ticket(ticket) {
                Some((Dialect::Second, _)) if note == note::STOP => second::stopped(reply),
                Some((Dialect::Second, id)) => second::may_stop(task, question, id, reply),
                Some((Dialect::First, _)) | None => kit::event(Event::NotCancelable),
            },
            Question::Recover { .. } => self.ask(task, question),
        }
    }
}

/// The two generations of the vendor's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    First,
    Second,
}

impl Dialect {
    /// The dialect of a job: its model decides.
    fn of(task: &Task<'_>) -> Dialect {
        if task.job.plan.vendor_model.starts_with("MiniMax-H3") { Dialect::Second } else { Dialect::First }
    }

    /// Its place in paths and tickets.
    fn path(self) -> &'static str {
        match self {
            Dialect::First => "v1",
            Dialect::Second => "v2",
        }
    }
}

/// The task's id, with its dialect: it has to be asked about in the one in which it was ordered.
fn ticket(dialect: Dialect, id: &str) -> Ticket {
    Ticket(format!("{}/{id}", dialect.path()))
}

fn read_ticket(ticket: &Ticket) -> Option<(Dialect, &str)> {
    let (path, id) = ticket.0.split_once('/')?;
    let dialect = [Dialect::First, Dialect::Second].into_iter().find(|dialect| dialect.path() == path)?;
    Some((dialect, id))
}

/// A resolution as the vendor writes it: `768P`, `2K`.
fn resolution(task: &Task<'_>) -> Option<String> {
    task.job.plan.options.text("resolution").map(str::to_ascii_uppercase)
}

/// The finished clip. Its link is signed and must not see our key.
fn finished(url: String) -> Next {
    let source = Source::Link { url, headers: HeaderMap::new() };
    Next::News(News::Finished(vec![VendorFile { kind: Kind::Video, source }]))
}
