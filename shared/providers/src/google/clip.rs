//! Clips: interactions in the background.

use super::{
    DOMAIN, KEY_HEADER, USUAL_BASE, address,
    clip_wire::{Clip, Interaction, Status},
    faults, inputs, signed,
};
use crate::{Media, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue};
use jobs::{Event, FaultKind, Kind, State, Ticket};
use serde::Serialize;
use std::time::Duration;

/// An interaction may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(30);

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let draft = kit::Draft::post("google submit", address(task, &["interactions"]), &Body::of(task));
    signed(draft, task).paid(task).next(Question::Submit)
}

/// How does it stand?
pub(super) fn look(task: &Task<'_>, question: Question<'_>, ticket: &Ticket) -> Next {
    let url = address(task, &["interactions", &ticket.0]);
    signed(kit::Draft::get("google poll", url), task).next(question)
}

/// Asks the vendor to stop.
pub(super) fn stop(task: &Task<'_>, question: Question<'_>, ticket: &Ticket) -> Next {
    let url = address(task, &["interactions", &ticket.0, "cancel"]);
    signed(kit::Draft::post("google cancel", url, &Nothing {}), task).next(question)
}

/// Reads the answer to the submit.
pub(super) fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let message = kit::read_message::<Interaction>(reply);
    match message.as_ref().and_then(|message| kit::name_of(message.id.as_deref())) {
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unreadable(task, question, reply),
    }
}

/// Reads how it stands.
pub(super) fn standing(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if faults::is_unknown_interaction(reply) {
        let detail = kit::for_the_log(task, reply, "unknown interaction", "");
        return match task.job.state {
            State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
            _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
        };
    }
    let interaction = match told(task, question, ticket, reply) {
        Ok(interaction) => interaction,
        Err(next) => return next,
    };
    match interaction.status {
        Status::Queued | Status::InProgress | Status::Unknown => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Status::Completed => completed(task, &interaction, reply),
        Status::Cancelled => kit::event(Event::CanceledAtVendor { charged: interaction.was_charged() }),
        Status::Failed
        | Status::Incomplete
        | Status::BudgetExceeded
        | Status::RequiresAction
        | Status::RequiresContinuation => {
            kit::event(Event::Failed(faults::of_failed_interaction(task, &interaction, reply)))
        }
    }
}

/// Reads the answer to the cancel: the interaction as it is now. One that still runs may yet be stopped, and a later
/// look tells.
pub(super) fn stopped(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    let interaction = match told(task, question, ticket, reply) {
        Ok(interaction) => interaction,
        Err(next) => return next,
    };
    match interaction.status {
        Status::Cancelled => kit::event(Event::CanceledAtVendor { charged: interaction.was_charged() }),
        Status::Completed => kit::event(Event::NotCancelable),
        _ => kit::later(None, "the interaction was not stopped yet"),
    }
}

/// The interaction of a good answer, if it is the one that was asked about.
fn told(
    task: &Task<'_>,
    question: Question<'_>,
    ticket: &Ticket,
    reply: &Reply<'_>,
) -> Result<Interaction, Next> {
    if !reply.status.is_success() {
        return Err(faults::said_no(task, question, reply));
    }
    match kit::read_message::<Interaction>(reply) {
        Some(interaction) if interaction.id.as_deref().is_some_and(|id| id != ticket.0) => {
            Err(kit::later(None, "the answer is about another interaction"))
        }
        Some(interaction) => Ok(interaction),
        None => Err(kit::unreadable(task, question, reply)),
    }
}

fn completed(task: &Task<'_>, interaction: &Interaction, reply: &Reply<'_>) -> Next {
    let Some(clip) = interaction.clip() else {
        return kit::event(Event::Failed(faults::of_missing_clip(task, interaction, reply)));
    };
    let source = match clip {
        Clip { uri: Some(uri), .. } => link(task, uri),
        Clip { data: Some(data), .. } => STANDARD.decode(data).ok().map(|bytes| Source::Bytes(bytes.into())),
        Clip { .. } => None,
    };
    match source {
        Some(source) => Next::News(News::Finished(vec![VendorFile { kind: Kind::Video, source }])),
        None => kit::no_file(),
    }
}

/// A file of the vendor's store, which gives it to our key alone; without `alt=media` it would only describe it.
fn link(task: &Task<'_>, uri: &str) -> Option<Source> {
    let mut url = kit::parse_address(&kit::link(Some(uri))?).ok()?;
    if !kit::may_see_key(&url, kit::base(task.access, USUAL_BASE), DOMAIN) {
        return None;
    }
    if !url.query_pairs().any(|(name, _)| name == "alt") {
        url.query_pairs_mut().append_pair("alt", "media");
    }
    let mut key = HeaderValue::from_str(task.access.api_key.reveal()).ok()?;
    key.set_sensitive(true);
    Some(Source::Link { url: url.into(), headers: HeaderMap::from_iter([(KEY_HEADER, key)]) })
}

/// An empty object.
#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    input: [Step<'a>; 1],
    /// Without it the answer would come only with the clip.
    background: bool,
    response_format: Format<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation_config: Option<Config>,
}

/// What we say to the model.
#[derive(Serialize)]
struct Step<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    content: Vec<Part<'a>>,
}

/// A part of what the model is shown: pictures and clips first, words last.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Image { data: kit::InBase64<'a>, mime_type: &'a str },
    Video { data: kit::InBase64<'a>, mime_type: &'a str },
    Text { text: &'a str },
}

impl<'a> Part<'a> {
    fn of(media: &'a Media) -> Part<'a> {
        let (data, mime_type) = (kit::InBase64(&media.bytes), media.media_type);
        if inputs::is_clip(media) { Part::Video { data, mime_type } } else { Part::Image { data, mime_type } }
    }
}

#[derive(Serialize)]
struct Format<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    delivery: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    /// Seconds with the letter: a bare number is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
}

#[derive(Serialize)]
struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_config: Option<VideoConfig>,
}

#[derive(Serialize)]
struct VideoConfig {
    task: &'static str,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, options) = (&task.job.plan, &task.job.plan.options);
        let words = plan.prompt.as_deref().filter(|text| !text.is_empty()).map(|text| Part::Text { text });
        let (seed, role) = (options.whole("seed"), role(task));
        Body {
            model: &plan.vendor_model,
            input: [Step {
                kind: "user_input",
                content: task.media.iter().map(Part::of).chain(words).collect(),
            }],
            background: true,
            response_format: Format {
                kind: "video",
                delivery: "uri",
                aspect_ratio: options.text("aspectRatio"),
                resolution: options.text("resolution"),
                duration: options.whole("duration").map(|seconds| format!("{seconds}s")),
            },
            generation_config: (seed.is_some() || role.is_some())
                .then(|| Config { seed, video_config: role.map(|task| VideoConfig { task }) }),
        }
    }
}

/// What the given files are for, where it is not for the model to tell.
fn role(task: &Task<'_>) -> Option<&'static str> {
    let input = &task.job.order.input;
    if input.video.is_some() {
        Some("edit")
    } else if !input.images.is_empty() {
        Some("reference_to_video")
    } else if input.image.is_some() && input.last_image.is_none() {
        Some("image_to_video")
    } else {
        // Of two pictures alone the model makes the beginning and the end by itself.
        None
    }
}
