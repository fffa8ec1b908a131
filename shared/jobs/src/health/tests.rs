use super::*;
use proptest::{collection::vec, prelude::*, sample::select};

fn at(seconds: i64) -> Time {
    Time::from_millis((1_795_255_200 + seconds) * 1000)
}

const REFUSED: Outcome = Outcome::Refused { patience: None, operator: false };

/// Counts and judges a job that went there just now, as a process does.
fn note(health: &mut Health, outcome: Outcome, seconds: i64) -> Option<(Scope, CutOff)> {
    note_late(health, outcome, seconds, seconds)
}

/// Counts and judges a job that went there at `begun`.
fn note_late(health: &mut Health, outcome: Outcome, begun: i64, seconds: i64) -> Option<(Scope, CutOff)> {
    health.tallies.entry((outcome.scope("m"), minute_of(at(seconds)))).or_default().add(outcome);
    let judged = health.judge("m", outcome, at(begun), at(seconds));
    if let Some((scope, cut)) = judged.clone() {
        health.cuts.insert(scope, cut);
    }
    judged
}

fn cut_until(health: &Health, seconds: i64) -> Option<i64> {
    match health.standing("m", at(seconds)) {
        Standing::CutOff { until, .. } => Some(until.seconds() - at(0).seconds()),
        _ => None,
    }
}

#[test]
fn a_vendor_that_takes_nothing_is_cut_off_and_longer_each_time() {
    let mut health = Health::default();
    for second in [0, 1] {
        note(&mut health, REFUSED, second);
        assert_eq!(health.standing("m", at(second)), Standing::Open, "two blips are none");
    }
    note(&mut health, REFUSED, 2);
    assert_eq!(cut_until(&health, 2), Some(22));
    // Another model of the vendor is cut off with it; jobs under way there say nothing new.
    assert!(matches!(health.standing("another", at(3)), Standing::CutOff { why: Why::Refusing, .. }));
    assert_eq!(note(&mut health, REFUSED, 4), None);
    assert_eq!(note(&mut health, Outcome::Took, 5), None);
    assert_eq!(cut_until(&health, 21), Some(22));
    assert_eq!(health.standing("m", at(22)), Standing::TriedOut { next: at(22) });
    // Tried out in vain: twice the pause, and so on up to ten minutes.
    let (mut second, mut pauses) = (22, Vec::new());
    for _ in 0..7 {
        note(&mut health, REFUSED, second);
        let until = cut_until(&health, second).unwrap();
        pauses.push(until - second);
        second = until;
    }
    assert_eq!(pauses, [40, 80, 160, 320, 600, 600, 600]);
    // The first job that it takes opens it, and what was before is forgotten.
    note(&mut health, Outcome::Took, second);
    assert_eq!(health.standing("m", at(second)), Standing::Open);
    note(&mut health, REFUSED, second + 1);
    assert_eq!(health.standing("m", at(second + 1)), Standing::Open);
}

#[test]
fn a_vendors_own_word_makes_the_pause_longer() {
    let patient =
        |seconds| Outcome::Refused { patience: Some(Duration::from_secs(seconds)), operator: false };
    let mut health = Health::default();
    for _ in 0..2 {
        note(&mut health, REFUSED, 0);
    }
    note(&mut health, patient(90), 0);
    assert_eq!(cut_until(&health, 0), Some(90));
    note(&mut health, patient(30), 10);
    assert_eq!(cut_until(&health, 10), Some(90), "a shorter one does not make it shorter");
    note(&mut health, patient(5_000), 20);
    assert_eq!(cut_until(&health, 20), Some(620), "nobody is left alone for longer than ten minutes");
}

#[test]
fn our_own_key_is_no_matter_of_shares() {
    let mut health = Health::default();
    for second in 0..50 {
        note(&mut health, Outcome::Took, second);
    }
    note(&mut health, Outcome::Refused { patience: None, operator: true }, 50);
    assert!(matches!(health.standing("m", at(50)), Standing::CutOff { why: Why::Operator, .. }));
    assert_eq!(cut_until(&health, 50), Some(110));
}

