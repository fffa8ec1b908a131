//! `POST /v1/videos/avatar/image2video`: the person in a picture speaks a recording.

use super::check::{self, form, invalid, picture, short_enough};
use super::order::{self, Clip, Family, Order};
use super::recording;
use super::wire::Refusal;
use crate::fields::Fields;

/// Seconds of a clip whose recording nobody can look at.
const UNSEEN_SECONDS: f64 = 5.0;
/// Seconds of a recording, at most.
const MOST_SECONDS: f64 = 300.0;

/// Reads an order.
pub(super) async fn order(body: Fields<'_>) -> Result<Order, Refusal> {
    let image = picture("image", body)?.ok_or_else(|| Refusal::parameter("image can not be empty"))?;
    let prompt = body.text("prompt")?;
    short_enough("prompt", prompt)?;
    let (short, second) = match body.text("mode")?.unwrap_or("std") {
        "std" => (720, 0.4),
        "pro" => (1080, 0.8),
        other => return Err(invalid("mode", other)),
    };
    let recording = recording::read(body, MOST_SECONDS).await?;
    let seconds = recording.seconds.unwrap_or(UNSEEN_SECONDS);
    let words = [prompt, recording.address.as_deref()];
    Ok(Order {
        family: Family::Avatar,
        prompt: words.into_iter().flatten().collect::<Vec<_>>().join(" "),
        clip: Clip { short, ratio: form(image), milliseconds: (seconds * 1000.0) as u32, sound: true },
        units: order::units(second, seconds),
        parent: None,
        common: check::common(body)?,
    })
}
