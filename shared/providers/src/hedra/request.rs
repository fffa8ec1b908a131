//! From an order to requests.

use super::{USUAL_BASE, note};
use crate::{Next, Question, Task, kit};
use http::HeaderName;
use serde::Serialize;
use url::Url;

/// The version of the vendor's specification that this folder speaks. From this one on the key of an order is a header.
const VERSION: (HeaderName, &str) = (HeaderName::from_static("x-hedra-spec-version"), "3.20.0");

/// Names an order: the same name again brings the vendor's first answer again.
const ORDER_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Who speaks scripts.
pub(super) const SPEECH_MODEL: &str = "elevenlabs-v3";

/// Voices that a search brings, at most: the first counts, and one of the very name.
const MOST_VOICES: &str = "20";

/// Jobs on a page of the list; the vendor has no larger ones.
const MOST_ORDERS: &str = "100";

/// What is to be seen where nobody says it; the vendor needs words.
const DIRECTION: &str = "The person in the picture speaks to the camera with natural expressions";

/// Wishes about a film that is made from a script, with the words in which they are told. They may not be added to what is
/// spoken.
const WISHES: [(&str, &str); 4] =
    [("gesture", "gestures"), ("emotion", "mood"), ("background", "background"), ("style", "style")];

/// The list of voices.
pub(super) fn voices(task: &Task<'_>) -> Next {
    let url = address(task, &["models", SPEECH_MODEL, "voices"], &[]);
    signed(kit::Draft::get("hedra voices", url), task).note(note::VOICES).next(Question::Submit)
}

/// Voices that sound like this.
pub(super) fn search(task: &Task<'_>, sound: &str, gender: Option<&str>, language: Option<&str>) -> Next {
    let filters = [("gender", gender), ("language", language)];
    let filters = filters.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    let query: Vec<(&str, &str)> =
        [("q", sound), ("limit", MOST_VOICES)].into_iter().chain(filters).collect();
    let url = address(task, &["models", SPEECH_MODEL, "voices", "search"], &query);
    signed(kit::Draft::get("hedra voice search", url), task).note(note::SEARCH).next(Question::Submit)
}

/// A look at a job. Its result tells its state, too, so one question does.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, job: &str) -> Next {
    signed(kit::Draft::get("hedra poll", address(task, &["jobs", job], &[])), task).next(question)
}

/// The newest jobs. `why` is what the step has to remember.
pub(super) fn orders(task: &Task<'_>, question: Question<'_>, why: &str) -> Next {
    let url = address(task, &["jobs"], &[("limit", MOST_ORDERS)]);
    let note = format!("{} {why}", note::ORDERS);
    signed(kit::Draft::get("hedra orders", url), task).note(note).next(question)
}

/// The order of the speech: the first one that is paid where there is a script.
pub(super) fn speech(task: &Task<'_>, voice: &str, portrait: &str) -> Next {
    let input = Speech::of(task, voice);
    let note = format!("{} {portrait}", note::SPEECH);
    order(task, "hedra order speech", SPEECH_MODEL, "speech", &Body { input, webhook: task.callback })
        .note(note)
        .next(Question::Submit)
}

/// The order of the film. All that it is made of stands in the job and in its ticket, so that another try is the same.
pub(super) fn film(
    task: &Task<'_>,
    question: Question<'_>,
    portrait: &str,
    audio: File<'_>,
    callback: Option<&str>,
) -> Next {
    let input = Film::of(task, portrait, audio);
    let model = task.job.plan.vendor_model.as_str();
    order(task, "hedra order film", model, "film", &Body { input, webhook: callback })
        .note(note::FILM)
        .next(question)
}

fn order(task: &Task<'_>, what: &'static str, model: &str, part: &str, body: &impl Serialize) -> kit::Draft {
    let draft = kit::Draft::post(what, address(task, &["models", model], &[]), body).paid(task);
    signed(draft, task).header(ORDER_KEY, &format!("{}-{part}", kit::task_name(task)))
}

/// An address of the vendor's.
pub(super) fn address(task: &Task<'_>, path: &[&str], query: &[(&str, &str)]) -> Result<Url, String> {
    let path: Vec<&str> = ["v3"].iter().chain(path).copied().collect();
    kit::address(kit::base(task.access, USUAL_BASE), &path, query)
}

/// Adds what every call to the vendor carries. A key is a pair; the operator keeps it in one piece or in two.
pub(super) fn signed(draft: kit::Draft, task: &Task<'_>) -> kit::Draft {
    let key = task.access.api_key.reveal();
    let (name, version) = VERSION;
    let draft = match &task.access.secret_key {
        Some(secret) => draft.bearer(&format!("{key}:{}", secret.reveal())),
        None => draft.bearer(key),
    };
    draft.header(name, version)
}

/// A file as an order names it.
#[derive(Serialize)]
#[serde(tag = "source", rename_all = "lowercase")]
pub(super) enum File<'a> {
    /// It was uploaded.
    Url {
        /// The handle.
        url: &'a str,
    },
    /// It came of another job.
    Asset {
        /// Its id.
        asset_id: &'a str,
    },
}

#[derive(Serialize)]
struct Body<'a, Input> {
    input: Input,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook: Option<&'a str>,
}

#[derive(Serialize)]
struct Speech<'a> {
    text: String,
    voice_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

impl<'a> Speech<'a> {
    fn of(task: &Task<'_>, voice: &'a str) -> Speech<'a> {
        let (plan, options) = (&task.job.plan, &task.job.plan.options);
        let script = plan.prompt.as_deref().or(task.job.order.input.text.as_deref()).unwrap_or_default();
        Speech {
            // The model reads stage directions in square brackets.
            text: kit::with_mood(options.text("emotion"), script),
            voice_id: voice,
            stability: options.number("stability"),
            speed: options.number("speed").filter(|speed| *speed != 1.0),
            language: options.text("language").and_then(kit::language_code),
        }
    }
}

#[derive(Serialize)]
struct Film<'a> {
    prompt: String,
    aspect_ratio: &'a str,
    resolution: &'a str,
    /// Left out, it is as long as the recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    start_image: File<'a>,
    audio: File<'a>,
}

impl<'a> Film<'a> {
    fn of(task: &'a Task<'_>, portrait: &'a str, audio: File<'a>) -> Film<'a> {
        let options = &task.job.plan.options;
        Film {
            prompt: direction(task),
            aspect_ratio: options.text("aspectRatio").unwrap_or("16:9"),
            resolution: options.text("resolution").unwrap_or("720p"),
            duration_ms: options.whole("duration").map(|seconds| seconds.saturating_mul(1000)),
            start_image: File::Url { url: portrait },
            audio,
        }
    }
}

/// What is to be seen: beside a recording the caller's words, beside a script the wishes about it.
fn direction(task: &Task<'_>) -> String {
    let plan = &task.job.plan;
    if !super::is_scripted(task) {
        let words = plan.prompt.as_deref().map(str::trim).filter(|words| !words.is_empty());
        return words.unwrap_or(DIRECTION).to_owned();
    }
    let wishes = WISHES.iter().filter_map(|(name, words)| Some((plan.options.text(name)?, words)));
    wishes.fold(DIRECTION.to_owned(), |direction, (wish, words)| format!("{direction}, {wish} {words}"))
}