#[test]
fn a_model_is_cut_off_by_its_share_of_failures_and_its_siblings_are_not() {
    let mut health = Health::default();
    for second in 0..10 {
        note(&mut health, Outcome::Made, second);
    }
    for second in 10..19 {
        note(&mut health, Outcome::Failed, second);
    }
    assert_eq!(health.standing("m", at(19)), Standing::Open, "nine of nineteen");
    note(&mut health, Outcome::Failed, 19);
    assert!(matches!(health.standing("m", at(19)), Standing::CutOff { why: Why::Failing, .. }));
    assert_eq!(health.standing("another", at(19)), Standing::Open);
    // That the vendor takes jobs does not open the model; that it finishes one does.
    note(&mut health, Outcome::Took, 45);
    assert!(matches!(health.standing("m", at(45)), Standing::TriedOut { .. }));
    note(&mut health, Outcome::Made, 46);
    assert_eq!(health.standing("m", at(46)), Standing::Open);
}

#[test]
fn jobs_that_went_there_earlier_neither_open_it_nor_keep_it_shut() {
    let mut health = Health::default();
    for second in 0..4 {
        note(&mut health, Outcome::Failed, second);
    }
    assert_eq!(cut_until(&health, 4), Some(23));
    // Clips take minutes: these were begun before anything was known, or while it was cut off.
    for (outcome, begun) in [(Outcome::Made, -100), (Outcome::Failed, -50), (Outcome::Made, 22)] {
        assert_eq!(note_late(&mut health, outcome, begun, 60), None);
    }
    assert!(matches!(health.standing("m", at(60)), Standing::TriedOut { .. }));
    assert!(note_late(&mut health, Outcome::Made, 23, 61).is_some());
    assert_eq!(health.standing("m", at(61)), Standing::Open);
}

#[test]
fn what_is_bad_again_soon_is_left_alone_for_longer() {
    for (later, pause) in [(30, 40), (590, 40), (601, 20)] {
        let mut health = Health::default();
        for second in 0..4 {
            note(&mut health, Outcome::Failed, second);
        }
        note(&mut health, Outcome::Made, 23);
        let again = 23 + later;
        for _ in 0..4 {
            note(&mut health, Outcome::Failed, again);
        }
        assert_eq!(cut_until(&health, again), Some(again + pause), "{later} s after it was opened");
    }
}

#[test]
fn the_minute_in_which_it_was_opened_is_not_a_minute_of_grace() {
    let mut opened = Health::default();
    for second in 0..3 {
        note(&mut opened, REFUSED, second);
    }
    note(&mut opened, Outcome::Took, 22);
    let mut bad = opened.clone();
    note(&mut bad, REFUSED, 23);
    assert!(cut_until(&bad, 23).is_some());
    // One blip among good news is one blip.
    for second in 23..27 {
        note(&mut opened, Outcome::Took, second);
    }
    note(&mut opened, REFUSED, 27);
    assert_eq!(opened.standing("m", at(27)), Standing::Open);
}

#[test]
fn a_busy_vendor_that_goes_dark_is_noticed_within_a_minute() {
    let mut health = Health::default();
    for second in 0..240 {
        note(&mut health, Outcome::Took, second);
    }
    for second in 240..245 {
        note(&mut health, REFUSED, second);
        assert_eq!(health.standing("m", at(second)), Standing::Open, "a moment's trouble");
    }
    note(&mut health, REFUSED, 245);
    assert_eq!(cut_until(&health, 245), Some(265));
}

#[test]
fn clocks_that_differ_break_nothing() {
    let mut health = Health::default();
    for second in 100..103 {
        note(&mut health, REFUSED, second);
    }
    note(&mut health, Outcome::Took, 130);
    // Another process is two minutes behind.
    assert_eq!(health.tally(&Scope::Vendor, at(0)), Tally::default());
    note(&mut health, REFUSED, 0);
    assert_eq!(health.standing("m", at(0)), Standing::Open);
}

#[test]
fn old_news_is_no_news() {
    let mut health = Health::default();
    for second in [0, 1] {
        note(&mut health, REFUSED, second);
    }
    note(&mut health, REFUSED, 60 * WINDOW_MINUTES + 5);
    assert_eq!(health.standing("m", at(60 * WINDOW_MINUTES + 5)), Standing::Open);
}

