//! A call in the making.

use super::outcome;
use crate::{Brings, Call, Next, Question, Task};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use serde::Serialize;
use std::time::Duration;
use url::Url;

/// How long a call may take that only exchanges messages: vendors answer within a second or two, save on bad days.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// A call in the making. What goes wrong on the way (a mistyped base URL, a key with a line break) is kept until
/// [`Draft::next`], where the question at hand decides what it means.
pub(crate) struct Draft {
    what: &'static str,
    made: Result<Request<Bytes>, String>,
    timeout: Duration,
    brings: Brings,
    paid: bool,
    note: String,
    keep: Option<Bytes>,
}

impl Draft {
    /// A call that only asks.
    pub(crate) fn get(what: &'static str, url: Result<Url, String>) -> Draft {
        Draft::new(what, Method::GET, url, Ok(Bytes::new()))
    }

    /// A call with a JSON body.
    pub(crate) fn post(what: &'static str, url: Result<Url, String>, body: &impl Serialize) -> Draft {
        let body = serde_json::to_vec(body)
            .map(Bytes::from)
            .map_err(|_| "could not write the request as json".to_owned());
        Draft::new(what, Method::POST, url, body).header(header::CONTENT_TYPE, "application/json")
    }

    /// A call with a body of another kind than JSON.
    pub(crate) fn send(
        what: &'static str,
        method: Method,
        url: Result<Url, String>,
        media_type: &str,
        body: Bytes,
    ) -> Draft {
        Draft::new(what, method, url, Ok(body)).header(header::CONTENT_TYPE, media_type)
    }

    /// A call that removes or stops something.
    pub(crate) fn delete(what: &'static str, url: Result<Url, String>) -> Draft {
        Draft::new(what, Method::DELETE, url, Ok(Bytes::new()))
    }

    fn new(
        what: &'static str,
        method: Method,
        url: Result<Url, String>,
        body: Result<Bytes, String>,
    ) -> Draft {
        let made = url.and_then(|url| {
            let uri =
                Uri::try_from(url.as_str()).map_err(|_| "could not use the vendor's address".to_owned())?;
            let mut request = Request::new(body?);
            *request.method_mut() = method;
            *request.uri_mut() = uri;
            Ok(request)
        });
        Draft {
            what,
            made,
            timeout: MESSAGE_TIMEOUT,
            brings: Brings::Message,
            paid: false,
            note: String::new(),
            keep: None,
        }
        .header(header::ACCEPT, "application/json")
    }

    /// Adds a header.
    pub(crate) fn header(self, name: HeaderName, value: &str) -> Draft {
        self.with(|headers| {
            headers.insert(
                name,
                HeaderValue::from_str(value).map_err(|_| "could not write a header".to_owned())?,
            );
            Ok(())
        })
    }

    /// Adds a header that holds a credential, so it is marked as not to be printed.
    pub(crate) fn secret_header(self, name: HeaderName, value: &str) -> Draft {
        self.with(|headers| {
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| "could not use the credential as a header".to_owned())?;
            value.set_sensitive(true);
            headers.insert(name, value);
            Ok(())
        })
    }

    /// Adds `Authorization: Bearer`.
    pub(crate) fn bearer(self, token: &str) -> Draft {
        self.secret_header(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// Marks the call as the one that costs money; it may take as long as the plan says.
    pub(crate) fn paid(self, task: &Task<'_>) -> Draft {
        Draft { paid: true, timeout: task.job.plan.submit_timeout, ..self }
    }

    /// Gives the call another time than the usual for messages.
    pub(crate) fn timeout(self, timeout: Duration) -> Draft {
        Draft { timeout, ..self }
    }

    /// The good reply is the file itself, which may take as long as the plan says.
    pub(crate) fn brings_file(self, task: &Task<'_>) -> Draft {
        let timeout = task.job.plan.submit_timeout.max(MESSAGE_TIMEOUT);
        Draft { brings: Brings::File, timeout, ..self }.header(header::ACCEPT, "*/*")
    }

    /// The good reply is a message with the file in it, larger than others.
    pub(crate) fn brings_large_message(self) -> Draft {
        Draft { brings: Brings::LargeMessage, ..self }
    }

    /// Sets the adapter's place within its step.
    pub(crate) fn note(self, note: impl Into<String>) -> Draft {
        Draft { note: note.into(), ..self }
    }

    /// Has a part of a file kept until the step is over.
    pub(crate) fn keep(self, part: Option<Bytes>) -> Draft {
        Draft { keep: part, ..self }
    }

    /// The finished call, or what it means that it could not be made.
    pub(crate) fn next(self, question: Question<'_>) -> Next {
        match self.made {
            Ok(request) => Next::Call(Box::new(Call {
                what: self.what,
                request,
                timeout: self.timeout,
                brings: self.brings,
                paid: self.paid,
                note: self.note,
                keep: self.keep,
            })),
            Err(problem) => outcome::misconfigured(question, &problem),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut HeaderMap) -> Result<(), String>) -> Draft {
        self.made = self.made.and_then(|mut request| change(request.headers_mut()).map(|()| request));
        self
    }
}
