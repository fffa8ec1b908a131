//! The pictures of an order: sent along in the request, or uploaded before it.

use super::{faults, request, wire::Place as UploadPlace};
use crate::{Media, Need, Next, Question, Reply, Task, kit};
use http::Method;
use jobs::{Job, Kind};
use serde::Serialize;

/// What the vendor takes, in bytes; it would take more of an upload.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The largest file that still fits into a request: as a `data:` link it must stay below five megabytes.
const MOST_INLINE_BYTES: usize = 3_700_000;

/// What the vendor's handles of uploaded files begin with.
const HANDLE: &str = "runway://";

/// Longest handle that we believe, in bytes.
const MOST_HANDLE: usize = 2048;

/// A model that ends a clip with a picture, too.
const WITH_LAST_FRAME: &str = "gen3a_turbo";

/// The picture to begin with, and the one to end with where the model takes one.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    let input = &job.order.input;
    let first = match (&input.image, input.images.first()) {
        (Some(image), _) => Some(("input.image", image)),
        (None, Some(image)) => Some(("input.images", image)),
        (None, None) => None,
    };
    let takes_last = job.plan.vendor_model == WITH_LAST_FRAME;
    let last = input.last_image.as_ref().filter(|_| takes_last).map(|image| ("input.lastImage", image));
    let need = |(field, url): (&'static str, &String)| Need {
        field,
        url: url.clone(),
        kind: Kind::Image,
        most_bytes: MOST_BYTES,
    };
    first.into_iter().chain(last).map(need).collect()
}

/// The `promptImage` of a request.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Frames {
    /// The clip begins with it.
    First(String),
    /// Each with its place; none for a clip from text.
    Placed(Vec<Frame>),
}

/// A picture with its place.
#[derive(Serialize)]
pub(super) struct Frame {
    uri: String,
    position: &'static str,
}

impl Frames {
    /// Whether there is no picture.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Frames::Placed(frames) if frames.is_empty())
    }

    fn of(task: &Task<'_>, mut uris: Vec<String>) -> Frames {
        let ends_with_one =
            task.job.order.input.last_image.is_some() && task.job.plan.vendor_model == WITH_LAST_FRAME;
        match (uris.len(), ends_with_one) {
            (1, false) => Frames::First(uris.remove(0)),
            (1, true) => {
                Frames::Placed(uris.into_iter().map(|uri| Frame { uri, position: "last" }).collect())
            }
            _ => {
                let placed = uris.into_iter().zip(["first", "last"]);
                Frames::Placed(placed.map(|(uri, position)| Frame { uri, position }).collect())
            }
        }
    }
}

/// Where in the step before the paid call a reply belongs; the handles of what is uploaded already go along.
pub(super) struct Place<'a> {
    /// Whether the file itself was just sent, instead of its announcement.
    sent: bool,
    /// The last one is that of the file under way, once it is announced.
    handles: Vec<&'a str>,
}

impl<'a> Place<'a> {
    /// Reads the note of a call; none for the paid one.
    pub(super) fn parse(note: &'a str) -> Option<Place<'a>> {
        let mut words = note.split_whitespace();
        let sent = match words.next()? {
            "announce" => false,
            "send" => true,
            _ => return None,
        };
        Some(Place { sent, handles: words.collect() })
    }
}

fn note(word: &str, handles: &[&str]) -> String {
    [&[word], handles].concat().join(" ")
}

fn is_large(media: &Media) -> bool {
    media.bytes.len() > MOST_INLINE_BYTES
}

/// Announces the next large file, or submits once all are uploaded.
pub(super) fn proceed(task: &Task<'_>, handles: &[&str]) -> Next {
    match task.media.iter().filter(|media| is_large(media)).nth(handles.len()) {
        Some(media) => announce(task, media, handles),
        None => {
            let mut uploaded = handles.iter();
            let uri = |media: &Media| match is_large(media) {
                // There are as many handles as large files, or one of them would have been announced above.
                true => uploaded.next().map(|handle| (*handle).to_owned()).unwrap_or_default(),
                false => media.data_link(),
            };
            let uris = task.media.iter().map(uri).collect();
            request::submit(task, Frames::of(task, uris))
        }
    }
}

/// An announcement.
#[derive(Serialize)]
struct Announcement {
    filename: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

fn announce(task: &Task<'_>, media: &Media, handles: &[&str]) -> Next {
    let body = Announcement { filename: format!("picture.{}", media.extension), kind: "ephemeral" };
    let draft =
        kit::Draft::post("runway announce an upload", request::address(task, &["v1", "uploads"]), &body);
    request::signed(draft, task).note(note("announce", handles)).next(Question::Submit)
}

/// Reads the reply to a call that prepares the paid one.
pub(super) fn read(task: &Task<'_>, question: Question<'_>, place: Place<'_>, reply: &Reply<'_>) -> Next {
    if place.sent {
        return match reply.status.is_success() {
            true => proceed(task, &place.handles),
            false => kit::not_ready(
                question,
                format!("the file store answers an upload with {}", reply.status.as_u16()),
            ),
        };
    }
    if !reply.status.is_success() {
        return match faults::refusal(task, reply) {
            Some(fault) => kit::refused(question, fault),
            // Nothing was ordered yet, so nothing is lost.
            None => kit::not_ready(question, "an upload could not be announced"),
        };
    }
    let media = task.media.iter().filter(|media| is_large(media)).nth(place.handles.len());
    let announced = kit::read_message::<UploadPlace>(reply).filter(UploadPlace::is_usable);
    let (Some(media), Some(announced)) = (media, announced) else {
        return kit::not_ready(question, "an upload was announced, and no usable place for it was named");
    };
    send(question, media, &announced, &place.handles)
}

/// The file on its way to a store that is not the vendor's own server: without our key.
fn send(question: Question<'_>, media: &Media, announced: &UploadPlace, handles: &[&str]) -> Next {
    let form =
        announced.fields.iter().fold(kit::Form::default(), |form, (name, value)| form.text(name, value));
    let (media_type, body) = form.file("file", media).finish();
    let handles: Vec<&str> = handles.iter().copied().chain([announced.runway_uri.as_str()]).collect();
    let url = kit::parse_address(&announced.upload_url);
    kit::Draft::send("runway upload", Method::POST, url, &media_type, body)
        .note(note("send", &handles))
        .next(question)
}

impl UploadPlace {
    /// Whether the handle can go into a note, and the fields into a form.
    fn is_usable(&self) -> bool {
        let plain = |name: &String| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        self.runway_uri.starts_with(HANDLE)
            && self.runway_uri.len() <= MOST_HANDLE
            && self.runway_uri.bytes().all(|byte| byte.is_ascii_graphic())
            && self.fields.keys().all(plain)
    }
}
