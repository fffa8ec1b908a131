//! Keys that may do less than everything.

use super::harness::{LIVE, ask, fox, generate, house};
use jobs::{KeyRecord, Mode, keys::Scopes};
use serde_json::json;
use testkit::builders;

#[tokio::test]
async fn a_key_does_what_it_was_issued_for_and_nothing_else() {
    for (read, generate_too) in [(true, true), (true, false), (false, true), (false, false)] {
        let house = house(1_000);
        let (_, record) = builders::key(LIVE, &builders::account_id(1), Mode::Live);
        house.memory.put_key(KeyRecord { scopes: Scopes { read, generate: generate_too }, ..record });
        let asked = ask(LIVE, "{ account { id } }").to(&house.app).await;
        let made = generate(LIVE, fox(), "id").to(&house.app).await;
        for (answer, may, scope) in [(asked, read, "READ"), (made, generate_too, "GENERATE")] {
            if may {
                assert_eq!(answer.status, 200);
                assert_eq!(answer.body.get("errors"), None);
            } else {
                assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"));
                let error = &answer.body["errors"][0];
                assert!(error["message"].as_str().unwrap().contains(scope), "{error}");
                assert_eq!(error["extensions"]["action"], json!("CHECK_KEY"));
            }
        }
        assert_eq!(house.memory.all_jobs().len(), usize::from(generate_too));
    }
}
