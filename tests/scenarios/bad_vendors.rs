//! Vendors that answer with anything but what they should, on every way that a result takes to us. Whatever they do ends in
//! the right code, in time, with the money back, without a second payment where that is not allowed, and nothing of what
//! they said reaches the caller or the log.
//!
//! Told alone: vendors that do such things get no jobs for a while.

use futures_util::future::join_all;
use scenarios::{Customer, World};
use serde_json::{Value, json};
use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

/// Told one after the other, when all others have been told.
pub(crate) mod alone {
    use super::*;

    crate::stories![
        answers_to_orders_that_are_none,
        polls_and_results_that_tell_nothing,
        files_that_are_none,
        files_without_an_end,
    ];
}

/// A vendor, what it does, the caller's deadline in seconds (0 for none), how the generation ends, and how often the
/// vendor is paid: more than once only where a lost order can't be looked for and costs cents.
type Case = (&'static str, &'static str, u64, &'static str, u64);

const MADE: &str = "";
const LOST: &str = "OUTCOME_UNKNOWN";
const FAILED: &str = "VENDOR";
const LATE: &str = "DEADLINE_WHILE_RUNNING";

/// What is told to nobody: keys, links, where links lead, and the words of pages and of file stores.
const HIDDEN: [&str; 8] =
    ["-key", "sim-kling-", "/files/", "sig=", "169.254", "Just a moment", "be back", "AuthenticationFailed"];

/// Longest that a generation without a deadline takes, and what one with a deadline takes beyond it: a pause between two
/// tries, or a file that stands still.
const LONGEST: Duration = Duration::from_secs(75);

async fn answers_to_orders_that_are_none(world: Arc<World>) {
    tell(
        &world,
        &[
            // Looked for in the vendor's list, or by our own name.
            ("vidu", "html-answer", 0, MADE, 1),
            ("vidu", "empty-answer", 0, MADE, 1),
            ("vidu", "huge-answer", 0, MADE, 1),
            ("kling", "html-answer", 0, MADE, 1),
            // Looked for in the history.
            ("elevenlabs", "html-answer", 0, MADE, 1),
            ("elevenlabs", "empty-answer", 0, MADE, 1),
            ("elevenlabs", "huge-answer", 0, MADE, 1),
            // Nobody can look for it, and a clip is too dear for a second one.
            ("runway", "html-answer", 0, LOST, 1),
            ("runway", "empty-answer", 0, LOST, 1),
            ("runway", "huge-answer", 0, LOST, 1),
            ("minimax", "html-answer", 0, LOST, 1),
            // Pictures and speech for cents.
            ("flux-dev", "html-answer", 0, MADE, 2),
            ("flux-dev", "html-answer:9", 0, LOST, 2),
            ("stable-diffusion", "empty-answer", 0, MADE, 2),
            ("stable-diffusion", "huge-answer:9", 0, LOST, 2),
            ("imagen", "html-answer", 0, MADE, 2),
            ("imagen", "huge-answer:9", 0, LOST, 2),
            ("google-tts", "html-answer", 0, MADE, 2),
            ("google-tts", "empty-answer:9", 0, LOST, 3),
        ],
    )
    .await;
}

async fn polls_and_results_that_tell_nothing(world: Arc<World>) {
    tell(
        &world,
        &[
            ("vidu", "garbage:3", 0, MADE, 1),
            ("runway", "poll-500:3", 0, MADE, 1),
            ("kling", "unknown-state", 0, MADE, 1),
            ("minimax", "garbage:3", 0, MADE, 1),
            ("flux-dev", "garbage:999", 15, LATE, 1),
            ("runway", "garbage:999", 15, LATE, 1),
            ("vidu", "hang", 15, LATE, 1),
            // Finished, and nothing there: a vendor with tasks is asked again, an answer that is the result is all there is.
            ("vidu", "empty", 15, LATE, 1),
            ("runway", "empty", 15, LATE, 1),
            ("minimax", "empty", 15, LATE, 1),
            ("flux-dev", "empty", 15, LATE, 1),
            ("stable-diffusion", "empty", 0, FAILED, 1),
            ("imagen", "empty", 0, FAILED, 1),
            ("google-tts", "empty", 0, FAILED, 1),
        ],
    )
    .await;
}

async fn files_that_are_none(world: Arc<World>) {
    tell(
        &world,
        &[
            ("vidu", "expired:2", 0, MADE, 1),
            ("runway", "expired:2", 0, MADE, 1),
            ("minimax", "expired:2", 0, MADE, 1),
            ("flux-dev", "expired:2", 0, MADE, 1),
            ("vidu", "expired:999", 15, LATE, 1),
            ("vidu", "html-file", 15, LATE, 1),
            ("vidu", "other-kind", 15, LATE, 1),
            ("runway", "redirect", 15, LATE, 1),
            ("runway", "html-file", 15, LATE, 1),
            ("minimax", "badlink", 15, LATE, 1),
            ("minimax", "redirect", 15, LATE, 1),
            ("flux-dev", "redirect", 15, LATE, 1),
            ("flux-dev", "other-kind", 15, LATE, 1),
            // Asked for again in the history, with the key; never made again.
            ("elevenlabs", "html-file", 15, LATE, 1),
            ("elevenlabs", "other-kind", 15, LATE, 1),
            ("elevenlabs", "empty", 0, MADE, 1),
            // Inside a message there is nothing to ask for again.
            ("stable-diffusion", "html-file", 0, FAILED, 1),
            ("stable-diffusion", "other-kind", 0, FAILED, 1),
            ("imagen", "html-file", 0, FAILED, 1),
            ("imagen", "other-kind", 0, FAILED, 1),
            ("google-tts", "html-file", 0, FAILED, 1),
            ("google-tts", "other-kind", 0, FAILED, 1),
        ],
    )
    .await;
}

async fn files_without_an_end(world: Arc<World>) {
    tell(
        &world,
        &[
            ("kling", "stall", 15, LATE, 1),
            ("flux-dev", "huge", 15, LATE, 1),
            ("elevenlabs", "stall", 15, LATE, 1),
        ],
    )
    .await;
    // Hundreds of megabytes went through these.
    for vendor in ["bfl", "elevenlabs", "kling"] {
        let most = peaks(&world, vendor)
            .into_iter()
            .max()
            .unwrap_or_else(|| panic!("no process of {vendor} was found"));
        assert!(most < 150 << 20, "the poller of {vendor} took {most} bytes");
    }
}

/// Vendors whose results lie behind links that must not see their keys.
const WITH_LINKS: [&str; 5] = ["bfl", "minimax", "runway", "vidu", "kling"];

/// Orders all of it at once, waits for all ends, and looks at each.
async fn tell(world: &Arc<World>, cases: &'static [Case]) {
    world.forget_health().await;
    let customer = world.customer("ENTERPRISE", 50_000).await;
    // Others show keys where none are needed: some vendors' own clients do.
    let leaks = || join_all(WITH_LINKS.map(|vendor| world.key_leaks(vendor)));
    let leaks_before = leaks().await;
    let log = world.stack.logs().join("local-aws.log");
    let written = fs::metadata(&log).unwrap().len();
    let begun = Instant::now();
    let ordered = join_all(cases.iter().map(|case| order(world, &customer, case))).await;
    let ended = join_all(ordered.iter().map(|id| async {
        let generation = world.ended(&customer.live, id).await;
        (generation, begun.elapsed())
    }))
    .await;
    let mut wrong = Vec::new();
    let mut spent = 0;
    for (case, (generation, took)) in cases.iter().zip(&ended) {
        if generation["status"] == "COMPLETED" {
            spent += generation["creditCost"].as_u64().unwrap();
        }
        let paid = world.paid_submits(&words(case)).await;
        if let Err(what) = judge(case, generation, *took, paid) {
            wrong.push(format!("{case:?}: {what}, paid {paid} times, after {took:.0?}: {generation}"));
        }
    }
    let log = fs::read(&log).unwrap();
    let told = String::from_utf8_lossy(&log[usize::try_from(written).unwrap()..]).into_owned();
    assert!(ordered.iter().all(|id| told.contains(id)), "the functions' log does not tell of all of it");
    for hidden in HIDDEN.iter().copied().chain(["a fox in the"]) {
        if let Some(place) = told.find(hidden) {
            let line = told[..place].rfind('\n').map_or(0, |end| end + 1);
            wrong.push(format!("the log tells {hidden:?}: {}", told[line..].lines().next().unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(world.figures(&customer).await, [50_000, 50_000 - spent, 0, spent]);
    assert_eq!(leaks().await, leaks_before, "a key of {WITH_LINKS:?} went to a link of its results");
}

fn words((who, fault, ..): &Case) -> String {
    format!("a fox in the {} [vendor:{fault}]", who.replace('-', " "))
}

async fn order(world: &World, customer: &Customer, case: &Case) -> String {
    let (who, _, deadline, ..) = case;
    let kind = match *who {
        "flux-dev" | "stable-diffusion" | "imagen" => "IMAGE",
        "elevenlabs" | "google-tts" => "AUDIO",
        _ => "VIDEO",
    };
    let mut input = json!({ "type": kind, "provider": who, "input": { "text": words(case) } });
    if *deadline > 0 {
        input["deadlineSeconds"] = json!(deadline);
    }
    world.generate(&customer.live, input).await
}

fn judge(case: &Case, generation: &Value, took: Duration, paid: u64) -> Result<(), String> {
    let (_, _, deadline, reason, payments) = case;
    if took > LONGEST + Duration::from_secs(*deadline) {
        return Err("it took too long".into());
    }
    if paid != *payments {
        return Err(format!("it is to be paid {payments} times"));
    }
    if *reason == MADE {
        let good = generation["status"] == "COMPLETED" && generation["creditsRefunded"] == 0;
        return if good { Ok(()) } else { Err("it is to be made".into()) };
    }
    let error = &generation["error"];
    let told = (&generation["status"], &error["code"], &error["reason"], &error["charged"]);
    if told != (&json!("FAILED"), &json!("GENERATION_FAILED"), &json!(reason), &json!(false)) {
        return Err(format!("it is to fail with {reason}"));
    }
    if generation["creditsRefunded"] != generation["creditCost"] || generation["outputs"] != json!([]) {
        return Err("nothing may be left of it".into());
    }
    let message = error["message"].as_str().unwrap_or_default();
    let quotes =
        HIDDEN.iter().chain(&["http", "127.0.0.1", "<", "{"]).find(|hidden| message.contains(**hidden));
    match quotes {
        Some(quoted) => Err(format!("{quoted:?} is told")),
        None if message.is_empty() => Err("nothing is told".into()),
        None => Ok(()),
    }
}

/// The most that each process of a vendor's poller ever had resident.
fn peaks(world: &World, vendor: &str) -> Vec<u64> {
    let processes = crate::queues::pollers(world, vendor);
    let status =
        processes.into_iter().filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/status")).ok());
    let peak = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:").map(str::to_owned))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    };
    status.filter_map(peak).collect()
}
