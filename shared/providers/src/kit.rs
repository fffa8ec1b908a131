//! What adapters share: building calls, reading replies, and what an unusable reply means to each question.

mod address;
mod callback;
mod content;
mod draft;
mod faults;
pub(crate) mod google;
mod inline;
mod multipart;
mod names;
mod outcome;
mod retry_after;
mod size;
mod speech;
mod voices;
mod wire;

pub(crate) use address::{address, base, may_see_key, parse_address};
pub(crate) use callback::{header, is_fresh, is_lately, is_signed, read_callback};
pub(crate) use content::{Part, content};
pub(crate) use draft::Draft;
pub(crate) use faults::{fault, for_the_log, held_back, refused_field, refused_option, speaks_of_rules};
pub(crate) use inline::{picture_needs, too_large};
pub(crate) use multipart::Form;
pub(crate) use names::nearest_names;
pub(crate) use outcome::{
    by_status, event, later, lost_for_good, no_file, not_ready, refused, unreadable, unsure,
};
pub(crate) use retry_after::{http_date, retry_after};
pub(crate) use size::{Shape, picture_wish, short_side};
pub(crate) use speech::{find_named, language_code, mood, short_name, with_mood};
pub(crate) use voices::{USUAL_VOICE, voice_id, voice_names};
pub(crate) use wire::{InBase64, begun, link, name_of, pictures, read_message, task_name};