#[test]
fn faults_say_what_they_say() {
    use FaultKind::*;
    let fault = |kind| Fault::new(kind, "");
    for kind in FaultKind::ALL {
        let refusal = Outcome::of_refusal(&fault(kind));
        assert_eq!(refusal.is_good(), !matches!(kind, Unavailable | OutcomeUnknown | Operator), "{kind:?}");
        let failure = Outcome::of_failure(&fault(kind));
        assert_eq!(failure.is_some(), matches!(kind, Vendor | DeadlineWhileRunning), "{kind:?}");
    }
}

#[test]
fn speeds_need_enough_and_are_told_by_class() {
    let mut speed = Speed::default();
    for slot in 0..7u8 {
        speed.samples.insert(("5s".to_owned(), slot), 1_000 * (u64::from(slot) + 1));
    }
    assert_eq!(speed.quantile("5s", 0.5), None);
    for slot in 7..11u8 {
        speed.samples.insert(("5s".to_owned(), slot), 1_000 * (u64::from(slot) + 1));
    }
    assert_eq!(speed.quantile("5s", 0.5), Some(Duration::from_secs(6)));
    assert_eq!(speed.quantile("5s", 0.95), Some(Duration::from_secs(11)));
    assert_eq!(speed.quantile("10s", 0.5), None);
}

#[test]
fn a_vendor_that_answers_with_the_result_can_fail_too() {
    let plan = crate::Plan { vendor: "v".to_owned(), model: "m".to_owned(), ..any_plan() };
    let new = crate::life::NewJob {
        id: crate::JobId::from_random([1; 16]),
        account: crate::AccountId::from_random([2; 16]),
        mode: crate::Mode::Live,
        order: crate::Order::of(crate::Kind::Audio, "hello"),
        plan,
        retention: Duration::from_secs(86_400),
    };
    let job = crate::Job::accepted(new, false, at(0));
    let job = crate::advance(&job, crate::Event::Submitting, at(1)).unwrap().job;
    let told = |kind| {
        let news = heard(&job, &crate::Event::Refused(Fault::new(kind, "")), at(9));
        assert!(news.iter().all(|news| news.begun == at(1) && news.sample.is_none()));
        news.into_iter().map(|news| news.outcome).collect::<Vec<_>>()
    };
    assert_eq!(told(FaultKind::Vendor), [Outcome::Took, Outcome::Failed]);
    assert_eq!(told(FaultKind::Busy), [Outcome::Took]);
    assert_eq!(told(FaultKind::Moderation), [Outcome::Took]);
    assert_eq!(told(FaultKind::Unavailable), [REFUSED]);
}

fn any_plan() -> crate::Plan {
    crate::Plan {
        provider: "p".to_owned(),
        model: "m".to_owned(),
        vendor: "v".to_owned(),
        vendor_model: "m".to_owned(),
        prompt: None,
        options: crate::Options::default(),
        adjustments: Vec::new(),
        cost: crate::Credits(5),
        candidates: Vec::new(),
        median: Duration::from_secs(4),
        poll_floor: Duration::from_secs(1),
        deadline: Duration::from_secs(300),
        submit_timeout: Duration::from_secs(180),
        cancel: crate::CancelKind::Never,
    }
}

proptest! {
    /// Whatever happens, nothing is cut off for more than ten minutes, and one good try opens it.
    #[test]
    fn nothing_is_lost_for_ever(
        news in vec((select(vec![
            Outcome::Took, Outcome::Made, Outcome::Failed, REFUSED,
            Outcome::Refused { patience: Some(Duration::from_secs(7_000)), operator: true },
        ]), 0i64..400), 1..80),
    ) {
        let (mut health, mut now) = (Health::default(), 0);
        for (outcome, pause) in news {
            now += pause;
            note(&mut health, outcome, now);
            if let Some(until) = cut_until(&health, now) {
                prop_assert!(until - now <= 600, "{}", until - now);
            }
        }
        now += 601;
        prop_assert!(cut_until(&health, now).is_none());
        note(&mut health, Outcome::Took, now);
        note(&mut health, Outcome::Made, now);
        prop_assert_eq!(health.standing("m", at(now)), Standing::Open);
    }
}
