//! Reading and stopping generations, files, accounts, providers.

use super::harness::{LIVE, STRANGER, ask, fox, generate, house};
use jobs::{CancelKind, Event, Fault, FaultKind, Job, Ticket, advance};
use serde_json::{Value, json};
use testkit::{Memory, Operation, builders};

/// Moves a job along.
fn step(memory: &Memory, job: &Job, event: Event) -> Job {
    let change = advance(job, event, builders::at(60)).unwrap();
    memory.put_job(change.job.clone());
    change.job
}

fn running(memory: &Memory, cancel: CancelKind) -> Job {
    let mut job = memory.all_jobs().remove(0);
    job.plan.cancel = cancel;
    let job = step(memory, &job, Event::Submitting);
    step(memory, &job, Event::Accepted { ticket: Ticket("task-1".to_owned()) })
}

#[tokio::test]
async fn a_completed_generation_is_read_with_fresh_links() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let job = running(&house.memory, CancelKind::Never);
    step(&house.memory, &job, Event::Stored(vec![builders::output()]));
    let query = format!(
        "{{ generation(id: \"{}\") {{ status statusText phase progress url urlExpiresAt estimatedTime pollAfterSeconds
            outputs {{ url format mediaType bytes width height duration }}
            metadata {{ width height duration format resolution seed }} metadataJson
            creditsRefunded error {{ code }} errorCode errorMessage attempts {{ provider outcome }}
            routing {{ candidates {{ provider score }} }} webhook {{ state }} createdAt completedAt expiresAt }} }}",
        made.id()
    );
    let answer = ask(LIVE, &query).at(builders::at(100)).to(&house.app).await;
    let read = answer.data("generation");
    let link = "https://bucket.test/outputs/clip.mp4?X-Amz-Expires=3600";
    for (field, expected) in [
        ("status", json!("COMPLETED")),
        ("statusText", json!("completed")),
        ("phase", json!("COMPLETED")),
        ("progress", json!(100)),
        ("url", json!(link)),
        ("estimatedTime", Value::Null),
        ("pollAfterSeconds", Value::Null),
        ("creditsRefunded", json!(0)),
        ("error", Value::Null),
        ("webhook", Value::Null),
        ("urlExpiresAt", json!(builders::at(3_700).to_string())),
        ("createdAt", json!(builders::at(5).to_string())),
        ("completedAt", json!(builders::at(60).to_string())),
    ] {
        assert_eq!(read[field], expected, "{field}");
    }
    assert_eq!(read["outputs"][0]["url"], json!(link));
    assert_eq!(read["outputs"][0]["bytes"], json!(1_234_567));
    assert_eq!(read["metadata"]["width"], json!(1280));
    assert_eq!(read["metadataJson"]["duration"], json!(5.04));
    assert_eq!(read["attempts"][0]["outcome"], json!("completed"));
    assert!(!read["routing"]["candidates"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_failed_generation_tells_why_in_both_ways() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id creditCost").to(&house.app).await;
    let job = running(&house.memory, CancelKind::Never);
    let fault =
        Fault::new(FaultKind::Moderation, "the prompt is not allowed").with_detail("vendor text 1026");
    step(&house.memory, &job, Event::Failed(fault));
    let query = format!(
        "{{ generation(id: \"{}\") {{ status url outputs {{ url }} errorCode errorMessage creditsRefunded
            error {{ code message action retryable charged reason }} }} }}",
        made.id()
    );
    let answer = ask(LIVE, &query).to(&house.app).await;
    let expected = json!({
        "status": "FAILED", "url": null, "outputs": [], "errorCode": "GENERATION_FAILED",
        "errorMessage": "the prompt is not allowed",
        "creditsRefunded": made.data("generate")["creditCost"],
        "error": {
            "code": "GENERATION_FAILED", "message": "the prompt is not allowed", "action": "CHANGE_PROMPT",
            "retryable": false, "charged": false, "reason": "MODERATION"
        }
    });
    assert_eq!(answer.data("generation"), &expected);
    assert!(!answer.reply.body.contains("1026"));
}

#[tokio::test]
async fn unknown_malformed_and_foreign_ids_are_answered_alike() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let mut bodies = Vec::new();
    for (key, id) in [
        (STRANGER, made.id().as_str()),
        (LIVE, "gen_00000000000000000000000000"),
        (LIVE, "gen_abc123"),
        (LIVE, "7"),
    ] {
        let read = ask(key, &format!("{{ generation(id: \"{id}\") {{ id }} }}")).to(&house.app).await;
        assert_eq!((read.status, read.code()), (200, "NOT_FOUND"));
        assert_eq!(read.body["data"], json!({ "generation": null }));
        bodies.push(read.reply.body);
        let stop = ask(key, &format!("mutation {{ cancelGeneration(id: \"{id}\") }}")).to(&house.app).await;
        assert_eq!((stop.status, stop.code()), (200, "NOT_FOUND"));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    // An expired record is no record, though the table still has it.
    let query = format!("{{ generation(id: \"{}\") {{ id }} }}", made.id());
    let late = ask(LIVE, &query).at(builders::at(40 * 86_400)).to(&house.app).await;
    assert_eq!(late.code(), "NOT_FOUND");
}

