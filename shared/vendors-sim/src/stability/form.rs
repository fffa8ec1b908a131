//! The body: a form of several parts. Anything else is refused.

use super::wire::Refusal;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use bytes::Bytes;
use std::collections::HashMap;

/// Bytes of a request, at most.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// The fields of a form.
#[derive(Debug, Default)]
pub(super) struct Form {
    texts: HashMap<String, String>,
    files: HashMap<String, Bytes>,
}

impl Form {
    /// Reads a form as it comes in.
    pub(super) async fn read(parts: Result<Multipart, MultipartRejection>) -> Result<Form, Refusal> {
        let unreadable = || Refusal::bad("content-type: must be multipart/form-data");
        let mut parts = parts.map_err(|_| unreadable())?;
        let mut form = Form::default();
        let mut bytes = 0;
        while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let content = part.bytes().await.map_err(|_| unreadable())?;
            bytes += content.len();
            if bytes > MOST_BYTES {
                return Err(Refusal::too_large());
            }
            if is_file {
                form.files.insert(name, content);
            } else {
                let text = String::from_utf8(content.to_vec());
                let text = text.map_err(|_| Refusal::bad(&format!("{name}: must be text")))?;
                form.texts.insert(name, text);
            }
        }
        Ok(form)
    }

    /// A text that is there and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A number between two bounds.
    pub(super) fn number(&self, name: &str, least: f64, most: f64) -> Result<Option<f64>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        let number = number.ok_or_else(|| Refusal::bad(&format!("{name}: must be a number")))?;
        if (least..=most).contains(&number) {
            Ok(Some(number))
        } else {
            Err(Refusal::bad(&format!("{name}: must be between {least} and {most}")))
        }
    }

    /// One of several words.
    pub(super) fn choice(&self, name: &str, choices: &[&str]) -> Result<Option<&str>, Refusal> {
        match self.text(name) {
            Some(text) if !choices.contains(&text) => {
                Err(Refusal::bad(&format!("{name}: must be one of {}", choices.join(", "))))
            }
            text => Ok(text),
        }
    }

    pub(super) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.get(name)
    }

    /// Whether a field is there, as a text or a file.
    pub(super) fn has(&self, name: &str) -> bool {
        self.text(name).is_some() || self.file(name).is_some()
    }
}
