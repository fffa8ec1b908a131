//! An order for a clip in which the person speaks another recording: first the faces in the clip are looked for, then one
//! of them is told to speak.
//!
//! Facts: the vendor's pages on face recognition and lip sync, autumn 2026. The look costs a twentieth of a unit; nothing
//! is begun by it, so that a lost answer is no lost order.

use super::{
    USUAL_BASE,
    family::Family,
    faults, request, token,
    wire::{Face, Faces, Head},
};
use crate::{Media, Need, Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind, Job, Kind};
use serde::Serialize;

/// The note of the look for faces.
pub(super) const FACES: &str = "faces";

/// The largest recording that the vendor takes, in bytes.
const MOST_BYTES: u64 = 5 * 1024 * 1024;

/// Milliseconds that a face has to speak, at least.
const LEAST: i64 = 2000;

/// Milliseconds that a recording may last.
const MOST: i64 = 60_000;

/// Milliseconds by which the vendor's times of faces may be too late: "an error in milliseconds", it says.
const SLACK: i64 = 100;

/// The recording, because its length has to be told.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    let need = |url: &String| Need {
        field: "input.audio",
        url: url.clone(),
        kind: Kind::Audio,
        most_bytes: MOST_BYTES,
    };
    job.order.input.audio.as_ref().map(need).into_iter().collect()
}

#[derive(Serialize)]
struct Search<'a> {
    video_url: Option<&'a str>,
}

/// Has the vendor look for faces, unless the recording is none that it takes.
pub(super) fn search(task: &Task<'_>) -> Next {
    if let Err(fault) = length(task) {
        return kit::refused(Question::Submit, fault);
    }
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "videos", "identify-face"], &[]);
    let draft =
        kit::Draft::post("kling faces", url, &Search { video_url: task.job.order.input.video.as_deref() });
    // It watches the whole clip before it answers.
    draft
        .bearer(&token::bearer(task.access, task.now))
        .timeout(task.job.plan.submit_timeout)
        .note(FACES)
        .next(Question::Submit)
}

/// Reads which faces there are, and has one of them speak.
pub(super) fn found(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    let unusable = |detail: String| kit::not_ready(Question::Submit, detail);
    let Some(head) = kit::read_message::<Head>(reply) else {
        return unusable(format!("status {} to the look for faces", reply.status.as_u16()));
    };
    if head.code != 0 {
        let detail = kit::for_the_log(task, reply, &head.code.to_string(), head.words());
        return match faults::of_code(&head) {
            Some(fault) => {
                let wait = kit::retry_after(reply.headers, task.now);
                kit::refused(Question::Submit, fault.with_detail(detail).retry_after(wait))
            }
            None => unusable(detail),
        };
    }
    let faces = kit::read_message::<Faces>(reply).filter(|_| reply.status.is_success());
    let Some((session, faces)) = faces.and_then(Faces::usable) else {
        return unusable("the look for faces was called a success, and told of none".to_owned());
    };
    match Body::of(task, &session, &faces) {
        Ok(body) => request::send(task, Family::Lips, &body),
        Err(fault) => kit::refused(Question::Submit, fault),
    }
}

#[derive(Serialize)]
struct Body<'a> {
    session_id: &'a str,
    /// Only one may be chosen as yet.
    face_choose: [Speaker<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    external_task_id: String,
}

#[derive(Serialize)]
struct Speaker<'a> {
    face_id: &'a str,
    sound_file: Option<&'a str>,
    #[serde(flatten)]
    cut: Cut,
    /// What was said in the clip before is not to be heard any more.
    original_audio_volume: f64,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>, session: &'a str, faces: &'a [Face]) -> Result<Body<'a>, Fault> {
        let face = chosen(faces, task.job.plan.options.whole("face"))?;
        // No face is seen after its end, so the clip lasts at least until the last of these.
        let end = faces.iter().map(|face| face.end_time).max().unwrap_or_default();
        let cut = Cut::of(length(task)?, face, end.saturating_sub(SLACK))?;
        Ok(Body {
            session_id: session,
            face_choose: [Speaker {
                face_id: &face.face_id,
                sound_file: task.job.order.input.audio.as_deref(),
                cut,
                original_audio_volume: 0.0,
            }],
            callback_url: task.callback,
            external_task_id: kit::task_name(task),
        })
    }
}