#[tokio::test]
async fn stopping_says_whether_it_came_in_time() {
    let cancel = |id: &str| ask(LIVE, &format!("mutation {{ cancelGeneration(id: \"{id}\") }}"));
    // Not begun: it ends here, and everything is given back.
    let house_1 = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house_1.app).await;
    assert_eq!(cancel(&made.id()).to(&house_1.app).await.data("cancelGeneration"), &json!(true));
    assert_eq!(cancel(&made.id()).to(&house_1.app).await.data("cancelGeneration"), &json!(false));
    let account = house_1.memory.account_of(&builders::account_id(1)).unwrap();
    assert_eq!((account.balance.available.0, account.running), (1_000, 0));
    // At a vendor that can stop: the poller asks it.
    let house_2 = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house_2.app).await;
    running(&house_2.memory, CancelKind::Anytime);
    house_2.memory.take_letters();
    assert_eq!(cancel(&made.id()).to(&house_2.app).await.data("cancelGeneration"), &json!(true));
    let saves = house_2.memory.calls(Operation::Save);
    assert_eq!(cancel(&made.id()).to(&house_2.app).await.data("cancelGeneration"), &json!(true));
    assert_eq!(house_2.memory.calls(Operation::Save), saves, "asked already");
    let letters = house_2.memory.take_letters();
    let job = house_2.memory.all_jobs().remove(0);
    assert_eq!((letters.len(), letters[0].letter.version), (1, job.version));
    let read =
        ask(LIVE, &format!("{{ generation(id: \"{}\") {{ phase }} }}", made.id())).to(&house_2.app).await;
    assert_eq!(read.data("generation")["phase"], json!("CANCELING"));
}

#[tokio::test]
async fn a_stopped_generation_with_a_webhook_tells_it() {
    let house = house(1_000);
    let input = json!({ "type": "VIDEO", "input": { "text": "a fox" }, "webhookUrl": "https://your-app.com/webhook" });
    let made = generate(LIVE, input, "id webhook { state url }").to(&house.app).await;
    assert_eq!(made.data("generate")["webhook"]["state"], json!("WAITING"));
    house.memory.take_letters();
    ask(LIVE, &format!("mutation {{ cancelGeneration(id: \"{}\") }}", made.id())).to(&house.app).await;
    let letters = house.memory.take_letters();
    assert_eq!((letters.len(), &letters[0].to), (1, &jobs::ports::Address::Webhook));
}

#[tokio::test]
async fn a_stable_link_leads_to_a_fresh_one_and_only_the_right_link_does() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let job = running(&house.memory, CancelKind::Never);
    let open = |path: String| ask(LIVE, "").get("").without("authorization").path(&path);
    let token = signing::token(b"a key for links", &["file", &made.id(), "0"]);
    let right = format!("/files/{}/0/{token}", made.id());
    assert_eq!(open(right.clone()).to(&house.app).await.status, 404, "there is no file yet");
    step(&house.memory, &job, Event::Stored(vec![builders::output()]));
    let answer = open(right).to(&house.app).await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("Location"), Some("https://bucket.test/outputs/clip.mp4?X-Amz-Expires=3600"));
    let second = signing::token(b"a key for links", &["file", &made.id(), "1"]);
    let other_key = signing::token(b"another key", &["file", &made.id(), "0"]);
    for wrong in [
        format!("/files/{}/1/{token}", made.id()),
        format!("/files/{}/1/{second}", made.id()),
        format!("/files/{}/00/{token}", made.id()),
        format!("/files/{}/0/{other_key}", made.id()),
        format!("/files/{}/0/", made.id()),
        format!("/files/gen_00000000000000000000000000/0/{token}"),
        format!("/files/nonsense/0/{token}"),
    ] {
        assert_eq!(open(wrong.clone()).to(&house.app).await.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn an_account_shows_its_figures() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "creditCost").to(&house.app).await;
    let cost = made.data("generate")["creditCost"].as_u64().unwrap();
    let query = "{ account { tier mode balance { granted available reserved used }
        limits { perMinute { limit remaining resetsInSeconds } perDay { limit used } concurrent { limit used } } } }";
    let answer = ask(LIVE, query).to(&house.app).await;
    let expected = json!({
        "tier": "PRO", "mode": "LIVE",
        "balance": { "granted": 1_000, "available": 1_000 - cost, "reserved": cost, "used": 0 },
        "limits": {
            "perMinute": { "limit": 60, "remaining": 59, "resetsInSeconds": 55 },
            "perDay": { "limit": 10_000, "used": 1 },
            "concurrent": { "limit": 10, "used": 1 }
        }
    });
    assert_eq!(answer.data("account"), &expected);
}

#[tokio::test]
async fn providers_are_listed_by_what_they_make() {
    let house = house(1_000);
    let all = ask(LIVE, "{ providers { id types available } }").to(&house.app).await;
    let audio = ask(LIVE, "{ providers(type: AUDIO) { id types } }").to(&house.app).await;
    let count = |answer: &super::harness::Answer| answer.data("providers").as_array().unwrap().len();
    assert!(count(&all) > count(&audio) && count(&audio) > 0);
    let one = ask(
        LIVE,
        "{ provider(id: \"kling\") { id name models { name pricing { creditCost unit } } options { name default } } }",
    );
    let one = one.to(&house.app).await;
    assert_eq!(one.data("provider")["id"], json!("kling"));
    let none = ask(LIVE, "{ provider(id: \"nobody\") { id } }").to(&house.app).await;
    assert_eq!((none.code(), &none.body["data"]["provider"]), ("NOT_FOUND", &Value::Null));
}
