//! Kling: models that take frames and references in one list.

use crate::client::{Simulator, facts, picture};
use crate::kling::{KEY, accepted, end, submit, with};
use serde_json::{Value, json};

const OMNI: &str = "/kling/v1/videos/omni-video";

#[tokio::test]
async fn references_become_a_clip() {
    let simulator = Simulator::start().await;
    let order = json!({
        "model_name": "kling-v3-omni", "prompt": "<<<image_1>>> meets <<<image_2>>>", "sound": "on", "mode": "std",
        "image_list": [{ "image_url": picture(300, 300) }, { "image_url": "https://example.com/b.png" }],
        "aspect_ratio": "9:16", "duration": "4", "external_task_id": "job_3",
    });
    let id = accepted(&simulator, OMNI, &order).await;
    let data = end(&simulator, OMNI, "job_3").await;
    assert_eq!((&data["task_id"], &data["final_unit_deduction"]), (&json!(id), &json!("3.2")));
    let file = simulator.fetch(data["task_result"]["videos"][0]["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&file.body);
    assert_eq!((facts.width, facts.height), (Some(720), Some(1280)));
    assert!((facts.duration_seconds.unwrap() - 4.1).abs() < 0.05, "{facts:?}");
    assert_eq!(simulator.call("GET", OMNI, &[KEY], "").await.json()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_first_frame_gives_the_clip_its_form() {
    let simulator = Simulator::start().await;
    let frames = json!([{ "image_url": picture(600, 600), "type": "first_frame" }, { "image_url": picture(600, 300), "type": "end_frame" }]);
    let id = accepted(&simulator, OMNI, &json!({ "prompt": "she turns", "image_list": frames })).await;
    let data = end(&simulator, OMNI, &id).await;
    let file = simulator.fetch(data["task_result"]["videos"][0]["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&file.body);
    assert_eq!((facts.width, facts.height), (Some(1080), Some(1080)), "in pro, unless std is asked for");
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "kling_active": 1000 })).await;
    let image = |frame: &str| match frame {
        "" => json!({ "image_url": "https://example.com/a.png" }),
        frame => json!({ "image_url": "https://example.com/a.png", "type": frame }),
    };
    let clip = |kind: &str| json!([{ "video_url": "https://example.com/a.mp4", "refer_type": kind }]);
    let o1 = |more: Value| with(json!({ "prompt": "a fox", "aspect_ratio": "16:9" }), more);
    let v3 = |more: Value| o1(with(json!({ "model_name": "kling-v3-omni" }), more));
    let list = |frames: &[&str]| json!({ "image_list": frames.iter().map(|frame| image(frame)).collect::<Vec<_>>() });
    let cases = [
        (o1(json!({})), 0),
        (o1(json!({ "model_name": "kling-v3" })), 1201),
        (o1(json!({ "model_name": "kling-v9" })), 1203),
        (o1(json!({ "prompt": null })), 1201),
        (o1(json!({ "prompt": "a".repeat(2501) })), 1201),
        (o1(json!({ "aspect_ratio": null })), 1201),
        (o1(json!({ "aspect_ratio": "4:3" })), 1201),
        (o1(with(list(&["first_frame"]), json!({ "aspect_ratio": null }))), 0),
        (o1(with(list(&[""]), json!({ "aspect_ratio": null }))), 1201),
        (o1(json!({ "duration": 5 })), 1201),
        (o1(json!({ "duration": "7" })), 1201),
        (o1(with(list(&["first_frame"]), json!({ "duration": "7" }))), 1201),
        (o1(with(list(&[""]), json!({ "duration": "7" }))), 0),
        (o1(with(list(&[""]), json!({ "duration": "11" }))), 1201),
        (v3(json!({ "duration": "15" })), 0),
        (v3(json!({ "duration": "16" })), 1201),
        (o1(json!({ "sound": "on" })), 1201),
        (v3(json!({ "sound": "on" })), 0),
        (o1(json!({ "mode": "4k" })), 1201),
        (v3(json!({ "mode": "4k" })), 0),
        (o1(list(&[""; 7])), 0),
        (o1(list(&[""; 8])), 1201),
        (o1(list(&["end_frame"])), 1201),
        (o1(list(&["first_frame", "end_frame"])), 0),
        (o1(list(&["first_frame", "first_frame"])), 1201),
        (o1(list(&["first_frame", "end_frame", ""])), 1201),
        (v3(list(&["first_frame", "end_frame", ""])), 0),
        (o1(list(&["middle_frame"])), 1201),
        (o1(json!({ "image_list": [{ "type": "first_frame" }] })), 1201),
        (o1(json!({ "image_list": ["https://example.com/a.png"] })), 1201),
        (o1(with(list(&[""; 4]), json!({ "video_list": clip("feature") }))), 0),
        (o1(with(list(&[""; 5]), json!({ "video_list": clip("feature") }))), 1201),
        (o1(with(list(&["first_frame"]), json!({ "video_list": clip("base") }))), 1201),
        (o1(json!({ "video_list": clip("other") })), 1201),
        (v3(json!({ "video_list": clip("base"), "sound": "on" })), 1201),
        (o1(json!({ "multi_shot": true, "shot_type": "intelligence" })), 1201),
        (v3(json!({ "multi_shot": true, "shot_type": "intelligence" })), 0),
        (v3(json!({ "multi_shot": true, "shot_type": "wild" })), 1201),
    ];
    for (body, code) in cases {
        let answer = submit(&simulator, OMNI, &body).await;
        let status = match code {
            0 => 200,
            1203 => 404,
            _ => 400,
        };
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{body}: {answer:?}");
    }
}
