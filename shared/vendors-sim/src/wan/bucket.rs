//! Files that clients upload before they order. The vendor hands out a policy; with it a form brings the file to the
//! file store, and an order names it by `oss://` and its key.

use crate::inputs::Input;
use crate::random;
use crate::reply;
use crate::shelf::{Shelf, lock};
use axum::extract::Multipart;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Policies and files that are remembered, at most.
const MOST: usize = 20_000;

/// Megabytes of a file, at most; as the vendor tells it.
const MOST_MEGABYTES: usize = 100;

/// The account at the file store.
const ACCESS_KEY_ID: &str = "sim-oss-key-id";

/// All uploads of an account.
#[derive(Debug)]
pub(super) struct Bucket {
    policies: Mutex<Shelf<Policy>>,
    files: Mutex<Shelf<Input>>,
}

impl Default for Bucket {
    fn default() -> Self {
        Self { policies: Mutex::new(Shelf::holding(MOST)), files: Mutex::new(Shelf::holding(MOST)) }
    }
}

/// The right to bring files to a folder.
#[derive(Debug)]
struct Policy {
    folder: String,
    signature: String,
}

impl Bucket {
    /// A new right, as the vendor tells it. `host` is where files are brought to.
    pub(super) fn policy(&self, host: &str) -> Value {
        let name = random::hexadecimal(24);
        let policy = Policy {
            folder: format!("dashscope-instant/{}/{}", random::hexadecimal(32), random::uuid()),
            signature: random::hexadecimal(28),
        };
        let told = json!({
            "policy": name,
            "signature": policy.signature,
            "upload_dir": policy.folder,
            "upload_host": host,
            "expire_in_seconds": 300,
            "max_file_size_mb": MOST_MEGABYTES.to_string(),
            "capacity_limit_mb": "999999999",
            "oss_access_key_id": ACCESS_KEY_ID,
            "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
        });
        lock(&self.policies).put(name, Arc::new(policy));
        told
    }

    /// What lies under a key.
    pub(super) fn find(&self, key: &str) -> Option<Input> {
        lock(&self.files).get(key).map(|input| *input)
    }

    /// Takes a file that a form brings. The store reads no further than to the file, so that all else comes before.
    pub(super) async fn take(&self, mut form: Multipart) -> Response {
        let mut fields: HashMap<String, String> = HashMap::new();
        while let Ok(Some(field)) = form.next_field().await {
            let name = field.name().unwrap_or_default().to_owned();
            let Ok(bytes) = field.bytes().await else { break };
            if name != "file" {
                fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
                continue;
            }
            let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
            let key = field("key");
            if !self.allows(field("policy"), field("Signature"), key)
                || field("OSSAccessKeyId") != ACCESS_KEY_ID
            {
                return refused(StatusCode::FORBIDDEN, "AccessDenied");
            }
            if bytes.len() > MOST_MEGABYTES * 1024 * 1024 {
                return refused(StatusCode::BAD_REQUEST, "EntityTooLarge");
            }
            let mut files = lock(&self.files);
            if files.get(key).is_some() {
                return refused(StatusCode::CONFLICT, "FileAlreadyExists");
            }
            files.put(key.to_owned(), Arc::new(Input::seen(&bytes)));
            let wished = field("success_action_status") == "200";
            return reply::empty(if wished { StatusCode::OK } else { StatusCode::NO_CONTENT });
        }
        refused(StatusCode::BAD_REQUEST, "IncorrectNumberOfFilesInPOSTRequest")
    }

    fn allows(&self, policy: &str, signature: &str, key: &str) -> bool {
        let policy = lock(&self.policies).get(policy);
        policy.is_some_and(|policy| {
            let name = key.strip_prefix(&policy.folder).and_then(|rest| rest.strip_prefix('/'));
            policy.signature == signature && name.is_some_and(|name| !name.is_empty())
        })
    }
}

/// As the file store says no.
fn refused(status: StatusCode, code: &str) -> Response {
    let body = format!(r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>"#);
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}
