//! The vendors' protocols as pure translation: a job in, a request out; a reply in, news out. One folder per vendor.
//!
//! An [`Adapter`] never sends anything. The poller asks it a [`Question`] about a job, sends the [`Call`] that it
//! answers with, hands back the [`Reply`] and gets either the next call (some vendors need several) or [`News`].
//! So every adapter is tested with bytes alone, and all of them share one way of sending, timing and logging.
//!
//! What never happens here: I/O, reading a clock, logging. Vendor ids, keys and raw vendor texts never reach the
//! part of a [`Fault`](jobs::Fault) that callers see.

mod about;
mod bfl;
mod bytedance;
mod elevenlabs;
mod fal;
mod google;
mod googletts;
mod hedra;
mod heygen;
mod joint;
mod keys;
mod kit;
mod kling;
mod luma;
mod lumaagents;
mod minimax;
mod registry;
mod runway;
mod simulator;
mod stability;
mod sync;
mod vertex;
mod vidu;
mod wan;

pub use about::{About, Fact, Shown, Sure};
pub use joint::Joint;
pub use keys::KeySet;
pub use registry::{adapter, vendors};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use jobs::{Callback, Event, Job, Kind, Ticket, Time, account::Hidden};
use std::time::Duration;

/// A vendor's protocol.
pub trait Adapter: Send + Sync {
    /// The vendor's id: its folder, queue and credential.
    fn vendor(&self) -> &'static str;

    /// What an operator should know of the vendor.
    fn about(&self) -> &'static About;

    /// The input media that the vendor wants as bytes, because it takes no links or must be uploaded to. They are
    /// fetched before [`Question::Submit`] and given as [`Task::media`], in this order.
    fn needs(&self, job: &Job) -> Vec<Need> {
        let _ = job;
        Vec::new()
    }

    /// Whether the vendor can be told where to say that it has finished; it is told with [`Task::callback`].
    fn calls_back(&self) -> bool {
        false
    }

    /// Whether a callback to this address is the vendor's, as far as it signs what it sends. That nobody else can guess the
    /// address was checked before.
    fn trusts(&self, access: &Access, callback: &Callback, address: &str, now: Time) -> bool {
        let _ = (access, callback, address, now);
        true
    }

    /// Whether a callback says in so many words that the task still waits or works, so that asking would bring nothing.
    fn still_runs(&self, callback: &Callback) -> bool {
        let _ = callback;
        false
    }

    /// Where the vendor publishes the public keys that it signs its callbacks with, as a JSON Web Key Set that anybody may
    /// read. Where it does, [`Adapter::trusts`] says only what can be said without them, and
    /// [`Adapter::is_signed_with`] the rest.
    fn published_keys(&self, access: &Access) -> Option<String> {
        let _ = access;
        None
    }

    /// Whether a callback is about this ticket and signed with one of the published keys.
    fn is_signed_with(&self, keys: &KeySet, callback: &Callback, ticket: &Ticket) -> bool {
        let _ = (keys, callback, ticket);
        false
    }

    /// Answers a question with the first call of its step, or with news at once.
    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next;

    /// Reads the reply to `call`'s request; `note` is the [`Call::note`] that it was sent with.
    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next;
}

/// What the poller wants to know or to have done.
#[derive(Clone, Copy, Debug)]
pub enum Question<'a> {
    /// Hand the job over. One of the calls of this step costs money; it is marked [`Call::paid`].
    Submit,
    /// How does it stand?
    Poll(&'a Ticket),
    /// Please stop it.
    Cancel(&'a Ticket),
    /// The paid call's answer was lost. What came of it? `looked` is how often we looked in vain before.
    Recover {
        /// Looks in vain so far.
        looked: u32,
    },
}

/// What an adapter is given.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// The job; its plan says what to ask the vendor for.
    pub job: &'a Job,
    /// The operator's credential at the vendor.
    pub access: &'a Access,
    /// Now, for signed tokens and dates.
    pub now: Time,
    /// What [`Adapter::needs`] named; empty for every question but [`Question::Submit`].
    pub media: &'a [Media],
    /// Where the vendor is to say that it has finished, if [`Adapter::calls_back`]; only for [`Question::Submit`] and
    /// [`Question::Recover`].
    pub callback: Option<&'a str>,
}

/// An input that the vendor wants as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Where it stands in the order, for the caller: `input.image`.
    pub field: &'static str,
    /// Where it is.
    pub url: String,
    /// What it must turn out to be by its first bytes: [`Kind::Image`], [`Kind::Video`] or [`Kind::Audio`].
    pub kind: Kind,
    /// The vendor's limit, in bytes.
    pub most_bytes: u64,
}

/// An input that was fetched.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// Told from its first bytes: `image/png`.
    pub media_type: &'static str,
    /// The usual end of a file name, without the dot: `png`.
    pub extension: &'static str,
    /// How long a clip or a recording is, as far as the file tells.
    pub length: Option<Duration>,
    /// The file.
    pub bytes: Bytes,
}

