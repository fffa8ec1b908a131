//! Luma: Dream Machine and Luma Agents, which have much in common.

use crate::client::{Answer, Headers, Listener, Simulator, facts, picture};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

const JSON: (&str, &str) = ("content-type", "application/json");

/// One of the two services.
#[derive(Clone, Copy)]
struct Service {
    name: &'static str,
    submit: &'static str,
    path: &'static str,
    headers: Headers<'static>,
}

const DREAM_MACHINE: Service = Service {
    name: "luma",
    submit: "/luma/dream-machine/v1/generations/video",
    path: "/luma/dream-machine/v1/generations",
    headers: &[("authorization", "Bearer sim-luma-key"), JSON],
};

const AGENTS: Service = Service {
    name: "lumaagents",
    submit: "/lumaagents/v1/generations",
    path: "/lumaagents/v1/generations",
    headers: &[("authorization", "Bearer sim-lumaagents-key"), JSON],
};

impl Service {
    fn order(self, prompt: &str) -> Value {
        match self.name {
            "luma" => json!({ "model": "ray-2", "prompt": prompt, "resolution": "540p" }),
            _ => {
                json!({ "model": "ray-3.2", "type": "video", "prompt": prompt, "video": { "resolution": "540p" } })
            }
        }
    }

    async fn submit(self, simulator: &Simulator, body: &Value) -> Answer {
        simulator.call("POST", self.submit, self.headers, &body.to_string()).await
    }

