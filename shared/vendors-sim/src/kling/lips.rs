//! Lip sync: `POST /v1/videos/identify-face` answers at once which faces a clip shows, `advanced-lip-sync` has one of
//! them speak a recording.
//!
//! A clip that is not on this machine can't be looked at: it lasts ten seconds. It shows one face, unless its address
//! says `no-face` or `two-faces`.

use super::check::{self, invalid};
use super::order::{Clip, Family, Order};
use super::recording;
use super::wire::Refusal;
use crate::clock;
use crate::fields::Fields;
use crate::inputs::{self, Input, Visit};
use crate::random;
use crate::shelf::{Shelf, lock};
use media::Format;
use serde::Serialize;
use std::sync::{Arc, Mutex};

/// Milliseconds of a clip that nobody can look at.
const UNSEEN: i64 = 10_000;
/// Milliseconds that a session lives.
const LIFE: u64 = 24 * 3600 * 1000;
/// Sessions that are remembered, at most.
const MOST_SESSIONS: usize = 1000;
/// Bytes of a clip, at most.
const MOST_BYTES: usize = 100 * 1024 * 1024;
/// Milliseconds that a face has to speak, at least.
const LEAST: i64 = 2000;
/// Milliseconds by which the end of a face is told too late.
const ERROR: i64 = 15;
/// Seconds of a recording, at most.
const MOST_SECONDS: f64 = 60.0;

/// The looks for faces of this account.
#[derive(Debug)]
pub(super) struct Sessions(Mutex<Shelf<Session>>);

impl Default for Sessions {
    fn default() -> Self {
        Self(Mutex::new(Shelf::holding(MOST_SESSIONS)))
    }
}

/// A look for faces.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) faces: Vec<Face>,
    address: String,
    milliseconds: i64,
    /// Pixels.
    size: (u32, u32),
    begun: u64,
}

/// A face, with the milliseconds in which it is seen.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Face {
    face_id: String,
    face_image: String,
    start_time: i64,
    end_time: i64,
}

/// Looks for faces in the clip at an address. `clip` gives the length of a clip of our own, by its id.
pub(super) async fn identify(
    body: Fields<'_>,
    clip: impl Fn(&str) -> Option<(String, u32)>,
) -> Result<Session, Refusal> {
    let filled = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let (address, milliseconds, size) =
        match (filled(body.text("video_url")?), filled(body.text("video_id")?)) {
            (Some(address), None) => {
                let (milliseconds, size) = look(&address).await?;
                (address, milliseconds, size)
            }
            (None, Some(id)) => {
                let found = clip(&id).ok_or_else(|| Refusal::parameter("video_id is not found"))?;
                (found.0, i64::from(found.1), (1280, 720))
            }
            _ => {
                return Err(Refusal::parameter(
                    "either video_id or video_url must be provided, and not both",
                ));
            }
        };
    let face = |id: &str, start_time, end_time| Face {
        face_id: id.to_owned(),
        face_image: format!("https://simulated.example/faces/{id}.png"),
        start_time,
        end_time,
    };
    let faces = if address.contains("no-face") {
        Vec::new()
    } else if address.contains("two-faces") {
        vec![face("0", 0, milliseconds / 2), face("1", milliseconds / 4, milliseconds + ERROR)]
    } else {
        vec![face("0", 0, milliseconds + ERROR)]
    };
    let id = (850_000_000_000_000_000 + random::number() % 10_000_000_000_000_000).to_string();
    Ok(Session { id, faces, address, milliseconds, size, begun: clock::now() })
}

