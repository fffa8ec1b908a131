//! What went wrong with a call, sorted by what the caller may do next.

use std::error::Error;
use std::fmt;

use http::{Method, StatusCode};
use url::Url;

/// A call that brought no usable answer.
///
/// `Display` and all its causes name scheme, host and port at most: paths, queries and headers hold signed
/// links and keys.
#[derive(Debug)]
pub struct CallError {
    kind: Kind,
    method: Method,
    /// Scheme, host and port; none if the URL could not be read.
    origin: Option<String>,
    status: Option<StatusCode>,
    what: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What a failed call means for the other side, which decides what may be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request can't be sent as it is: a URL that is none. Nothing was sent; trying again is pointless.
    Invalid,
    /// The URL, or the address that its name has now, is not one that we call. Nothing was sent.
    Refused,
    /// Name look-up, connection or TLS failed. Nothing reached the other side: safe to try again.
    NotSent,
    /// The request may have been received and carried out, but there is no whole answer: late, reset, broken
    /// off. What is paid for must not be repeated blindly.
    Unknown,
    /// Answered, with more bytes than allowed.
    TooLarge,
    /// Answered, but the body stopped coming.
    Stalled,
}

impl CallError {
    pub(crate) fn new(kind: Kind, about: &Target, what: &'static str) -> Self {
        Self {
            kind,
            method: about.method.clone(),
            origin: about.origin.clone(),
            status: None,
            what,
            source: None,
        }
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// What the failure means for the other side.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The status, if the head of an answer had arrived before the call failed.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Whether the other side may have received the request, and so may have acted on it.
    pub fn may_have_been_received(&self) -> bool {
        match self.kind {
            Kind::Invalid | Kind::Refused | Kind::NotSent => false,
            Kind::Unknown | Kind::TooLarge | Kind::Stalled => true,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin.as_deref().unwrap_or("an unreadable URL");
        write!(formatter, "could not call {origin} ({}", self.method)?;
        if let Some(status) = self.status {
            write!(formatter, ", answered {}", status.as_u16())?;
        }
        write!(formatter, "): {}", self.what)
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

/// What an error may tell of the request.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    method: Method,
    origin: Option<String>,
}

impl Target {
    pub(crate) fn new(method: &Method, url: Option<&Url>) -> Self {
        Self { method: method.clone(), origin: url.map(|url| url.origin().ascii_serialization()) }
    }
}
