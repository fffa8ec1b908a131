//! Bodies of several parts, `multipart/form-data`, for vendors that take files that way.

use crate::Media;
use bytes::Bytes;
use sha2::{Digest, Sha256};

/// A form in the making.
#[derive(Default)]
pub(crate) struct Form {
    parts: Vec<Part>,
}

struct Part {
    head: String,
    content: Bytes,
}

impl Form {
    /// Adds a text field. `name` is ours: it needs no escaping.
    pub(crate) fn text(self, name: &str, value: impl Into<String>) -> Form {
        let value: String = value.into();
        self.part(format!("Content-Disposition: form-data; name=\"{name}\""), value.into())
    }

    /// Adds a file under a name that tells its format and nothing else.
    pub(crate) fn file(self, name: &str, media: &Media) -> Form {
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{name}.{}\"\r\nContent-Type: {}",
            media.extension, media.media_type
        );
        self.part(head, media.bytes.clone())
    }

    fn part(mut self, head: String, content: Bytes) -> Form {
        self.parts.push(Part { head, content });
        self
    }

    /// The media type, with its boundary, and the body. The boundary is a hash of the content, so that the same form
    /// is the same bytes, and nobody can write a text that holds it.
    pub(crate) fn finish(self) -> (String, Bytes) {
        let mut hash = Sha256::new();
        for part in &self.parts {
            hash.update(&part.head);
            hash.update((part.content.len() as u64).to_be_bytes());
            hash.update(&part.content);
        }
        let digest = hash.finalize();
        let boundary: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let size = self.parts.iter().map(|part| part.head.len() + part.content.len() + 48).sum::<usize>();
        let mut body = Vec::with_capacity(size + 48);
        for Part { head, content } in self.parts {
            body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
            body.extend_from_slice(&content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_the_standard_says() {
        let media = Media {
            media_type: "image/png",
            extension: "png",
            length: None,
            bytes: Bytes::from_static(b"PIXELS"),
        };
        let (media_type, body) =
            Form::default().text("prompt", "a fox\r\n--x").file("image", &media).finish();
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na fox\r\n--x\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image.png\"\r\n\
             Content-Type: image/png\r\n\r\nPIXELS\r\n--{boundary}--\r\n"
        );
        assert_eq!(std::str::from_utf8(&body).unwrap(), expected);
        let other = Form::default().text("prompt", "a fix").finish().0;
        assert_ne!(other, media_type, "another content has another boundary");
    }
}
