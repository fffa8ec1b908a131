//! From the order to the file and the signed news: a picture, a clip and a voice, live and in test mode.

use crate::{foreign, stories};
use scenarios::{Customer, World};
use serde_json::{Value, json};
use std::sync::Arc;

stories![
    a_live_picture_arrives_with_signed_news,
    a_live_clip_arrives,
    a_live_voice_arrives,
    a_clip_from_a_picture_arrives,
    a_test_key_gets_a_picture_a_clip_and_a_voice_without_any_vendor,
    test_mode_rehearses_every_outcome_and_its_news,
];

/// A finished generation is what it says: the file opens, is of the asked kind, and every figure is the file's own.
async fn check_file(world: &World, generation: &Value, media_type: &str) -> media::Facts {
    assert_eq!(generation["status"], "COMPLETED", "{generation}");
    assert_eq!(generation["progress"], 100);
    let output = &generation["outputs"][0];
    assert_eq!(output["mediaType"], media_type, "{generation}");
    assert!(generation["url"].is_string(), "{generation}");
    let bytes = world.download(generation["url"].as_str().unwrap()).await;
    assert_eq!(output["bytes"], bytes.len() as u64);
    let format = media::sniff(&bytes).expect("a known format");
    assert_eq!(format.media_type(), media_type);
    let mut probe = media::Probe::new(format);
    probe.feed(&bytes);
    let facts = probe.finish();
    assert_eq!(output["width"].as_u64(), facts.width.map(u64::from), "{output}");
    assert_eq!(output["height"].as_u64(), facts.height.map(u64::from), "{output}");
    foreign::decode(world, &bytes, format.extension());
    facts
}

async fn spent_exactly(world: &World, customer: &Customer, generation: &Value) {
    let cost = generation["creditCost"].as_u64().unwrap();
    assert!(cost > 0);
    let [granted, available, reserved, used] = world.figures(customer).await;
    assert_eq!((reserved, used, available), (0, cost, granted - cost), "{generation}");
}

async fn a_live_picture_arrives_with_signed_news(world: Arc<World>) {
    let customer = world.customer("PRO", 1_000).await;
    let hook = "picture";
    let input = json!({
        "type": "IMAGE", "provider": "flux-pro-1.1", "input": { "text": "a red door in a white wall" },
        "options": { "aspectRatio": "16:9", "seed": 42, "format": "png" }, "webhookUrl": world.webhook_url(hook), "reference": "order 7",
    });
    let id = world.generate(&customer.live, input).await;
    let generation = world.ended(&customer.live, &id).await;
    let facts = check_file(&world, &generation, "image/png").await;
    let ratio = f64::from(facts.width.unwrap()) / f64::from(facts.height.unwrap());
    assert!((ratio - 16.0 / 9.0).abs() < 0.1, "{facts:?}");
    spent_exactly(&world, &customer, &generation).await;
    assert_eq!(world.paid_submits("a red door in a white wall").await, 1);

    let delivery = world.delivered(hook, 1).await.remove(0);
    let event = foreign::verified(&world, &customer, &delivery);
    assert_eq!(event["type"], "generation.completed");
    assert_eq!(event["data"]["id"], id.as_str());
    assert_eq!(event["data"]["reference"], "order 7");
    // The link in the news is ours, and stays good: it leads to a fresh signature each time.
    let link = event["data"]["url"].as_str().unwrap();
    let by_news = world.download(link).await;
    assert_eq!(by_news, world.download(generation["url"].as_str().unwrap()).await);
}

async fn a_live_clip_arrives(world: Arc<World>) {
    let customer = world.customer("PRO", 1_000).await;
    let input = json!({
        "type": "VIDEO", "provider": "kling", "input": { "text": "a fox crosses a snowy bridge" },
        "options": { "mode": "pro", "duration": 10, "aspectRatio": "16:9" },
    });
    let id = world.generate(&customer.live, input).await;
    let generation = world.ended(&customer.live, &id).await;
    let facts = check_file(&world, &generation, "video/mp4").await;
    assert!((facts.duration_seconds.unwrap() - 10.0).abs() < 0.5, "{facts:?}");
    assert!(facts.width > facts.height, "{facts:?}");
    spent_exactly(&world, &customer, &generation).await;
    assert_eq!(world.paid_submits("a fox crosses a snowy bridge").await, 1);
}

