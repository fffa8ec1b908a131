//! The caller's files on their way to the vendor, one after the other: it takes no links of others. Uploads are free, and
//! even an empty balance allows them.

use super::{faults, is_scripted, note, request, wire::Uploaded};
use crate::{Media, Need, Next, Question, Reply, Task, kit};
use http::Method;
use jobs::{Job, Kind};

/// The largest picture that the vendor takes, in bytes.
const MOST_PICTURE_BYTES: u64 = 10_485_760;

/// The largest recording that the vendor takes, in bytes.
const MOST_RECORDING_BYTES: u64 = 104_857_600;

/// Longest handle that we believe, in bytes: it is kept in tickets.
const MOST_HANDLE: usize = 4096;

/// The portrait, and the recording where there is one.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    let input = &job.order.input;
    let portrait = match (&input.image, input.images.first()) {
        (Some(image), _) => Some(("input.image", image)),
        (None, Some(image)) => Some(("input.images", image)),
        (None, None) => None,
    };
    let portrait = portrait.map(|(field, url)| Need {
        field,
        url: url.clone(),
        kind: Kind::Image,
        most_bytes: MOST_PICTURE_BYTES,
    });
    let recording = input.audio.as_ref().map(|url| Need {
        field: "input.audio",
        url: url.clone(),
        kind: Kind::Audio,
        most_bytes: MOST_RECORDING_BYTES,
    });
    portrait.into_iter().chain(recording).collect()
}

/// Uploads the portrait; the voice for the script is known by then.
pub(super) fn portrait(task: &Task<'_>, voice: Option<&str>) -> Next {
    let note = format!("{} {}", note::PORTRAIT, voice.unwrap_or_default());
    upload(task, "hedra upload the portrait", task.media.first(), note)
}

fn recording(task: &Task<'_>, portrait: &str) -> Next {
    let note = format!("{} {portrait}", note::RECORDING);
    upload(task, "hedra upload the recording", task.media.get(1), note)
}

fn upload(task: &Task<'_>, what: &'static str, media: Option<&Media>, note: String) -> Next {
    let Some(media) = media else {
        return kit::not_ready(Question::Submit, "a file of the order was not fetched");
    };
    let (media_type, body) = kit::Form::default().file("file", media).finish();
    let draft =
        kit::Draft::send(what, Method::POST, request::address(task, &["files"], &[]), &media_type, body);
    request::signed(draft, task).note(note).next(Question::Submit)
}

/// Reads the answer to an upload. `rest` is what the step knew before it: the voice, or the portrait's handle.
pub(super) fn read(task: &Task<'_>, word: &str, rest: &str, reply: &Reply<'_>) -> Next {
    let question = Question::Submit;
    if !reply.status.is_success() {
        return match faults::refusal(task, reply) {
            Some(fault) => kit::refused(question, fault),
            // Nothing was ordered yet, so nothing is lost.
            None => {
                kit::not_ready(question, format!("an upload was answered with {}", reply.status.as_u16()))
            }
        };
    }
    let uploaded = kit::read_message::<Uploaded>(reply);
    let Some(handle) = uploaded.and_then(|uploaded| handle(uploaded.url.as_deref())) else {
        return kit::not_ready(question, "an upload was answered without a usable handle");
    };
    match (word, is_scripted(task)) {
        (note::PORTRAIT, true) => request::speech(task, rest, &handle),
        (note::PORTRAIT, false) => recording(task, &handle),
        _ => {
            let (portrait, audio) = (rest, request::File::Url { url: &handle });
            request::film(task, question, portrait, audio, task.callback)
        }
    }
}

/// A handle goes back byte for byte, and into notes and tickets, so it must hold nothing that these can't.
fn handle(url: Option<&str>) -> Option<String> {
    kit::link(url).filter(|url| url.len() <= MOST_HANDLE && url.bytes().all(|byte| byte.is_ascii_graphic()))
}