/// How long the recording is, in milliseconds.
fn length(task: &Task<'_>) -> Result<i64, Fault> {
    let refused =
        |why: &str| Fault::new(FaultKind::InvalidInput, format!("the file given as input.audio {why}"));
    let told = |recording: &Media| recording.length.and_then(|length| i64::try_from(length.as_millis()).ok());
    let recording = task.media.first().ok_or_else(|| refused("is missing"))?;
    if !matches!(recording.extension, "mp3" | "wav" | "m4a") {
        return Err(refused("is neither MP3 nor WAV nor M4A"));
    }
    match told(recording) {
        None => Err(refused("does not tell how long it is")),
        Some(length) if length < LEAST => Err(refused("is shorter than 2 s")),
        Some(length) if length > MOST => Err(refused("is longer than 60 s")),
        Some(length) => Ok(length),
    }
}

/// The face of this number, counted in the order in which they appear; unsaid, the one that is seen the longest.
fn chosen(faces: &[Face], number: Option<i64>) -> Result<&Face, Fault> {
    let mut faces: Vec<&Face> = faces.iter().collect();
    faces.sort_by_key(|face| face.start_time);
    let refused = |why: String| Fault::new(FaultKind::InvalidInput, why);
    let chosen = match number {
        Some(number) => usize::try_from(number).ok().and_then(|number| faces.get(number.checked_sub(1)?)),
        // The first of several equals.
        None => faces.iter().rev().max_by_key(|face| face.end_time.saturating_sub(face.start_time)),
    };
    chosen.copied().ok_or_else(|| match faces.len() {
        0 => refused("the provider sees no face in the clip given as input.video".to_owned()),
        1 => refused("the provider sees one face in the clip given as input.video".to_owned()),
        count => refused(format!("the provider sees {count} faces in the clip given as input.video")),
    })
}

/// Which part of the recording is heard, and when; all in milliseconds.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Cut {
    /// Where it begins in the recording.
    sound_start_time: i64,
    /// Where it ends there.
    sound_end_time: i64,
    /// Where it begins in the clip.
    sound_insert_time: i64,
}

impl Cut {
    /// The recording begins with the clip; where so little of it would be left for the face, with the face. What goes
    /// beyond the clip's end is cut off.
    fn of(length: i64, face: &Face, clip_end: i64) -> Result<Cut, Fault> {
        let from = |insert: i64| {
            let heard = length.min(clip_end.saturating_sub(insert));
            let (first, last) =
                (face.start_time.max(insert), face.end_time.min(insert.saturating_add(heard)));
            let cut = Cut { sound_start_time: 0, sound_end_time: heard, sound_insert_time: insert };
            (heard >= LEAST && last.saturating_sub(first) >= LEAST).then_some(cut)
        };
        from(0).or_else(|| from(face.start_time)).ok_or_else(|| {
            Fault::new(
                FaultKind::InvalidInput,
                "the face in the clip given as input.video is seen for less than 2 s",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(id: &str, start_time: i64, end_time: i64) -> Face {
        Face { face_id: id.to_owned(), start_time, end_time }
    }

    #[test]
    fn a_face_is_chosen_by_its_number_or_by_how_long_it_is_seen() {
        let faces = [face("c", 9000, 12_000), face("a", 0, 4000), face("b", 4500, 8500)];
        let id = |number| chosen(&faces, number).map(|face| face.face_id.as_str());
        assert_eq!(id(None).unwrap(), "a");
        assert_eq!([id(Some(1)), id(Some(2)), id(Some(3))].map(Result::unwrap), ["a", "b", "c"]);
        for number in [0, 4, -1, i64::MAX, i64::MIN] {
            assert!(id(Some(number)).unwrap_err().message.contains("sees 3 faces"), "{number}");
        }
        assert!(chosen(&[], None).unwrap_err().message.contains("no face"));
    }

    #[test]
    fn a_recording_is_cut_to_fit_the_clip_and_the_face() {
        let cut = |length, (start, end), clip| Cut::of(length, &face("a", start, end), clip).ok();
        let told =
            |end, insert| Some(Cut { sound_start_time: 0, sound_end_time: end, sound_insert_time: insert });
        assert_eq!(cut(5000, (0, 8000), 7900), told(5000, 0));
        assert_eq!(cut(9000, (0, 8000), 7900), told(7900, 0), "longer than the clip");
        assert_eq!(cut(9000, (3000, 5200), 20_000), told(9000, 0), "the clip goes on after the face");
        assert_eq!(cut(4000, (3000, 9000), 9900), told(4000, 3000), "the face comes late");
        assert_eq!(cut(4000, (2000, 9000), 9900), told(4000, 0), "two seconds are left for it");
        assert_eq!(cut(9000, (6000, 9000), 8900), told(8900, 0));
        assert_eq!(cut(9000, (0, 1900), 1800), None);
        assert_eq!(cut(9000, (i64::MIN, i64::MAX), i64::MAX), told(9000, 0));
        assert_eq!(cut(9000, (i64::MAX, i64::MIN), i64::MIN), None);
    }
}
