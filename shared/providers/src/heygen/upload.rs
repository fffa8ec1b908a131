//! Files of an order. The vendor fetches what lies behind `https` by itself; anything else it is sent before the order.

use super::{
    faults, proceed, request,
    trail::{Stage, Trail},
    wire::{Refusal, Told, Uploaded},
};
use crate::{Media, Need, Next, Question, Reply, Task, kit};
use http::Method;
use jobs::{Fault, FaultKind, Input, Job, Kind};

/// What the vendor takes of one upload, in bytes.
const MOST_BYTES: u64 = 32_000_000;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The person.
    Picture,
    /// What the person says.
    Recording,
}

impl Role {
    /// What the vendor takes for it.
    fn takes(self, media: &Media) -> bool {
        match self {
            Role::Picture => matches!(media.media_type, "image/png" | "image/jpeg"),
            Role::Recording => matches!(media.media_type, "audio/mpeg" | "audio/wav"),
        }
    }

    fn formats(self) -> &'static str {
        match self {
            Role::Picture => "PNG or JPEG",
            Role::Recording => "MP3 or WAV",
        }
    }
}

/// The picture of the person who is to speak.
pub(super) fn picture(input: &Input) -> Option<(&'static str, &str)> {
    let single = input.image.as_deref().map(|url| ("input.image", url));
    single.or_else(|| input.images.first().map(|url| ("input.images", url.as_str())))
}

/// Whether the vendor has to be sent what lies behind a link.
fn is_sent(url: &str) -> bool {
    url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"))
}

/// The files that are sent, in their order.
fn sent(job: &Job) -> Vec<(Role, Need)> {
    let input = &job.order.input;
    let files = [
        (Role::Picture, Kind::Image, picture(input)),
        (Role::Recording, Kind::Audio, input.audio.as_deref().map(|url| ("input.audio", url))),
    ];
    let sent = files.into_iter().filter_map(|(role, kind, file)| {
        let (field, url) = file.filter(|(_, url)| is_sent(url))?;
        Some((role, Need { field, url: url.to_owned(), kind, most_bytes: MOST_BYTES }))
    });
    sent.collect()
}

/// What has to be fetched, so that it can be sent.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    sent(job).into_iter().map(|(_, need)| need).collect()
}

/// The vendor's id of a file that was sent.
pub(super) fn asset<'a>(task: &Task<'_>, trail: &'a Trail, role: Role) -> Option<&'a str> {
    let place = sent(task.job).iter().position(|(other, _)| *other == role)?;
    trail.assets.get(place).map(String::as_str)
}

/// Goes on where everything was sent.
///
/// # Errors
/// The call that sends the next file, or what it means that it can't be sent.
pub(super) fn following(task: &Task<'_>, trail: Trail) -> Result<Trail, Next> {
    let files = sent(task.job);
    let place = trail.assets.len();
    let (Some((role, need)), Some(media)) = (files.get(place), task.media.get(place)) else {
        return Ok(trail);
    };
    if !role.takes(media) {
        let message = format!("the provider takes {} for {}", role.formats(), need.field);
        return Err(kit::refused(Question::Submit, Fault::new(FaultKind::InvalidInput, message)));
    }
    let (media_type, body) = kit::Form::default().file("file", media).finish();
    let url = request::address(task, &["assets"], &[]);
    let draft = kit::Draft::send("heygen upload", Method::POST, url, &media_type, body);
    Err(request::signed(task, draft).note(trail.note(Stage::Upload)).next(Question::Submit))
}

/// Reads what an upload is called.
pub(super) fn uploaded(task: &Task<'_>, mut trail: Trail, reply: &Reply<'_>) -> Next {
    if let Some(Refusal { error }) = kit::read_message::<Refusal>(reply) {
        let field = sent(task.job).get(trail.assets.len()).map_or("a file", |(_, need)| need.field);
        let detail = faults::for_the_log(task, &error, reply);
        return match reply.status.as_u16() {
            400 | 413 | 415 | 422 => {
                let message = format!("the provider does not take what was given as {field}");
                let fault = Fault::new(FaultKind::InvalidInput, message).with_detail(detail);
                kit::refused(Question::Submit, fault)
            }
            _ => faults::not_told(task, Question::Submit, &error, reply),
        };
    }
    let told = kit::read_message::<Told<Uploaded>>(reply).filter(|_| reply.status.is_success());
    match told.as_ref().and_then(|told| kit::name_of(told.data.asset_id.as_deref())) {
        Some(id) => {
            trail.assets.push(id.to_owned());
            proceed(task, trail)
        }
        None => faults::not_read(task, Question::Submit, reply),
    }
}