    async fn accepted(self, simulator: &Simulator, body: &Value) -> String {
        let answer = self.submit(simulator, body).await;
        assert_eq!(answer.status, 201, "{body}: {:?}", answer.body);
        assert_eq!(answer.json()["state"], "queued");
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn poll(self, simulator: &Simulator, id: &str) -> Answer {
        simulator.call("GET", &format!("{}/{id}", self.path), self.headers, "").await
    }

    async fn end(self, simulator: &Simulator, id: &str) -> Value {
        for _ in 0..500 {
            let task = self.poll(simulator, id).await.json();
            if ["completed", "failed"].contains(&task["state"].as_str().unwrap_or_default()) {
                return task;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("task {id} has not ended");
    }

    /// The link to the clip.
    fn link(self, task: &Value) -> &str {
        let link = if self.name == "luma" { &task["assets"]["video"] } else { &task["output"][0]["url"] };
        link.as_str().unwrap_or_default()
    }
}

#[tokio::test]
async fn clips_have_the_size_and_the_length_that_were_ordered() {
    let simulator = Simulator::start().await;
    let dream = |ratio: &str, resolution: &str, duration: &str| {
        (
            DREAM_MACHINE,
            json!({ "model": "ray-2", "prompt": "a fox", "aspect_ratio": ratio, "resolution": resolution, "duration": duration }),
        )
    };
    let agents = |ratio: &str, resolution: &str, duration: &str| {
        let video = json!({ "resolution": resolution, "duration": duration });
        (
            AGENTS,
            json!({ "model": "ray-3.2", "type": "video", "prompt": "a fox", "aspect_ratio": ratio, "video": video }),
        )
    };
    for ((service, order), size, seconds) in [
        (dream("16:9", "720p", "5s"), (1280, 720), 5.0),
        (dream("9:21", "540p", "9s"), (540, 1260), 9.0),
        (dream("1:1", "1080p", "5s"), (1080, 1080), 5.0),
        (agents("21:9", "360p", "10s"), (840, 360), 10.0),
        (agents("3:4", "720p", "5s"), (720, 960), 5.0),
    ] {
        let id = service.accepted(&simulator, &order).await;
        let task = service.end(&simulator, &id).await;
        let file = simulator.fetch(service.link(&task)).await;
        let (format, facts) = facts(&file.body);
        assert_eq!((format, facts.width.zip(facts.height)), (Format::Mp4, Some(size)), "{order}");
        assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.05, "{facts:?}");
    }
    assert_eq!(simulator.counts("luma")["key_leaks"], 0);
}

#[tokio::test]
async fn words_in_the_prompt_bring_faults() {
    let simulator = Simulator::start().await;
    for service in [DREAM_MACHINE, AGENTS] {
        let luma = service.name == "luma";
        for (word, status) in [
            ("busy", 429),
            ("500", if luma { 500 } else { 502 }),
            ("unauthorized", 401),
            ("no-credit", if luma { 400 } else { 402 }),
        ] {
            let order = service.order(&format!("a fox [vendor:{word}]"));
            let answer = service.submit(&simulator, &order).await;
            assert_eq!(answer.status, status, "{word}");
            assert!(answer.json()["detail"].is_string(), "{word}");
            service.accepted(&simulator, &order).await;
        }
        let order = service.order("a lost fox [vendor:lost]");
        let lost = simulator.open("POST", service.submit, service.headers, order.to_string()).await;
        assert!(lost.is_err(), "the connection ends");
        assert_eq!(simulator.running.paid("a lost fox"), if luma { 1 } else { 2 });
        for (word, state) in [("fail", "failed"), ("moderate-output", "failed"), ("empty", "completed")] {
            let id = service.accepted(&simulator, &service.order(&format!("[vendor:{word}]"))).await;
            let task = service.end(&simulator, &id).await;
            assert_eq!((task["state"].as_str(), service.link(&task)), (Some(state), ""), "{word}");
        }
        let id = service.accepted(&simulator, &service.order("[vendor:late] [vendor:poll-500:1]")).await;
        assert_eq!(service.poll(&simulator, &id).await.status, 404);
        let id = service.accepted(&simulator, &service.order("[vendor:garbage]")).await;
        assert!(service.poll(&simulator, &id).await.body.starts_with(b"<!doctype"));
        let id = service.accepted(&simulator, &service.order("[vendor:badlink]")).await;
        let task = service.end(&simulator, &id).await;
        assert_eq!(simulator.fetch(service.link(&task)).await.status, 404);
    }
    let moderated = DREAM_MACHINE.submit(&simulator, &DREAM_MACHINE.order("[vendor:moderate]")).await;
    assert_eq!(moderated.status, 400);
    let id = AGENTS.accepted(&simulator, &AGENTS.order("[vendor:moderate]")).await;
    assert_eq!(AGENTS.end(&simulator, &id).await["failure_code"], "content_moderated");
}

#[tokio::test]
async fn an_unheard_of_state_is_told() {
    let simulator = Simulator::start().await;
    for service in [DREAM_MACHINE, AGENTS] {
        let id = service.accepted(&simulator, &service.order("[vendor:unknown-state] [vendor:hang]")).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(service.poll(&simulator, &id).await.json()["state"], "napping");
    }
}

#[tokio::test]
async fn pictures_are_fetched_from_this_machine() {
    let simulator = Simulator::start().await;
    let (gone, page) =
        (format!("{}/nowhere.png", simulator.running.url()), format!("{}/health", simulator.running.url()));
    for (url, dream, agents) in [
        (gone.as_str(), 400, 503),
        (page.as_str(), 400, 422),
        ("https://example.com/a.png", 201, 201),
        ("AAAA", 422, 400),
    ] {
        let mut order = DREAM_MACHINE.order("a fox");
        order["keyframes"] = json!({ "frame0": { "type": "image", "url": url } });
        assert_eq!(DREAM_MACHINE.submit(&simulator, &order).await.status, dream, "{url}");
        let mut order = AGENTS.order("a fox");
        order["video"]["start_frame"] = json!({ "url": url });
        assert_eq!(AGENTS.submit(&simulator, &order).await.status, agents, "{url}");
    }
    let mut order = AGENTS.order("a fox");
    order["video"]["start_frame"] = json!({ "data": picture(64, 64), "media_type": "image/png" });
    AGENTS.accepted(&simulator, &order).await;
}

#[tokio::test]
async fn dream_machine_calls_back_at_work_and_at_the_end() {
    let simulator = Simulator::start_at(50.0).await;
    let mut listener = Listener::start().await;
    let mut order = DREAM_MACHINE.order("a fox");
    order["callback_url"] = json!(listener.url);
    let id = DREAM_MACHINE.accepted(&simulator, &order).await;
    // A slow machine may miss the moment at which the work begins, but never hears of a task that waits.
    loop {
        let (_, _, told) = listener.next().await;
        assert_eq!((&told["id"], &told["request"]["callback_url"]), (&json!(id), &json!(listener.url)));
        match told["state"].as_str() {
            Some("dreaming") => {}
            state => break assert_eq!(state, Some("completed")),
        }
    }
}

#[tokio::test]
async fn limits_are_held() {
    let simulator = Simulator::start_at(1.0).await;
    simulator.control("/settings", &json!({ "luma_active": 1, "lumaagents_active": 1 })).await;
    for service in [DREAM_MACHINE, AGENTS] {
        service.accepted(&simulator, &service.order("one")).await;
        assert_eq!(service.submit(&simulator, &service.order("two")).await.status, 429);
    }
}
