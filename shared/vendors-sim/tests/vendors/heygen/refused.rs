//! What is refused in an order.

use super::{PORTRAIT, SPEECH, avatar, get, image, known, submit, upload, wav, with};
use crate::client::{Simulator, picture};
use serde_json::{Value, json};

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "heygen_active": 1000 })).await;
    let [voice, portrait, own] = known(&simulator).await;
    let group = get(&simulator, "avatars?limit=1").await.json()["data"][0]["id"].clone();
    let sound = upload(&simulator, "file", "audio/wav", &wav()).await.json()["data"]["asset_id"].clone();
    let image = |more: Value| image(&voice, more);
    let photo = |more: Value| with(avatar(json!({ "avatar_id": portrait, "voice_id": voice })), more);
    let engine = |name: &str| json!({ "engine": { "type": name } });
    let with_engine = |name: &str, more: Value| with(engine(name), more);
    let png = picture(300, 300);
    let cases = [
        (avatar(json!({})), ""),
        (avatar(json!({ "test": false, "folder_id": "1" })), ""),
        (json!([]), "invalid_parameter"),
        (avatar(json!({ "type": null })), "validation_error"),
        (avatar(json!({ "type": "hologram" })), "invalid_parameter"),
        (avatar(json!({ "type": 7 })), "validation_error"),
        (avatar(json!({ "avatar_id": null })), "validation_error"),
        (avatar(json!({ "avatar_id": "kate" })), "avatar_not_found"),
        (avatar(json!({ "avatar_id": group })), "avatar_not_found"),
        (avatar(json!({ "script": null })), "validation_error"),
        (avatar(json!({ "script": "" })), "invalid_parameter"),
        (avatar(json!({ "script": "a".repeat(5001) })), "invalid_parameter"),
        (avatar(json!({ "audio_url": SPEECH })), "invalid_parameter"),
        (
            avatar(json!({ "script": null, "audio_url": SPEECH, "audio_asset_id": sound })),
            "invalid_parameter",
        ),
        (avatar(json!({ "script": null, "audio_url": "http://example.com/a.mp3" })), "invalid_parameter"),
        (avatar(json!({ "script": null, "audio_asset_id": sound })), ""),
        (avatar(json!({ "script": null, "audio_asset_id": "1" })), "asset_not_available"),
        (avatar(json!({ "voice_id": "professional_female" })), "voice_not_found"),
        (avatar(json!({ "voice_id": 5 })), "validation_error"),
        (photo(json!({ "voice_id": null })), "validation_error"),
        (photo(json!({})), ""),
        (avatar(json!({ "voice_settings": { "speed": 1.6 } })), "invalid_parameter"),
        (avatar(json!({ "voice_settings": { "pitch": -51 } })), "invalid_parameter"),
        (avatar(json!({ "voice_settings": { "volume": 2 } })), "invalid_parameter"),
        (avatar(json!({ "voice_settings": { "locale": 1 } })), "validation_error"),
        (
            avatar(json!({ "voice_settings": { "engine_settings": { "engine_type": "x" } } })),
            "invalid_parameter",
        ),
        (avatar(json!({ "voice_settings": { "speed": 1.5, "pitch": -50, "locale": "en-US" } })), ""),
        (avatar(engine("avatar_vi")), "invalid_parameter"),
        (avatar(engine("avatar_v")), "invalid_parameter"),
        (avatar(json!({ "engine": "avatar_iv" })), "validation_error"),
        (avatar(json!({ "engine": {} })), "validation_error"),
        (avatar(engine("avatar_iii")), ""),
        (photo(engine("avatar_iii")), "invalid_parameter"),
        (photo(engine("avatar_v")), ""),
        (photo(json!({ "engine": { "type": "avatar_v", "reference_look_id": "x" } })), "avatar_not_found"),
        (avatar(json!({ "resolution": "2k" })), "invalid_parameter"),
        (avatar(json!({ "aspect_ratio": "21:9" })), "invalid_parameter"),
        (avatar(json!({ "fit": "fill" })), "invalid_parameter"),
        (avatar(json!({ "output_format": "mov" })), "invalid_parameter"),
        (avatar(json!({ "background": "#F2F4F7" })), "validation_error"),
        (avatar(json!({ "background": { "type": "color", "value": "white" } })), "invalid_parameter"),
        (avatar(json!({ "background": { "type": "color", "value": "#FFF" } })), "invalid_parameter"),
        (avatar(json!({ "background": { "type": "color", "value": "#F2F4F7" } })), ""),
        (avatar(json!({ "background": { "type": "video", "url": PORTRAIT } })), "invalid_parameter"),
        (
            avatar(json!({ "background": { "type": "image", "url": "http://example.com/a" } })),
            "invalid_parameter",
        ),
        (avatar(json!({ "background": { "type": "image", "url": PORTRAIT } })), ""),
        (avatar(json!({ "background": { "type": "image", "asset_id": sound } })), "invalid_parameter"),
        (avatar(json!({ "output_format": "webm" })), ""),
        (
            avatar(json!({ "output_format": "webm", "background": { "type": "image", "url": PORTRAIT } })),
            "invalid_parameter",
        ),
        (avatar(json!({ "remove_background": true })), ""),
        (
            avatar(json!({ "avatar_id": own, "voice_id": voice, "remove_background": true })),
            "invalid_parameter",
        ),
        (avatar(json!({ "motion_prompt": "nods" })), "invalid_parameter"),
        (photo(json!({ "motion_prompt": "nods" })), ""),
        (
            avatar(with_engine(
                "avatar_v",
                json!({ "avatar_id": own, "voice_id": voice, "motion_prompt": "nods" }),
            )),
            "",
        ),
        (avatar(with_engine("avatar_iii", json!({ "motion_prompt": "nods" }))), "invalid_parameter"),
        (avatar(json!({ "expressiveness": "high" })), "invalid_parameter"),
        (photo(json!({ "expressiveness": "high" })), ""),
        (photo(with_engine("avatar_v", json!({ "expressiveness": "high" }))), "invalid_parameter"),
        (photo(json!({ "expressiveness": "wild" })), "invalid_parameter"),
        (avatar(json!({ "caption": {} })), "validation_error"),
        (avatar(json!({ "callback_url": "here" })), "invalid_parameter"),
        (avatar(json!({ "title": 5 })), "validation_error"),
        (image(json!({})), ""),
        (image(json!({ "motion_prompt": "nods", "expressiveness": "low" })), ""),
        (image(json!({ "voice_id": null })), "validation_error"),
        (image(json!({ "voice_id": null, "script": null, "audio_url": SPEECH })), ""),
        (image(json!({ "image": null })), "validation_error"),
        (image(json!({ "image": {} })), "validation_error"),
        (image(json!({ "image": { "type": "link" } })), "invalid_parameter"),
        (image(json!({ "image": { "type": "url" } })), "invalid_parameter"),
        (
            image(json!({ "image": { "type": "url", "url": "http://example.com/a.png" } })),
            "invalid_parameter",
        ),
        (image(json!({ "image": { "type": "asset_id", "asset_id": sound } })), "invalid_parameter"),
        (image(json!({ "image": { "type": "asset_id", "asset_id": "1" } })), "asset_not_available"),
        (
            image(json!({ "image": { "type": "base64", "media_type": "image/jpeg", "data": png } })),
            "invalid_parameter",
        ),
        (
            image(json!({ "image": { "type": "base64", "media_type": "image/png", "data": "%" } })),
            "invalid_parameter",
        ),
    ];
    for (body, expected) in cases {
        let answer = submit(&simulator, &body).await;
        let told = answer.json();
        assert_eq!(told["error"]["code"].as_str().unwrap_or_default(), expected, "{body}: {told}");
        let status = match expected {
            "" => 200,
            "avatar_not_found" | "voice_not_found" | "asset_not_available" => 404,
            _ => 400,
        };
        assert_eq!(answer.status, status, "{body}");
    }
}
