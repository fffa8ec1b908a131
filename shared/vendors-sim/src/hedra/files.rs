//! Files that clients upload. The signed address that answers is the file's handle: as it is, and for an hour.

use super::form::Form;
use super::wire::Refusal;
use crate::clock;
use crate::inputs::Input;
use crate::random;
use crate::shelf::{Shelf, lock};
use crate::world::World;
use axum::extract::Multipart;
use media::{Format, Kind};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Files that are remembered, at most.
const MOST_FILES: usize = 20_000;

/// How long a handle is good, in seconds, if the settings say nothing else.
const HOUR: f64 = 3600.0;

/// A file.
#[derive(Debug)]
struct File {
    seen: Input,
    format: Format,
    /// Milliseconds since 1970.
    expires: u64,
}

/// All files, by their handles.
#[derive(Debug)]
pub(super) struct Files(Mutex<Shelf<File>>);

impl Default for Files {
    fn default() -> Self {
        Self(Mutex::new(Shelf::holding(MOST_FILES)))
    }
}

impl Files {
    /// Keeps the field `file` of a form and tells its handle. What it is shows in its bytes alone.
    pub(super) async fn keep(&self, world: &World, mut form: Multipart) -> Result<Value, Refusal> {
        let bytes = loop {
            match form.next_field().await {
                Ok(Some(field)) if field.name() == Some("file") => break field.bytes().await.ok(),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => break None,
            }
        };
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
            return Err(Refusal::field("file", "required", "Field required"));
        };
        let Some(format) = media::sniff(&bytes) else {
            return Err(Refusal::field("file", "type", "Unsupported file type."));
        };
        let seconds = world.settings().link_seconds.unwrap_or(HOUR);
        let expires = clock::now() + (seconds * 1000.0) as u64;
        let handle = format!(
            "{}/hedra-uploads/{}?X-Amz-Expires=3600&X-Amz-Signature={}",
            world.base,
            random::uuid(),
            random::hexadecimal(64)
        );
        let file = File { seen: Input::seen(&bytes), format, expires };
        lock(&self.0).put(handle.clone(), Arc::new(file));
        let kind = format.media_type();
        Ok(json!({ "url": handle, "content_type": kind, "expires_at": clock::date(expires) }))
    }

    /// The file of a handle, if it is of this kind and no larger. What is wrong is noted on the form.
    pub(super) fn find(
        &self,
        form: &mut Form<'_>,
        name: &str,
        handle: &str,
        kind: Kind,
        most_bytes: usize,
    ) -> Option<Input> {
        let Some(file) = lock(&self.0).get(handle) else {
            form.wrong(
                name,
                "external_url",
                "external URLs are not accepted; upload the file via POST /v3/files",
            );
            return None;
        };
        if clock::now() >= file.expires {
            let why = format!(
                "the POST /v3/files url expired at {}. Upload the file again and submit with the fresh url.",
                clock::date(file.expires)
            );
            form.wrong(name, "expired", &why);
            return None;
        }
        if file.format.kind() != kind {
            form.wrong(name, "content_type", "the file is of another type");
            return None;
        }
        if matches!(file.seen, Input::Bytes { length, .. } if length > most_bytes) {
            form.wrong(name, "max_bytes", &format!("at most {most_bytes} bytes"));
            return None;
        }
        Some(file.seen)
    }
}