async fn a_live_voice_arrives(world: Arc<World>) {
    let customer = world.customer("PRO", 1_000).await;
    let text = "Welcome to the future of artificial intelligence";
    let input = json!({
        "type": "AUDIO", "provider": "elevenlabs", "input": { "text": text },
        "options": { "voice": "rachel", "emotion": "excited", "speed": 1.0 },
    });
    let id = world.generate(&customer.live, input).await;
    let generation = world.ended(&customer.live, &id).await;
    let facts = check_file(&world, &generation, "audio/mpeg").await;
    assert!(facts.duration_seconds.unwrap() > 1.0, "{facts:?}");
    spent_exactly(&world, &customer, &generation).await;
    assert_eq!(world.paid_submits(text).await, 1);
}

async fn a_clip_from_a_picture_arrives(world: Arc<World>) {
    let customer = world.customer("PRO", 1_000).await;
    let portrait = world.stack.keys["samples"]["image"].clone();
    let input = json!({
        "type": "VIDEO", "provider": "kling", "input": { "text": "she smiles and waves", "image": portrait },
        "options": { "duration": 5 },
    });
    let id = world.generate(&customer.live, input).await;
    check_file(&world, &world.ended(&customer.live, &id).await, "video/mp4").await;
}

async fn a_test_key_gets_a_picture_a_clip_and_a_voice_without_any_vendor(world: Arc<World>) {
    // No credits at all: a test key needs none.
    let customer = world.customer("PRO", 0).await;
    let hook = "rehearsal";
    let prompts = ["a rehearsed lighthouse", "a rehearsed storm", "a rehearsed welcome"];
    for ((kind, media_type), prompt) in
        [("IMAGE", "image/png"), ("VIDEO", "video/mp4"), ("AUDIO", "audio/mpeg")].into_iter().zip(prompts)
    {
        let input =
            json!({ "type": kind, "input": { "text": prompt }, "webhookUrl": world.webhook_url(hook) });
        let id = world.generate(&customer.test, input).await;
        check_file(&world, &world.ended(&customer.test, &id).await, media_type).await;
        assert_eq!(world.paid_submits(prompt).await, 0);
    }
    assert_eq!(world.figures(&customer).await, [0, 0, 0, 0]);
    for delivery in world.delivered(hook, 3).await {
        assert_eq!(foreign::verified(&world, &customer, &delivery)["data"]["test"], true);
    }
}

async fn test_mode_rehearses_every_outcome_and_its_news(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let failed = "generation.failed";
    let mut ordered = Vec::new();
    for (hook, words, event, code, reason) in [
        ("refused", "[fail:moderation]", failed, json!("GENERATION_FAILED"), json!("MODERATION")),
        ("gone", "[fail:provider]", failed, json!("PROVIDER_UNAVAILABLE"), Value::Null),
        ("hung", "[hang]", failed, json!("GENERATION_FAILED"), json!("DEADLINE_WHILE_RUNNING")),
        ("slow", "[slow:30]", "generation.completed", Value::Null, Value::Null),
    ] {
        let hook = format!("rehearsed-{hook}");
        let input = json!({
            "type": "IMAGE", "input": { "text": format!("a castle {words}") },
            "deadlineSeconds": if words == "[hang]" { 6 } else { 600 }, "webhookUrl": world.webhook_url(&hook),
        });
        ordered.push((world.generate(&customer.test, input).await, hook, words, event, [code, reason]));
    }
    for (id, hook, words, event, ending) in ordered {
        let generation = world.ended(&customer.test, &id).await;
        let told = |of: &Value| [of["error"]["code"].clone(), of["error"]["reason"].clone()];
        assert_eq!(told(&generation), ending, "{words}: {generation}");
        let news = foreign::verified(&world, &customer, &world.delivered(&hook, 1).await.remove(0));
        let data = &news["data"];
        assert_eq!((&news["type"], &data["test"], &data["id"]), (&json!(event), &json!(true), &json!(id)));
        assert_eq!((&data["status"], told(data)), (&generation["status"], ending), "{news}");
        if words == "[slow:30]" {
            let (started, ended) = (moment(&data["startedAt"]), moment(&data["completedAt"]));
            assert!(ended - started >= 29.0, "it took from {started} to {ended}");
        }
    }
    assert_eq!(world.figures(&customer).await, [0, 0, 0, 0]);
}

/// Seconds of a moment within its day and the next. No story takes a day.
fn moment(told: &Value) -> f64 {
    let text = told.as_str().unwrap_or_else(|| panic!("{told} is no moment"));
    let clock = text[11..].trim_end_matches('Z').split(':').map(|part| part.parse::<f64>().unwrap());
    let seconds = clock.fold(0.0, |sum, part| sum * 60.0 + part);
    // A story that is told at midnight counts on.
    if seconds < 43_200.0 { seconds + 86_400.0 } else { seconds }
}
