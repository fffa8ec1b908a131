//! Files that clients upload before they order: at an address that the vendor's answer names, or in a call of the
//! vendor's own.

use crate::inputs::Input;
use crate::random;
use crate::shelf::{Shelf, lock};
use crate::world::World;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::json;
use std::sync::{Arc, Mutex, OnceLock};

use crate::reply;

/// Files that are remembered, at most.
const MOST_FILES: usize = 20_000;

/// A file that came, or is to come.
#[derive(Debug)]
pub(crate) struct Upload {
    /// Part of the address, and of the handle if the vendor wants.
    pub(crate) id: String,
    /// To be sent along by a form.
    pub(crate) signature: String,
    file: OnceLock<Input>,
}

impl Upload {
    /// What came. `None` if nothing came yet.
    pub(crate) fn file(&self) -> Option<Input> {
        self.file.get().copied()
    }
}

/// All files that were uploaded.
#[derive(Debug)]
pub(crate) struct Uploads(Mutex<Shelf<Upload>>);

impl Default for Uploads {
    fn default() -> Self {
        Self(Mutex::new(Shelf::holding(MOST_FILES)))
    }
}

impl Uploads {
    /// Expects a file at `{base}/uploads/{id}`: as `PUT` of its bytes, or as `POST` of a form with the field
    /// `signature` before the field `file`.
    pub(crate) fn expect(&self) -> Arc<Upload> {
        let upload = Upload { id: random::uuid(), signature: random::hexadecimal(40), file: OnceLock::new() };
        let upload = Arc::new(upload);
        lock(&self.0).put(upload.id.clone(), Arc::clone(&upload));
        upload
    }

    /// Keeps a file that came in a call of the vendor's own.
    #[allow(dead_code, reason = "not every vendor takes files in calls of its own")]
    pub(crate) fn keep(&self, bytes: &[u8]) -> Arc<Upload> {
        let upload = self.expect();
        upload.file.get_or_init(|| Input::seen(bytes));
        upload
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Upload>> {
        lock(&self.0).get(id)
    }
}

/// `PUT /uploads/{id}`
pub(crate) async fn raw(State(world): State<Arc<World>>, Path(id): Path<String>, body: Bytes) -> Response {
    match world.uploads.find(&id) {
        Some(upload) if !body.is_empty() => {
            upload.file.get_or_init(|| Input::seen(&body));
            reply::json(StatusCode::OK, json!({}))
        }
        _ => refused("no file is expected here"),
    }
}

/// `POST /uploads/{id}`
pub(crate) async fn form(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    mut form: Multipart,
) -> Response {
    let Some(upload) = world.uploads.find(&id) else { return refused("no file is expected here") };
    let mut signed = false;
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else { break };
        match name.as_str() {
            "signature" => signed = bytes == upload.signature.as_bytes(),
            // A file store reads no further than to the file.
            "file" if signed && !bytes.is_empty() => {
                upload.file.get_or_init(|| Input::seen(&bytes));
                return reply::empty(StatusCode::NO_CONTENT);
            }
            "file" => break,
            _ => {}
        }
    }
    refused("the form has no valid signature before its file")
}

fn refused(message: &str) -> Response {
    reply::json(StatusCode::FORBIDDEN, json!({ "Error": { "Code": "AccessDenied", "Message": message } }))
}
