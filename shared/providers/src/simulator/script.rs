//! What the words in a text make of a job.

use crate::Task;
use jobs::{FaultKind, Kind};
use std::time::Duration;

/// The longest that a job can be told to take, in seconds.
const MOST_SECONDS: f64 = 600.0;

/// How a job goes.
pub(super) struct Script {
    /// How long it takes.
    pub(super) length: Duration,
    /// How it ends.
    pub(super) ending: Ending,
}

/// How a job ends.
#[derive(Clone, Copy)]
pub(super) enum Ending {
    /// With a file.
    Made,
    /// Not taken at all.
    Refused(FaultKind),
    /// Taken, then failed.
    Failed(FaultKind),
    /// Not before somebody stops it, or its deadline does.
    Never,
}

/// The words and what they force.
const WORDS: [(&str, Ending); 5] = [
    ("[fail:provider]", Ending::Refused(FaultKind::Unavailable)),
    ("[fail:input]", Ending::Refused(FaultKind::InvalidInput)),
    ("[fail:moderation]", Ending::Failed(FaultKind::Moderation)),
    ("[fail:vendor]", Ending::Failed(FaultKind::Vendor)),
    ("[hang]", Ending::Never),
];

impl Script {
    /// What the text of a job says, in any case and anywhere in it.
    pub(super) fn of(task: &Task<'_>) -> Script {
        let text = text(task).to_lowercase();
        let ending =
            WORDS.iter().find(|(word, _)| text.contains(word)).map_or(Ending::Made, |(_, ending)| *ending);
        let usual = match task.job.order.kind {
            Kind::Audio => 1.0,
            Kind::Image => 2.0,
            Kind::Video | Kind::Avatar => 4.0,
        };
        let seconds = slowness(&text).unwrap_or(usual);
        Script { length: Duration::from_secs_f64(seconds), ending }
    }
}

/// The job's text: the caller's own, for the plan may have added to it.
pub(super) fn text<'a>(task: &Task<'a>) -> &'a str {
    let own = task.job.order.input.text.as_deref();
    own.or(task.job.plan.prompt.as_deref()).unwrap_or_default()
}

/// The seconds of `[slow:30]`.
fn slowness(text: &str) -> Option<f64> {
    let (_, rest) = text.split_once("[slow:")?;
    let seconds: f64 = rest.split_once(']')?.0.trim().parse().ok()?;
    seconds.is_finite().then(|| seconds.clamp(0.0, MOST_SECONDS))
}
