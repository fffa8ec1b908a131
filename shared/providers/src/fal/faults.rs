//! The error table of fal. A word in the body says more than the status.

use super::wire::{Detail, Problem, Refusal};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, Fault, FaultKind};

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 24] = [
    ("negative_prompt", "negativePrompt"),
    ("generate_audio", "sound"),
    ("guidance_scale", "guidance"),
    ("tail_image_url", "lastImage"),
    ("end_image_url", "lastImage"),
    ("output_format", "format"),
    ("aspect_ratio", "aspectRatio"),
    ("image_size", "aspectRatio"),
    ("resolution", "resolution"),
    ("image_urls", "image"),
    ("image_url", "image"),
    ("num_images", "count"),
    ("num_frames", "duration"),
    ("video_url", "video"),
    ("audio_url", "audio"),
    ("cfg_scale", "cfgScale"),
    ("duration", "duration"),
    ("strength", "strength"),
    ("prompt", "text"),
    ("voice", "voice"),
    ("speed", "speed"),
    ("text", "text"),
    ("seed", "seed"),
    ("raw", "raw"),
];

/// What the body of an error says.
struct Said {
    /// Its first word for what is wrong; empty if there is none.
    word: String,
    /// The field that is named, with the way to it.
    place: String,
    /// Everything, for the log.
    words: String,
}

impl Said {
    fn of(reply: &Reply<'_>) -> Option<Said> {
        let plain =
            |words: String| Said { word: header(reply, "x-fal-error-type"), place: words.clone(), words };
        Some(match kit::read_message::<Refusal>(reply)? {
            Refusal::Plain { message } => plain(message),
            Refusal::Detailed { detail: Detail::Words(words) } => plain(words),
            Refusal::Detailed { detail: Detail::Problems(problems) } => Said {
                word: problems.first().map(|problem| problem.kind.clone()).unwrap_or_default(),
                place: problems
                    .iter()
                    .flat_map(|problem| &problem.loc)
                    .map(|step| format!("{step} "))
                    .collect(),
                words: problems.iter().map(Problem::told).collect(),
            },
        })
    }
}

impl Problem {
    fn told(&self) -> String {
        format!("{} {:?} {}; ", self.kind, self.loc, self.msg)
    }
}

fn header(reply: &Reply<'_>, name: &str) -> String {
    reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Whether an error is the vendor's own, rather than some server's between us.
pub(super) fn is_message(reply: &Reply<'_>) -> bool {
    Said::of(reply).is_some()
}

/// An answer to the submit, or about the standing, that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(said) = Said::of(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let detail = kit::for_the_log(task, reply, &said.word, &said.words);
    let fault = match reply.status.as_u16() {
        400 => kit::refused_field(&said.place, &FIELDS),
        422 => match of_problem(&said) {
            // Nothing was made yet.
            rules if rules.kind == FaultKind::Moderation => kit::fault(FaultKind::Moderation),
            other => other,
        },
        // The key, the balance, or a model that is no longer there: ours to mend.
        401..=404 => kit::fault(FaultKind::Operator),
        409 => kit::fault(FaultKind::Unavailable),
        429 => kit::fault(FaultKind::Busy),
        // It gave up before the work began: nothing was made.
        504 if !header(reply, "x-fal-request-timeout-type").is_empty() => kit::fault(FaultKind::Unavailable),
        _ => return kit::by_status(task, question, reply, detail),
    };
    let wait = kit::retry_after(reply.headers, task.now);
    kit::refused(question, fault.with_detail(detail).retry_after(wait))
}

/// The result of a request that is over turns out to be an error: the model's own answer, told with the status that
/// the model gave.
pub(super) fn came_to_nothing(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(said) = Said::of(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let detail = kit::for_the_log(task, reply, &said.word, &said.words);
    // A gateway on a bad day answers in the same form, yet does not name the request.
    let by_the_model = reply.headers.contains_key("x-fal-request-id");
    let fault = match reply.status.as_u16() {
        400 if said.words.contains("still in progress") => {
            return kit::event(Event::StillRunning { progress: None, ticket: None });
        }
        400 | 413 | 415 => kit::refused_field(&said.place, &FIELDS),
        422 => of_problem(&said),
        500 => kit::fault(FaultKind::Vendor),
        502 | 503 if by_the_model => kit::fault(FaultKind::Vendor),
        504 if by_the_model => kit::fault(FaultKind::Unavailable),
        // Our key, or a server that has no time: that says nothing about the request.
        _ => return kit::later(kit::retry_after(reply.headers, task.now), detail),
    };
    kit::event(Event::Failed(fault.with_detail(detail)))
}

/// A word of the vendor's for a request that ended in the queue or on its way to a machine.
pub(super) fn of_the_queue(error_type: &str) -> Option<Fault> {
    const OUT_OF_ORDER: [&str; 9] = [
        "request_timeout",
        "startup_timeout",
        "runner_scheduling_failure",
        "runner_connection_timeout",
        "runner_disconnected",
        "runner_connection_refused",
        "runner_connection_error",
        "runner_server_error",
        "internal_error",
    ];
    OUT_OF_ORDER.contains(&error_type).then(|| kit::fault(FaultKind::Unavailable))
}

/// It was made, and the vendor does not hand it out.
pub(super) fn held_back() -> Fault {
    Fault::new(
        FaultKind::Moderation,
        "the provider's content rules held back the result; another seed may pass",
    )
}

/// A problem that the model itself tells, of its input or of its work.
fn of_problem(said: &Said) -> Fault {
    match said.word.as_str() {
        "content_policy_violation" if names_an_input(&said.place) => kit::fault(FaultKind::Moderation),
        "content_policy_violation" => held_back(),
        "no_media_generated" | "generation_timeout" => kit::fault(FaultKind::Vendor),
        "downstream_service_error" | "downstream_service_unavailable" => kit::fault(FaultKind::Unavailable),
        _ => kit::refused_field(&said.place, &FIELDS),
    }
}

fn names_an_input(place: &str) -> bool {
    ["prompt", "image", "video", "audio", "text"].iter().any(|input| place.contains(input))
}
