//! From an order to requests.

use super::{
    KEY_HEADER, USUAL_BASE,
    language::locale,
    trail::{Trail, wanted},
    upload::{self, Role},
};
use crate::{Next, Question, Task, kit};
use http::HeaderName;
use serde::Serialize;
use std::borrow::Cow;

/// Under which a repeat of an order is the same order.
const REPEAT_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The engine that moves every avatar as it is told, and the one that does so only with those made of a photo.
const ENGINE_V: &str = "avatar_v";
const ENGINE_IV: &str = "avatar_iv";

/// The link of the picture of the person who is to speak, where that is no avatar.
pub(super) fn picture<'a>(task: &Task<'a>) -> Option<&'a str> {
    upload::picture(&task.job.order.input).map(|(_, url)| url)
}

/// The link of what is to be said, where that is no script.
pub(super) fn recording<'a>(task: &Task<'a>) -> Option<&'a str> {
    task.job.order.input.audio.as_deref()
}

/// An address of the vendor's.
pub(super) fn address(task: &Task<'_>, path: &[&str], query: &[(&str, &str)]) -> Result<url::Url, String> {
    let path: Vec<&str> = ["v3"].iter().chain(path).copied().collect();
    kit::address(kit::base(task.access, USUAL_BASE), &path, query)
}

/// With the key.
pub(super) fn signed(task: &Task<'_>, draft: kit::Draft) -> kit::Draft {
    draft.secret_header(KEY_HEADER, task.access.api_key.reveal())
}

/// A call before the paid one that only asks.
pub(super) fn ask(task: &Task<'_>, what: &'static str, url: Result<url::Url, String>, note: String) -> Next {
    signed(task, kit::Draft::get(what, url)).note(note).next(Question::Submit)
}

/// The paid call.
pub(super) fn submit(task: &Task<'_>, trail: &Trail) -> Next {
    let draft = kit::Draft::post("heygen submit", address(task, &["videos"], &[]), &Body::of(task, trail));
    signed(task, draft).header(REPEAT_HEADER, &key(task)).paid(task).next(Question::Submit)
}

/// The order's key. It stays the same while nobody knows whether the order arrived. After a refusal it is another one: the
/// vendor answers a repeat like the first call, and nobody says that refusals are left out of that.
fn key(task: &Task<'_>) -> String {
    match task.job.refusals {
        0 => kit::task_name(task),
        count => format!("{}.{count}", kit::task_name(task)),
    }
}

/// Every order's body; what one has nothing for is left out.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<File<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voice_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voice_settings: Option<VoiceSettings<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_asset_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<Engine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<Background<'a>>,
    /// Without it, the given background stays hidden behind the avatar's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    remove_background: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_format: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    motion_prompt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expressiveness: Option<&'a str>,
    /// A lost order is found by it.
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_id: Option<String>,
}

/// A file, by its link or as it was uploaded.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum File<'a> {
    Url { url: &'a str },
    AssetId { asset_id: &'a str },
}

#[derive(Serialize)]
struct Engine<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
struct VoiceSettings<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    speed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pitch: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Background<'a> {
    Color { value: Cow<'a, str> },
    Image { url: &'a str },
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>, trail: &'a Trail) -> Body<'a> {
        let options = &task.job.plan.options;
        let (picture, recording) = (picture(task), recording(task));
        let avatar = trail.avatar.as_ref().filter(|_| picture.is_none());
        let sent = upload::asset(task, trail, Role::Recording);
        let background = background(task);
        let speaks = recording.is_none();
        Body {
            kind: if picture.is_some() { "image" } else { "avatar" },
            avatar_id: avatar.map(|avatar| avatar.id.as_str()),
            image: picture.map(|url| match upload::asset(task, trail, Role::Picture) {
                Some(asset_id) => File::AssetId { asset_id },
                None => File::Url { url },
            }),
            script: task.job.plan.prompt.as_deref().filter(|_| speaks),
            voice_id: trail.voice.as_deref().filter(|_| speaks),
            voice_settings: speaks.then(|| VoiceSettings::of(task)).flatten(),
            audio_url: recording.filter(|_| sent.is_none()),
            audio_asset_id: sent,
            // A picture goes with the fourth alone, and names none.
            engine: avatar.map(|_| Engine { kind: &task.job.plan.vendor_model }),
            resolution: options.text("resolution"),
            aspect_ratio: options.text("aspectRatio"),
            remove_background: background.is_some().then_some(true),
            background,
            output_format: options.text("format"),
            motion_prompt: motion(task, trail),
            expressiveness: options.text("expressiveness").filter(|_| picture.is_some()),
            title: kit::task_name(task),
            callback_url: task.callback,
            callback_id: task.callback.map(|_| kit::task_name(task)),
        }
    }
}

impl<'a> VoiceSettings<'a> {
    /// What differs from the usual.
    fn of(task: &Task<'a>) -> Option<VoiceSettings<'a>> {
        let options = &task.job.plan.options;
        let settings = VoiceSettings {
            speed: options.number("speed").filter(|speed| *speed != 1.0),
            pitch: options.number("pitch").filter(|pitch| *pitch != 0.0),
            locale: locale(task),
        };
        let any = settings.speed.is_some() || settings.pitch.is_some() || settings.locale.is_some();
        any.then_some(settings)
    }
}

/// How the person is to move, where the vendor lets that be said: it refuses an order that says it of a filmed avatar, save
/// with the fifth engine.
fn motion(task: &Task<'_>, trail: &Trail) -> Option<String> {
    let engine = task.job.plan.vendor_model.as_str();
    let photo = picture(task).is_some() || trail.avatar.as_ref().is_some_and(|avatar| avatar.photo);
    let heard = engine == ENGINE_V || (engine == ENGINE_IV && photo);
    let gesture = wanted(task, "gesture").filter(|_| heard)?.replace('_', " ");
    // One word says how, a sentence says all.
    Some(if gesture.contains(' ') { gesture } else { format!("{gesture} gestures") })
}

/// What is behind the person: the catalogue lets colours and links through, nothing else.
fn background<'a>(task: &Task<'a>) -> Option<Background<'a>> {
    let wanted = wanted(task, "background")?;
    let Some(digits) = wanted.strip_prefix('#') else { return Some(Background::Image { url: wanted }) };
    // The vendor knows colours of six digits alone.
    let value = if digits.chars().count() == 3 {
        let doubled: String = digits.chars().flat_map(|digit| [digit, digit]).collect();
        Cow::Owned(format!("#{doubled}"))
    } else {
        Cow::Borrowed(wanted)
    };
    Some(Background::Color { value })
}
