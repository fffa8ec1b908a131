//! Answers: whole ones, and ones that stream.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use http::{HeaderMap, StatusCode};
use tokio::time::{Instant, timeout_at};

use crate::error::{CallError, Kind, Target};
use crate::limits::Overflow;

/// The most that is set aside for an answer before it arrives: the length it announces may be a lie.
const MOST_BYTES_SET_ASIDE: u64 = 64 * 1024;

/// An answer that was read whole, or cut as its limits said.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status, also of redirects and failures: all are answers.
    pub status: StatusCode,
    /// The headers as they came.
    pub headers: HeaderMap,
    /// The body as it came; a content encoding is left as it is.
    pub body: Bytes,
    /// Whether `body` is all of it. Always so, except with [`Overflow::Cut`].
    pub complete: bool,
}

/// An answer whose head has arrived and whose body can be read piece by piece, within its limits.
/// Dropping it ends the call.
#[derive(Debug)]
pub struct Streaming {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    target: Target,
    deadline: Instant,
    idle: Option<Duration>,
    most_bytes: u64,
    received_bytes: u64,
}

#[derive(Debug)]
enum Body {
    Coming(reqwest::Response),
    Ended,
    /// Failed before, in this way; asking again does not make it whole.
    Failed(Kind),
}

impl Streaming {
    pub(crate) fn new(
        mut response: reqwest::Response,
        target: Target,
        deadline: Instant,
        idle: Option<Duration>,
        most_bytes: u64,
    ) -> Self {
        Self {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: Body::Coming(response),
            target,
            deadline,
            idle,
            most_bytes,
            received_bytes: 0,
        }
    }

    /// The status, also of redirects and failures: all are answers.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many bytes are still to come, as far as the other side has said. For planning, not for trust.
    pub fn announced_bytes(&self) -> Option<u64> {
        match &self.body {
            Body::Coming(response) => response.content_length(),
            Body::Ended | Body::Failed(_) => None,
        }
    }

    /// The next piece of the body, `None` after the last.
    ///
    /// # Errors
    /// [`Kind::TooLarge`] when more bytes come than allowed, [`Kind::Stalled`] when none come for too long,
    /// [`Kind::Unknown`] when the body breaks off or the total time is over. The connection is closed then,
    /// and every later call fails in the same way.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, CallError> {
        let response = match &mut self.body {
            Body::Coming(response) => response,
            Body::Ended => return Ok(None),
            Body::Failed(kind) => {
                let kind = *kind;
                return Err(self.error(kind, "the body had failed before"));
            }
        };
        // Both waits end at a moment; whichever comes first says what happened.
        let idle_until = self.idle.and_then(|idle| Instant::now().checked_add(idle));
        let until = idle_until.map_or(self.deadline, |moment| moment.min(self.deadline));
        match timeout_at(until, response.chunk()).await {
            Ok(Ok(Some(piece))) => {
                self.received_bytes = self.received_bytes.saturating_add(piece.len() as u64);
                if self.received_bytes > self.most_bytes {
                    Err(self.fail(Kind::TooLarge, "more bytes came than are allowed"))
                } else {
                    Ok(Some(piece))
                }
            }
            Ok(Ok(None)) => {
                self.body = Body::Ended;
                Ok(None)
            }
            Ok(Err(source)) => {
                let error = self.fail(Kind::Unknown, "the body broke off");
                Err(error.with_source(source.without_url()))
            }
            Err(_) if until < self.deadline => Err(self.fail(Kind::Stalled, "the body stopped coming")),
            Err(_) => Err(self.fail(Kind::Unknown, "the body was not there in time")),
        }
    }

    /// The body as a stream of the same pieces and errors as [`Streaming::chunk`]; it ends after an error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, CallError>> + Send {
        try_unfold(self, |mut streaming| async move {
            let piece = streaming.chunk().await?;
            Ok(piece.map(|piece| (piece, streaming)))
        })
    }

    /// Reads what is left of the body, at most `most_reply_bytes` of it: for an answer that turns out to
    /// be a short one, such as an error instead of a file.
    ///
    /// # Errors
    /// As [`Streaming::chunk`]. With [`Overflow::Cut`] there are none: what came before is the answer.
    pub async fn read(mut self, most_reply_bytes: u64, overflow: Overflow) -> Result<Reply, CallError> {
        let announced = self.announced_bytes().unwrap_or(0);
        let set_aside = announced.min(most_reply_bytes).min(MOST_BYTES_SET_ASIDE);
        let mut body = BytesMut::with_capacity(usize::try_from(set_aside).unwrap_or(0));
        let most = usize::try_from(most_reply_bytes).unwrap_or(usize::MAX);
        let complete = loop {
            match (self.chunk().await, overflow) {
                (Ok(None), _) => break true,
                (Ok(Some(piece)), _) if piece.len() <= most - body.len() => {
                    body.extend_from_slice(&piece);
                }
                (Ok(Some(_)), Overflow::Fail) => {
                    return Err(self.fail(Kind::TooLarge, "more bytes came than are allowed"));
                }
                (Ok(Some(mut piece)), Overflow::Cut) => {
                    piece.truncate(most - body.len());
                    body.extend_from_slice(&piece);
                    break false;
                }
                (Err(error), Overflow::Fail) => return Err(error),
                (Err(_), Overflow::Cut) => break false,
            }
        };
        Ok(Reply { status: self.status, headers: self.headers, body: body.freeze(), complete })
    }

    /// Drops the connection, remembers why, and says so.
    pub(crate) fn fail(&mut self, kind: Kind, what: &'static str) -> CallError {
        self.body = Body::Failed(kind);
        self.error(kind, what)
    }

    fn error(&self, kind: Kind, what: &'static str) -> CallError {
        CallError::new(kind, &self.target, what).with_status(self.status)
    }
}
