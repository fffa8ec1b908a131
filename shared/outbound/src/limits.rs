//! How long a call may take and how much it may bring.

use std::time::Duration;

/// Bounds of a call whose answer is read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the look-up of the name to the last byte of the answer.
    pub total: Duration,
    /// The most bytes of the answer's body that are read.
    pub most_reply_bytes: u64,
    /// What happens when the body is longer.
    pub overflow: Overflow,
}

/// What happens when an answer is longer than its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// The call fails with [`Kind::TooLarge`](crate::Kind::TooLarge).
    Fail,
    /// The first bytes are the answer and the rest stays unread. The head is what counts in such a call,
    /// so it also succeeds when the body breaks off or is late: see [`Reply::complete`](crate::Reply::complete).
    Cut,
}

impl Limits {
    /// Bounds that fail a longer answer.
    pub fn failing(total: Duration, most_reply_bytes: u64) -> Self {
        Self { total, most_reply_bytes, overflow: Overflow::Fail }
    }

    /// Bounds that cut a longer answer.
    pub fn cutting(total: Duration, most_reply_bytes: u64) -> Self {
        Self { total, most_reply_bytes, overflow: Overflow::Cut }
    }
}

/// Bounds of a call whose answer is streamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLimits {
    /// From the look-up of the name to the last byte of the answer.
    pub total: Duration,
    /// The longest wait between two pieces of the body. The wait for the head is bounded by `total` alone,
    /// because some servers make the file before they answer.
    pub idle: Duration,
    /// The most bytes of the body. An answer that announces more fails before any of it is read.
    pub most_bytes: u64,
}
