//! Lists of people, looks and voices.

use super::{ALL, FILMED, get};
use crate::client::Simulator;
use serde_json::{Value, json};

/// All that a list tells, page by page.
async fn pages(simulator: &Simulator, path: &str, query: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut token = String::new();
    loop {
        let told = get(simulator, &format!("{path}?{query}{token}")).await.json();
        pages.push(told["data"].as_array().unwrap().clone());
        assert_eq!(told["has_more"], json!(told["next_token"].is_string()));
        let Some(next) = told["next_token"].as_str() else { break pages };
        token =
            format!("&token={}", url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>());
    }
}

#[tokio::test]
async fn people_and_their_looks_are_listed_in_pages() {
    let simulator = Simulator::start().await;
    let public = pages(&simulator, "avatars", "ownership=public&limit=50").await;
    assert_eq!(public.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 31]);
    let kate = public[1].iter().find(|group| group["name"] == "Kate").unwrap();
    let group = kate["id"].as_str().unwrap();
    let looks = pages(&simulator, "avatars/looks", &format!("group_id={group}")).await.concat();
    let names: Vec<&str> = looks.iter().filter_map(|look| look["name"].as_str()).collect();
    assert_eq!(names, ["Kate Modern Office", "Kate Portrait"]);
    assert_eq!((&looks[0]["id"], &looks[0]["avatar_type"]), (&json!(FILMED), &json!("studio_avatar")));
    let look = get(&simulator, &format!("avatars/looks/{FILMED}")).await.json();
    assert_eq!(look["data"], looks[0]);
    assert_eq!(pages(&simulator, "avatars", "ownership=private").await.concat().len(), 1);
    assert_eq!(pages(&simulator, "avatars/looks", "avatar_type=digital_twin").await.concat().len(), 1);
    assert_eq!(pages(&simulator, "avatars/looks", "group_id=1").await, [Vec::<Value>::new()]);
    for path in ["avatars/looks/kate", &format!("avatars/looks/{group}")] {
        let answer = get(&simulator, path).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (404, &json!("avatar_not_found")));
    }
    for query in ["limit=51", "limit=0", "token=1", "ownership=mine"] {
        for path in ["avatars", "avatars/looks"] {
            let answer = get(&simulator, &format!("{path}?{query}")).await;
            let code = &answer.json()["error"]["code"];
            assert_eq!((answer.status, code), (400, &json!("invalid_parameter")), "{path}?{query}");
        }
    }
}

#[tokio::test]
async fn voices_are_listed_in_pages_and_found_by_a_description() {
    let simulator = Simulator::start().await;
    let public = pages(&simulator, "voices", "limit=100").await;
    assert_eq!(public.iter().map(Vec::len).collect::<Vec<_>>(), [100, 31]);
    let jenny = &public[1][30];
    assert_eq!((&jenny["name"], &jenny["gender"]), (&json!("Jenny"), &json!("female")));
    let voice = get(&simulator, &format!("voices/{}", jenny["voice_id"].as_str().unwrap())).await.json();
    assert_eq!(&voice["data"], jenny);
    let german = pages(&simulator, "voices", "language=German&gender=male").await.concat();
    assert!(!german.is_empty() && german.iter().all(|voice| voice["language"] == "German"));
    assert!(german.iter().all(|voice| voice["gender"] == "male" && voice["type"] == "public"));
    assert_eq!(pages(&simulator, "voices", "type=private").await.concat()[0]["name"], "Founder");
    let unknown = get(&simulator, "voices/professional_female").await;
    assert_eq!((unknown.status, &unknown.json()["error"]["code"]), (404, &json!("voice_not_found")));
    for query in ["limit=101", "type=ours", "gender=other"] {
        assert_eq!(get(&simulator, &format!("voices?{query}")).await.status, 400, "{query}");
    }

    let search =
        async |body: Value| simulator.call("POST", "/heygen/v3/voices", ALL, &body.to_string()).await;
    let told =
        search(json!({ "prompt": "friendly female", "gender": "female", "locale": "de-DE" })).await.json();
    let found = told["data"]["voices"].as_array().unwrap();
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|voice| voice["language"] == "German" && voice["gender"] == "female"));
    for (body, code) in [
        (json!({}), "validation_error"),
        (json!({ "prompt": " " }), "validation_error"),
        (json!({ "prompt": "calm", "gender": "any" }), "invalid_parameter"),
        (json!({ "prompt": "calm", "seed": "1" }), "validation_error"),
        (json!([]), "invalid_parameter"),
    ] {
        let answer = search(body.clone()).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (400, &json!(code)), "{body}");
    }
    assert_eq!(simulator.counts("heygen")["submits_paid"], 0);
}
