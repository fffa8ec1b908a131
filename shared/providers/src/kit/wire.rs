//! Reading what vendors send, and what callers gave.

use super::parse_address;
use crate::{Reply, Task};
use base64::{display::Base64Display, engine::general_purpose::STANDARD};
use jobs::{State, Time};
use serde::{Serialize, Serializer, de::DeserializeOwned};

/// Reads a JSON message; none when it is something else.
pub(crate) fn read_message<T: DeserializeOwned>(reply: &Reply<'_>) -> Option<T> {
    serde_json::from_slice(reply.body).ok()
}

/// A file that is written in base64, straight into the message: as a text of its own it would be there once more, and
/// files have megabytes.
pub(crate) struct InBase64<'a>(pub(crate) &'a [u8]);

impl Serialize for InBase64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

/// Longest id that we believe, in bytes.
const MOST_ID: usize = 200;

/// An id as vendors give them: visible ASCII without the characters that mean something in an address.
pub(crate) fn name_of(text: Option<&str>) -> Option<&str> {
    text.filter(|text| {
        (1..=MOST_ID).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"/?#%\\".contains(&byte))
            && text.bytes().any(|byte| byte != b'.')
    })
}

/// Longest link that we believe, in bytes: signed ones are long.
const MOST_LINK: usize = 8192;

/// A link to a file, as it stands in a message.
pub(crate) fn link(text: Option<&str>) -> Option<String> {
    text.filter(|text| text.len() <= MOST_LINK && parse_address(text).is_ok()).map(str::to_owned)
}

/// The pictures that the caller gave, the one to start from first.
pub(crate) fn pictures<'a>(task: &Task<'a>) -> Vec<&'a str> {
    let input = &task.job.order.input;
    input.image.iter().chain(&input.images).map(String::as_str).collect()
}

/// Our own name of the task at the vendor: the job's id, with the number of the attempt from the second on.
pub(crate) fn task_name(task: &Task<'_>) -> String {
    match task.job.attempts.len() {
        0 | 1 => task.job.id.to_string(),
        attempt => format!("{}-{attempt}", task.job.id),
    }
}

/// When the paid call was begun.
pub(crate) fn begun(task: &Task<'_>) -> Time {
    match task.job.state {
        State::Submitting { since, .. } => since,
        _ => task.job.created,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_as_base64() {
        let written = serde_json::to_string(&InBase64(b"a file with \"quotes\"")).unwrap();
        assert_eq!(written, "\"YSBmaWxlIHdpdGggInF1b3RlcyI=\"");
    }

    #[test]
    fn ids_and_links_are_checked() {
        for good in ["831922345719271433", "8f2c-11_a", "a.b", "a:b=="] {
            assert_eq!(name_of(Some(good)), Some(good));
        }
        for bad in ["", "..", "a/b", "a b", "a?b", "%2e", "ü", &"a".repeat(201)] {
            assert_eq!(name_of(Some(bad)), None, "{bad}");
        }
        assert!(link(Some("https://example.com/a.png?sig=1")).is_some());
        for bad in ["", "a.png", "ftp://example.com/a", "file:///etc/passwd", "data:image/png;base64,AA=="] {
            assert_eq!(link(Some(bad)), None, "{bad}");
        }
    }
}
