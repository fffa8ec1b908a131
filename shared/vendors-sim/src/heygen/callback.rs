//! Callbacks: told once, when a video has ended. Signed is the body alone; the time that comes along is not.

use super::order::Order;
use super::wire;
use crate::tasks::Task;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

/// The secret of the account's webhook endpoint.
const SECRET: &str = "whsec_sim_heygen";

/// The body of the callback that tells of the state of now.
pub(super) fn body(task: &Task<Order>, now: u64, url: Option<&str>) -> String {
    let (callback_id, seconds) = (task.order.callback_id.as_deref(), now / 1000);
    let told = match wire::failure(task, now) {
        None => json!({
            "event_id": event(task),
            "event_type": "avatar_video.success",
            "event_data": {
                "video_id": task.id,
                "url": url,
                "gif_download_url": null,
                "video_page_url": null,
                "video_share_page_url": null,
                "folder_id": null,
                "callback_id": callback_id,
            },
            "created_at": seconds,
        }),
        Some((_, message)) => json!({
            "event_id": event(task),
            "event_type": "avatar_video.fail",
            "event_data": { "video_id": task.id, "msg": message, "callback_id": callback_id },
            "created_at": seconds,
        }),
    };
    told.to_string()
}

/// The headers of a callback. `now` is in milliseconds since 1970.
pub(super) fn headers(task: &Task<Order>, body: &str, now: u64) -> Vec<(&'static str, String)> {
    vec![
        ("heygen-signature", signature(body)),
        ("heygen-timestamp", (now / 1000).to_string()),
        ("heygen-event-id", event(task)),
    ]
}

/// Each try has the same.
fn event(task: &Task<Order>) -> String {
    format!("evt_{}", task.id)
}

fn signature(body: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return String::new() };
    hmac.update(body.as_bytes());
    hex::encode(hmac.finalize().into_bytes())
}