async fn look(address: &str) -> Result<(i64, (u32, u32)), Refusal> {
    let wrong = |what: &str| Refusal::parameter(format!("video_url {what}"));
    if !inputs::is_address(address) {
        return Err(wrong("must be a URL"));
    }
    let seen = inputs::visit(address, Visit::Get).await.map_err(|_| wrong("can not be downloaded"))?;
    let Input::Bytes { length, format, facts } = seen else { return Ok((UNSEEN, (1280, 720))) };
    if !matches!(format, Some(Format::Mp4 | Format::Mov)) {
        return Err(wrong("must be mp4 or mov"));
    }
    if length > MOST_BYTES {
        return Err(wrong("must be no more than 100 MB"));
    }
    let size = facts.width.zip(facts.height).unwrap_or_default();
    let fits = |side: u32| (512..=2160).contains(&side);
    if !fits(size.0) || !fits(size.1) || ![720, 1080].contains(&size.0.min(size.1)) {
        return Err(wrong("must have a resolution of 720p or 1080p"));
    }
    match facts.duration_seconds {
        // A clip of two seconds may be read as a hair less.
        Some(seconds) if (1.99..=60.5).contains(&seconds) => Ok(((seconds * 1000.0) as i64, size)),
        _ => Err(wrong("must last 2 to 60 seconds")),
    }
}

impl Sessions {
    pub(super) fn keep(&self, session: &Arc<Session>) {
        lock(&self.0).put(session.id.clone(), Arc::clone(session));
    }

    fn find(&self, id: &str) -> Option<Arc<Session>> {
        let found = lock(&self.0).get(id)?;
        (clock::now() < found.begun + LIFE).then_some(found)
    }
}

/// Reads an order.
pub(super) async fn order(sessions: &Sessions, body: Fields<'_>) -> Result<Order, Refusal> {
    let id = body.text("session_id")?.unwrap_or_default();
    let session = sessions.find(id).ok_or_else(|| invalid("session_id", id))?;
    let chosen = match body.list("face_choose")?.unwrap_or_default() {
        [face] => {
            face.as_object().map(Fields).ok_or_else(|| Refusal::parameter("face_choose must hold objects"))?
        }
        _ => return Err(Refusal::parameter("face_choose only supports one person")),
    };
    let face = chosen.text("face_id")?.unwrap_or_default();
    let face =
        session.faces.iter().find(|other| other.face_id == face).ok_or_else(|| invalid("face_id", face))?;
    let recording = recording::read(chosen, MOST_SECONDS).await?;
    time_fits(chosen, &session, face, recording.seconds)?;
    for field in ["sound_volume", "original_audio_volume"] {
        match chosen.number(field)? {
            Some(volume) if !(0.0..=2.0).contains(&volume) => {
                return Err(invalid(field, &volume.to_string()));
            }
            _ => {}
        }
    }
    let (width, height) = session.size;
    let seconds = session.milliseconds as f64 / 1000.0;
    Ok(Order {
        family: Family::Lips,
        prompt: [Some(session.address.as_str()), recording.address.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        clip: Clip {
            short: width.min(height),
            ratio: f64::from(width) / f64::from(height),
            milliseconds: session.milliseconds as u32,
            sound: true,
        },
        // Half a unit for each five seconds that are begun.
        units: (seconds / 5.0).ceil() * 0.5,
        parent: Some(session.address.clone()),
        common: check::common(body)?,
    })
}

/// Checks which part of the recording is to be heard, and when.
fn time_fits(
    chosen: Fields<'_>,
    session: &Session,
    face: &Face,
    seconds: Option<f64>,
) -> Result<(), Refusal> {
    let time = |field: &'static str| {
        chosen.whole(field)?.ok_or_else(|| Refusal::parameter(format!("{field} can not be empty")))
    };
    let (start, end, insert) =
        (time("sound_start_time")?, time("sound_end_time")?, time("sound_insert_time")?);
    if start < 0 || end.saturating_sub(start) < LEAST {
        return Err(Refusal::parameter(
            "sound_end_time: the cropped sound must not be shorter than 2 seconds",
        ));
    }
    // The vendor's clock of a recording may round the other way.
    if seconds.is_some_and(|seconds| end as f64 > seconds * 1000.0 + 1.0) {
        return Err(Refusal::parameter("sound_end_time must not be later than the end of the sound"));
    }
    let over = insert.saturating_add(end - start);
    if insert < 0 || over > session.milliseconds {
        return Err(Refusal::parameter("sound_insert_time: the sound must lie within the video"));
    }
    if over.min(face.end_time) - insert.max(face.start_time) < LEAST {
        return Err(Refusal::parameter("sound_insert_time: the sound must overlap the face for 2 seconds"));
    }
    Ok(())
}
