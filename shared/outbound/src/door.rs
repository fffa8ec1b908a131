//! The door itself: checks where a request goes, sends it, and bounds what comes back.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use reqwest::redirect::Policy;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::allow::AllowList;
use crate::error::{CallError, Kind, Target};
use crate::limits::{Limits, Overflow, StreamLimits};
use crate::public_url::{UrlProblem, check_form};
use crate::reply::{Reply, Streaming};
use crate::resolve::{CheckedNames, Names, PrivateAnswer};
use crate::stand_ins::StandIns;

/// Who we say we are.
const USER_AGENT: &str = concat!("Doitong/", env!("CARGO_PKG_VERSION"));

/// Idle connections are given up after this, sooner than most servers do: a request written to a
/// connection that the other side has just closed is a request of which nobody knows what became.
const KEEP_IDLE: Duration = Duration::from_secs(20);

/// No call lasts longer than this, whatever its limits say; a function is ended far earlier.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 3600);

/// How a door is set up. The default calls public addresses alone and connects within 5 s.
#[derive(Clone, Debug)]
pub struct Options {
    /// Inside addresses that may be called all the same.
    pub allow: AllowList,
    /// Hosts that are played by somebody else.
    pub stand_ins: StandIns,
    /// The longest that look-up, connection and TLS may take together.
    pub connect_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow: AllowList::default(),
            stand_ins: StandIns::default(),
            connect_timeout: Duration::from_secs(5),
        }
    }
}

/// The way out. Cheap to clone; make one per process, because it keeps connections open for reuse.
#[derive(Clone)]
pub struct Door {
    allow: Arc<AllowList>,
    stand_ins: Arc<StandIns>,
    /// For every port that is not listed: reaches public addresses alone.
    guarded: reqwest::Client,
    /// For each listed port: reaches public addresses and those listed with that port.
    by_port: Arc<BTreeMap<u16, reqwest::Client>>,
}

/// The door could not be set up: TLS is not usable in this process.
#[derive(Debug)]
pub struct NoDoor {
    source: reqwest::Error,
}

impl Door {
    /// Sets up the door. The first one also chooses the process's TLS provider if none is chosen yet.
    ///
    /// # Errors
    /// [`NoDoor`] when TLS can't be set up, such as when the system has no root certificates.
    pub fn new(options: Options) -> Result<Self, NoDoor> {
        Self::with_names(options, &Names::System)
    }

    fn with_names(options: Options, names: &Names) -> Result<Self, NoDoor> {
        // Fails only when a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let allow = Arc::new(options.allow);
        let client = |port| {
            let names = CheckedNames { names: names.clone(), allow: Arc::clone(&allow), port };
            client(names, options.connect_timeout).map_err(|source| NoDoor { source })
        };
        let by_port = allow
            .ports()
            .into_iter()
            .map(|port| Ok((port, client(Some(port))?)))
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        let guarded = client(None)?;
        Ok(Self { guarded, by_port: Arc::new(by_port), allow, stand_ins: Arc::new(options.stand_ins) })
    }

    /// The inside addresses that may be called: what [`PublicUrl::parse`](crate::PublicUrl::parse) needs.
    pub fn allow_list(&self) -> &AllowList {
        &self.allow
    }

    /// Sends a request and reads its answer. Every status is an answer, also a redirect, which is never
    /// followed.
    ///
    /// # Errors
    /// [`CallError::kind`] says whether the request may have been received.
    pub async fn call(&self, request: Request<Bytes>, limits: Limits) -> Result<Reply, CallError> {
        // The bound of the stream itself is none here: reading stops by what is read.
        let mut streaming = self.send(request, limits.total, None, u64::MAX).await?;
        if limits.overflow == Overflow::Fail {
            refuse_announced_overflow(&mut streaming, limits.most_reply_bytes)?;
        }
        streaming.read(limits.most_reply_bytes, limits.overflow).await
    }

    /// Sends a request and returns when the head of its answer is there; the body is read from what is
    /// returned, within the same limits.
    ///
    /// # Errors
    /// [`CallError::kind`] says whether the request may have been received. An answer that announces more
    /// bytes than allowed is [`Kind::TooLarge`] at once.
    pub async fn open(&self, request: Request<Bytes>, limits: StreamLimits) -> Result<Streaming, CallError> {
        let mut streaming = self.send(request, limits.total, Some(limits.idle), limits.most_bytes).await?;
        refuse_announced_overflow(&mut streaming, limits.most_bytes)?;
        Ok(streaming)
    }

