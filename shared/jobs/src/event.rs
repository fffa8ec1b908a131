//! What can happen to a job.

use crate::{Fault, Output, Plan, Ticket};

/// News about a job, from the poller, the API or the reconciler. [`crate::advance`] turns it into the job's next state.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A place became free for a held job.
    Woken,
    /// The paid call is about to be made.
    Submitting,
    /// The vendor took the job.
    Accepted {
        /// How to find it again.
        ticket: Ticket,
    },
    /// The vendor said no, in so many words, before making anything.
    Refused(Fault),
    /// The provider refused or failed, and another takes over under this plan.
    HandedOver {
        /// How the try ended.
        fault: Fault,
        /// How it is made now.
        plan: Box<Plan>,
    },
    /// The paid call was sent and no answer came back.
    SubmitLost,
    /// We looked for the lost job at the vendor and did not find it (yet).
    NotFound,
    /// We looked for the lost job, and the vendor could not be asked: that look does not count.
    NoAnswer,
    /// The vendor never took the job, or a second try is harmless: submit again.
    SubmitAgain,
    /// It still runs.
    StillRunning {
        /// Percent, if the vendor tells.
        progress: Option<u8>,
        /// The adapter's note, if it changed.
        ticket: Option<Ticket>,
    },
    /// The vendor failed, in so many words.
    Failed(Fault),
    /// The vendor finished, but the copy to our bucket did not succeed yet. While the job is looked for: it was found.
    CopyFailed(Fault),
    /// The files are in our bucket.
    Stored(Vec<Output>),
    /// The caller wants to stop it.
    CancelAsked,
    /// The vendor stopped it.
    CanceledAtVendor {
        /// Whether the vendor charges for it all the same.
        charged: bool,
    },
    /// The vendor can't or won't stop it.
    NotCancelable,
    /// Time is up.
    DeadlinePassed,
    /// The caller wants the news once more, from the first try on.
    Redeliver,
    /// The news was tried, with this outcome.
    WebhookTried(crate::Webhook),
    /// The caller wants its content removed.
    Deleted,
    /// The reconciler found the job due with no letter on its way.
    Nudged,
}
