//! An event as a receiver will get them, of a generation that never was.

use crate::News;
use jobs::{
    Account, CancelKind, Credits, Job, JobId, Kind, Mode, Options, Order, Output, Plan, State, Time,
    life::NewJob, ports::Trouble,
};
use std::time::Duration;

/// The news of a completed clip that is marked as a test. `id` is one of no generation, and `base` is as for
/// [`News::of`]; the event's link leads nowhere.
///
/// # Errors
/// When the event can't be written as JSON, which only a bug could bring about.
pub fn sample(account: &Account, id: JobId, base: &str, now: Time) -> Result<News, Trouble> {
    const TRIED: &str = "could not write the sample event";
    let plan = Plan {
        provider: "sample".to_owned(),
        model: "sample".to_owned(),
        vendor: jobs::plan::SIMULATOR.to_owned(),
        vendor_model: "sample".to_owned(),
        prompt: None,
        options: Options::default(),
        adjustments: Vec::new(),
        cost: Credits(1),
        candidates: Vec::new(),
        median: Duration::from_secs(1),
        poll_floor: Duration::from_secs(1),
        deadline: Duration::from_secs(1),
        submit_timeout: Duration::from_secs(1),
        cancel: CancelKind::Never,
    };
    let mut order = Order::of(Kind::Video, "a sample");
    order.reference = Some("sample".to_owned());
    let new = NewJob {
        id,
        account: account.id.clone(),
        mode: Mode::Test,
        order,
        plan,
        retention: Duration::from_secs(86_400),
    };
    let mut job = Job::accepted(new, false, now);
    let output = Output {
        key: String::new(),
        format: "mp4".to_owned(),
        media_type: "video/mp4".to_owned(),
        bytes: 1_048_576,
        sha256: "0".repeat(64),
        width: Some(1280),
        height: Some(720),
        duration: Some(5.0),
    };
    job.started = Some(now);
    job.progress = 100;
    job.state = State::Completed { outputs: vec![output], at: now };
    let news = News::of(&job, account, base).map_err(|cause| Trouble::new(TRIED, cause))?;
    news.ok_or_else(|| Trouble::new(TRIED, "the sample has not ended"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::builders::{account, at, job_id};

    #[test]
    fn a_sample_looks_like_the_real_thing_and_says_that_it_is_none() {
        let news = sample(&account(1, 0), job_id(7), "https://api.example.com", at(9)).unwrap();
        let event: serde_json::Value = serde_json::from_str(&news.body).unwrap();
        assert_eq!((&event["type"], &event["data"]["test"]), (&"generation.completed".into(), &true.into()));
        assert_eq!(event["data"]["url"], event["data"]["outputs"][0]["url"]);
        assert!(news.id.starts_with("msg_") && news.body.len() < 20_000);
        // Each is an event of its own, so that a receiver that drops repeats takes it.
        let other = sample(&account(1, 0), job_id(8), "https://api.example.com", at(9)).unwrap();
        assert_ne!(other.id, news.id);
    }
}
