//! From an order to requests.

use super::USUAL_BASE;
use crate::{Next, Question, Task, kit};
use http::HeaderName;
use serde::Serialize;

const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Orders with the same key are one order, whichever of the organisation's keys they come with.
const ORDER_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Who speaks scripts: the vendor has nobody else.
const SPEAKER: &str = "elevenlabs";

/// The paid call, the same to the last letter whenever it is made for an attempt.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v2", "generate"], &[]);
    kit::Draft::post("sync submit", url, &Body::of(task))
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .header(ORDER_HEADER, &kit::task_name(task))
        .paid(task)
        .next(Question::Submit)
}

/// A look at a generation.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, id: &str, note: &str) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v2", "generate", id], &[]);
    kit::Draft::get("sync poll", url)
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .note(note)
        .next(question)
}

/// An order. Its own fields are written in one manner, its options in another: so does the vendor.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    model: &'a str,
    input: Vec<Part<'a>>,
    #[serde(skip_serializing_if = "Wishes::are_none")]
    options: Wishes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<&'a str>,
    /// Our own name of the generation, for people who look through the vendor's list.
    output_file_name: String,
}

/// What a generation is made of: one thing that is seen, one that is heard.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Video { url: &'a str },
    Image { url: &'a str },
    Audio { url: &'a str },
    Text { provider: Speech<'a> },
}

/// A script and who speaks it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Speech<'a> {
    name: &'static str,
    voice_id: &'a str,
    script: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stability: Option<f64>,
}

#[derive(Serialize)]
struct Wishes<'a> {
    /// What happens where clip and recording differ in length. A picture has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    sync_mode: Option<&'a str>,
    /// How much of the face moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    model_mode: Option<&'a str>,
    /// The emotion: one word of six.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
}

impl Wishes<'_> {
    fn are_none(&self) -> bool {
        self.sync_mode.is_none() && self.model_mode.is_none() && self.prompt.is_none()
    }
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let options = &plan.options;
        let clip = input.video.as_deref().map(|url| Part::Video { url });
        let picture = || kit::pictures(task).first().map(|url| Part::Image { url });
        let recording = input.audio.as_deref().map(|url| Part::Audio { url });
        let script = || {
            let script = plan.prompt.as_deref().or(input.text.as_deref())?;
            let stability = options.number("stability");
            let provider = Speech { name: SPEAKER, voice_id: voice(task), script, stability };
            Some(Part::Text { provider })
        };
        let reacts = plan.vendor_model.starts_with("react-");
        Body {
            model: &plan.vendor_model,
            options: Wishes {
                sync_mode: options.text("syncMode").filter(|_| clip.is_some()),
                model_mode: options.text("mode").filter(|_| reacts),
                prompt: options.text("emotion").filter(|_| reacts),
            },
            input: clip.or_else(picture).into_iter().chain(recording.or_else(script)).collect(),
            webhook_url: task.callback,
            output_file_name: kit::task_name(task),
        }
    }
}

/// The voice's id: by one of ElevenLabs' names, or as it was written, for the operator's own voices at the vendor have
/// ids alone.
fn voice<'a>(task: &Task<'a>) -> &'a str {
    let wanted = task.job.plan.options.text("voice").or(task.job.order.input.voice.as_deref());
    let wanted = wanted.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(kit::USUAL_VOICE);
    kit::voice_id(wanted).unwrap_or(wanted)
}
