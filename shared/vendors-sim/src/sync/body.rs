//! The body of an order: JSON, or a form whose files stand beside it.

use super::wire::Refusal;
use crate::inputs::Input;
use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use http::header;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Bytes of a file in a form, at most.
const MOST_FILE_BYTES: usize = 20 * 1024 * 1024;

/// A body that was read.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The fields as an order in JSON has them.
    pub(super) fields: Map<String, Value>,
    /// Files that came in a form.
    pub(super) clip: Option<Input>,
    pub(super) recording: Option<Input>,
    /// What tells this content from another.
    pub(super) content: String,
}

/// Reads a body, whichever form it has.
pub(super) async fn read(request: Request) -> Result<Body, Refusal> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    if kind.starts_with("multipart/form-data") { form(request).await } else { json(&kind, request).await }
}

async fn json(kind: &str, request: Request) -> Result<Body, Refusal> {
    let bytes = Bytes::from_request(request, &()).await.map_err(|_| Refusal::too_large())?;
    let read = serde_json::from_slice(&bytes).ok().filter(|_| kind.starts_with("application/json"));
    let Some(Value::Object(fields)) = read else {
        return Err(Refusal::bad(["the body must be a JSON object"]));
    };
    // Written anew, so that neither blanks nor the order of the fields make a difference.
    let content = Value::Object(fields.clone()).to_string();
    Ok(Body { fields, content, ..Body::default() })
}

/// A form: texts, of which some hold JSON, and up to two files. A file counts for more than an address of its kind.
async fn form(request: Request) -> Result<Body, Refusal> {
    let unreadable = || Refusal::bad(["the form can't be read"]);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut body, mut inputs, mut hash) = (Body::default(), Vec::new(), Sha256::new());
    while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(|_| Refusal::too_large())?;
        hash.update(json!([name, bytes.len()]).to_string());
        hash.update(&bytes);
        match (name.as_str(), is_file) {
            ("video" | "audio", true) if bytes.len() > MOST_FILE_BYTES => return Err(Refusal::too_large()),
            ("video", true) => body.clip = Some(Input::seen(&bytes)),
            ("audio", true) => body.recording = Some(Input::seen(&bytes)),
            ("input", false) => match serde_json::from_slice(&bytes) {
                Ok(Value::Array(list)) => inputs.extend(list),
                Ok(item @ Value::Object(_)) => inputs.push(item),
                _ => return Err(Refusal::bad(["input must be JSON"])),
            },
            ("options" | "segments", false) => {
                let value = serde_json::from_slice(&bytes);
                let value = value.map_err(|_| Refusal::bad([format!("{name} must be JSON")]))?;
                body.fields.insert(name, value);
            }
            (_, false) => {
                body.fields.insert(name, String::from_utf8_lossy(&bytes).into_owned().into());
            }
            _ => return Err(Refusal::bad([format!("{name} must be no file")])),
        }
    }
    for (kind, file) in [("video", &body.clip), ("audio", &body.recording)] {
        if file.is_some() {
            inputs.retain(|item| item["type"] != kind);
            inputs.push(json!({ "type": kind, "url": format!("https://assets.sync.so/uploads/{kind}") }));
        }
    }
    body.fields.insert("input".into(), inputs.into());
    body.content = hex::encode(hash.finalize());
    Ok(body)
}
