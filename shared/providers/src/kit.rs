//! What adapters share: building calls, reading replies, and what an unusable reply means to each question.

mod address;
mod callback;
mod content;
mod draft;
mod faults;
pub(crate) mod google;
mod multipart;
mod outcome;
mod retry_after;
mod size;
mod wire;

pub(crate) use address::{address, base, may_see_key, parse_address};
pub(crate) use callback::{header, is_signed};
pub(crate) use content::{Part, content};
pub(crate) use draft::Draft;
pub(crate) use faults::{fault, for_the_log, refused_field, refused_option, speaks_of_rules};
pub(crate) use multipart::Form;
pub(crate) use outcome::{
    by_status, event, later, lost_for_good, no_file, not_ready, refused, unreadable, unsure,
};
pub(crate) use retry_after::{http_date, retry_after};
pub(crate) use size::{Shape, picture_wish, short_side};
pub(crate) use wire::{InBase64, link, name_of, pictures, read_message, task_name};