impl Media {
    /// The file as a `data:` link, for vendors that take those.
    pub fn data_link(&self) -> String {
        let mut link = format!("data:{};base64,", self.media_type);
        STANDARD.encode_string(&self.bytes, &mut link);
        link
    }

    /// The file in base64, without a prefix.
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }
}

impl std::fmt::Debug for Media {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Media({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// The operator's credential at one vendor, as kept in Secrets Manager.
#[derive(Clone, Debug)]
pub struct Access {
    /// The key (Kling: the access key; a service account: its address).
    pub api_key: Hidden,
    /// The second half, where a vendor has one.
    pub secret_key: Option<Hidden>,
    /// What the vendor signs its callbacks with, where it does.
    pub webhook_secret: Option<Hidden>,
    /// Another host than the vendor's usual one: a region, or a simulator. No trailing slash.
    pub base_url: Option<String>,
    /// For vendors that are part of a cloud: what it is done in the name of.
    pub project: Option<Project>,
}

impl Access {
    /// A key, and nothing besides.
    pub fn by_key(key: Hidden) -> Access {
        Access { api_key: key, secret_key: None, webhook_secret: None, base_url: None, project: None }
    }
}

/// A project in a vendor's cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its id there.
    pub id: String,
    /// Where its work is done, if not in the vendor's usual region: `europe-west4`.
    pub region: Option<String>,
    /// Where results are to be laid down, if they are not to come in answers: `gs://a-bucket/a/folder`.
    pub bucket: Option<String>,
    /// Where tokens are given out, if not at the vendor's usual address.
    pub token_url: Option<String>,
}

/// What comes next in a step.
#[derive(Debug)]
pub enum Next {
    /// Send this, then hand me the reply.
    Call(Box<Call>),
    /// The step is over, with this news.
    News(News),
}

/// The outcome of a step.
#[derive(Debug)]
pub enum News {
    /// An event for the job's life.
    Event(Event),
    /// The vendor has finished; these files are to be copied. None are there where it says so without one that can be had:
    /// an answer that is the result itself has then failed, and any other vendor is asked again, a few times.
    Finished(Vec<VendorFile>),
    /// Nothing that can be relied upon (a failed poll, an unreadable answer): ask again later.
    AskLater {
        /// What the vendor asked for.
        retry_after: Option<Duration>,
        /// For the log.
        detail: String,
    },
}

/// One request to a vendor.
#[derive(Debug)]
pub struct Call {
    /// What it is, for errors, logs and metrics: `kling submit`.
    pub what: &'static str,
    /// The request, complete with credentials.
    pub request: Request<Bytes>,
    /// The longest that it may take.
    pub timeout: Duration,
    /// What a good reply brings.
    pub brings: Brings,
    /// Whether sending it may cost money: then a lost answer is never followed by a blind repeat.
    pub paid: bool,
    /// The adapter's place within a step of several calls; comes back in [`Adapter::read`].
    pub note: String,
    /// A part of a file that the reply just read brought, to be kept until the step is over: [`Source::Kept`].
    pub keep: Option<Bytes>,
}

/// What a good reply brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brings {
    /// A message, read whole before the adapter sees it (8 MiB at most).
    Message,
    /// A message that holds a file, in base64, read whole before the adapter sees it (40 MiB at most). Few of these are
    /// under way at a time.
    LargeMessage,
    /// With a 2xx status the file itself: the adapter sees an empty body and answers [`Source::ThisReply`].
    File,
}

/// A vendor's reply.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body; empty for a file that is still to be read.
    pub body: &'a [u8],
}

/// A finished file at the vendor's.
#[derive(Debug)]
pub struct VendorFile {
    /// What it must turn out to be; an avatar is a video.
    pub kind: Kind,
    /// Where it is.
    pub source: Source,
}

/// Where a finished file is.
#[derive(Debug)]
pub enum Source {
    /// Behind a link, fetched with these headers (most vendors' links need none, and must not see our key). Where there
    /// are headers, one redirect is followed, without them.
    Link {
        /// The address.
        url: String,
        /// Extra headers.
        headers: HeaderMap,
    },
    /// It is the body of the reply just read.
    ThisReply,
    /// It came inside a message.
    Bytes(Bytes),
    /// Its parts came inside messages: those that were kept in this step, in their order, and then this one.
    Kept {
        /// The last part.
        last: Bytes,
        /// How the parts make up the file.
        joint: Joint,
    },
    /// The built-in simulator has yet to draw, film or speak it.
    Make(Drawing),
}

/// What the built-in simulator makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Picture, clip or voice.
    pub kind: Kind,
    /// What it shows or says.
    pub text: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Seconds, for clips.
    pub seconds: f64,
    /// The voice, for speech.
    pub voice: String,
    /// The talking speed, 1.0 is usual.
    pub speed: f64,
    /// The same seed draws the same picture.
    pub seed: u64,
}