    async fn send(
        &self,
        request: Request<Bytes>,
        total: Duration,
        idle: Option<Duration>,
        most_bytes: u64,
    ) -> Result<Streaming, CallError> {
        let deadline = Instant::now() + total.min(LONGEST_CALL);
        let (parts, body) = request.into_parts();
        // From here on only the parsed form is used, so that what was checked is what is called.
        let url = Url::parse(&parts.uri.to_string());
        let target = Target::new(&parts.method, url.as_ref().ok());
        let url = url.map_err(|_| CallError::new(Kind::Invalid, &target, "the URL is malformed"))?;
        let url = self.stand_ins.instead_of(url);
        check_form(&url, &self.allow).map_err(|problem| refused(problem, &target))?;

        let client =
            url.port_or_known_default().and_then(|port| self.by_port.get(&port)).unwrap_or(&self.guarded);
        let says_length = [Method::POST, Method::PUT, Method::PATCH].contains(&parts.method);
        let mut outgoing = reqwest::Request::new(parts.method, url);
        *outgoing.headers_mut() = parts.headers;
        // The host follows from the URL that was checked, whatever the caller put there.
        outgoing.headers_mut().remove(header::HOST);
        if says_length && body.is_empty() {
            // Not said by itself, and some servers answer 411 without it.
            let zero = HeaderValue::from_static("0");
            outgoing.headers_mut().insert(header::CONTENT_LENGTH, zero);
        }
        *outgoing.body_mut() = Some(body.into());

        match timeout_at(deadline, client.execute(outgoing)).await {
            Ok(Ok(response)) => Ok(Streaming::new(response, target, deadline, idle, most_bytes)),
            Ok(Err(error)) => Err(failed(error, &target)),
            Err(_) => Err(CallError::new(Kind::Unknown, &target, "there was no answer in time")),
        }
    }
}

/// A client that asks `names` for every name, and does nothing that it was not told to.
fn client(names: CheckedNames, connect_timeout: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .dns_resolver(names)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(KEEP_IDLE)
        .tcp_nodelay(true)
        .build()
}

fn refuse_announced_overflow(streaming: &mut Streaming, most_bytes: u64) -> Result<(), CallError> {
    match streaming.announced_bytes() {
        Some(announced) if announced > most_bytes => {
            Err(streaming.fail(Kind::TooLarge, "more bytes are announced than are allowed"))
        }
        _ => Ok(()),
    }
}

fn refused(problem: UrlProblem, target: &Target) -> CallError {
    let (kind, what) = match problem {
        UrlProblem::TooLong | UrlProblem::Malformed => (Kind::Invalid, "the URL is malformed"),
        UrlProblem::NotHttps | UrlProblem::HasCredentials => {
            (Kind::Refused, "the URL is of a kind that is not called")
        }
        UrlProblem::PrivateAddress | UrlProblem::PrivateName => (Kind::Refused, "the address is not public"),
    };
    CallError::new(kind, target, what).with_source(problem)
}

/// Sorts what the client reports. Anything not known to have failed before the request was written is
/// [`Kind::Unknown`].
fn failed(error: reqwest::Error, target: &Target) -> CallError {
    let (kind, what) = if causes(&error).any(|cause| cause.is::<PrivateAnswer>()) {
        (Kind::Refused, "the address is not public")
    } else if error.is_connect() {
        (Kind::NotSent, "the connection could not be made")
    } else if error.is_builder() {
        (Kind::Invalid, "the request is malformed")
    } else {
        (Kind::Unknown, "the connection was lost before an answer")
    };
    CallError::new(kind, target, what).with_source(error.without_url())
}

/// An error and all its causes.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

impl fmt::Debug for Door {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Door").field("allow", &self.allow).finish_non_exhaustive()
    }
}

impl fmt::Display for NoDoor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("could not set up TLS for outgoing calls")
    }
}

impl Error for NoDoor {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
mod tests;
