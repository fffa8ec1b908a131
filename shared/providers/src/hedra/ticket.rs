//! What is kept of a job at the vendor's: which of its two jobs is at work, and what the other will need.

use jobs::Ticket;

/// The word that a ticket of speech begins with. The vendor's ids hold no space, so no film's ticket does.
const SPEECH: &str = "speech";

/// Which of the vendor's jobs is at work.
#[derive(Clone, Copy)]
pub(super) enum Phase<'a> {
    /// The script is being spoken; the film comes next.
    Speech {
        /// The vendor's job.
        job: &'a str,
        /// The handle of the portrait, uploaded before anything was paid.
        portrait: &'a str,
        /// Where the vendor is to say that the film is there.
        callback: Option<&'a str>,
    },
    /// The film is being made.
    Film {
        /// The vendor's job.
        job: &'a str,
    },
}

impl<'a> Phase<'a> {
    /// Reads a ticket.
    pub(super) fn of(ticket: &'a Ticket) -> Phase<'a> {
        let mut words = ticket.0.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some(SPEECH), Some(job), Some(portrait)) => {
                Phase::Speech { job, portrait, callback: words.next() }
            }
            _ => Phase::Film { job: &ticket.0 },
        }
    }

    /// Writes the ticket.
    pub(super) fn ticket(&self) -> Ticket {
        Ticket(match self {
            Phase::Speech { job, portrait, callback: Some(callback) } => {
                format!("{SPEECH} {job} {portrait} {callback}")
            }
            Phase::Speech { job, portrait, callback: None } => format!("{SPEECH} {job} {portrait}"),
            Phase::Film { job } => (*job).to_owned(),
        })
    }

    /// The job to ask about.
    pub(super) fn job(&self) -> &'a str {
        match self {
            Phase::Speech { job, .. } | Phase::Film { job } => job,
        }
    }
}
