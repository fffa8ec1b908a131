//! What vendors say by themselves, at every state of a task: which of it is worth a question.

use jobs::Callback;
use providers::adapter;

/// Callbacks in the form of each vendor, with the given word as the state.
type Form = fn(&str) -> String;

/// A vendor, the form of its callbacks, its words for a task that waits or works, and all others.
const VENDORS: &[(&str, Form, &[&str], &[&str])] = &[
    (
        "bytedance",
        |word| format!(r#"{{"id":"cgt-1","model":"m","status":"{word}"}}"#),
        &["queued", "running"],
        &["succeeded", "failed", "expired", "cancelled", "rehearsing"],
    ),
    (
        "kling",
        |word| format!(r#"{{"task_id":"831","task_status":"{word}","task_status_msg":""}}"#),
        &["submitted", "processing"],
        &["succeed", "failed", "rehearsing"],
    ),
    (
        "luma",
        |word| format!(r#"{{"id":"8f2c","state":"{word}","assets":null}}"#),
        &["queued", "dreaming"],
        &["completed", "failed", "rehearsing"],
    ),
    (
        "vidu",
        |word| format!(r#"{{"id":"900","state":"{word}","err_code":"","creations":[]}}"#),
        &["created", "queueing", "processing"],
        &["success", "failed", "rehearsing"],
    ),
];

fn still_runs(vendor: &str, body: &str) -> bool {
    let callback = Callback { headers: Vec::new(), body: body.as_bytes().to_vec() };
    adapter(vendor).unwrap().still_runs(&callback)
}

#[test]
fn only_a_word_for_work_needs_no_question() {
    for (vendor, form, working, others) in VENDORS {
        for word in *working {
            assert!(still_runs(vendor, &form(word)), "{vendor} {word}");
        }
        for word in *others {
            assert!(!still_runs(vendor, &form(word)), "{vendor} {word}");
        }
        for garbage in ["", "null", "{}", "[]", "<html>", "\u{0}", &"[".repeat(10_000)] {
            assert!(!still_runs(vendor, garbage), "{vendor} {garbage:?}");
        }
    }
}
