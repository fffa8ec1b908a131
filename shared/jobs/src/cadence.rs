//! When to ask a vendor again. Each question costs a message, an invocation and a call, each second of lag costs the
//! caller patience; so the questions stand densest where the answer is most likely: around the model's median.
//!
//! The constants come from playing a day of a million generations (`infra/bench/simulation`), with jobs' times log-normal
//! and 95 % done within about twice the median: the fewest questions with which half of the clips wait less than 5 % of the
//! vendor's time for being noticed. A first look any later makes the tenth of the jobs that are quick wait much longer;
//! a denser middle costs a question for each hundredth part of waiting that it saves. The p95 is not needed: what a job
//! waits for depends on the pause where it ends, and that is near the median for nearly all.

use std::time::Duration;

/// A message can't be delayed for longer.
const LONGEST: Duration = Duration::from_secs(900);

/// One in twenty jobs ends before this share of the median.
const FIRST: f64 = 0.55;

/// The pause until most of the quick ones are done, as a share of the median.
const EARLY: f64 = 0.09;

/// From this share of the median on, where jobs end most often of those that still run, the pauses are shorter.
const SOON: f64 = 0.8;

/// The pause from then on, as a share of the median.
const NEAR: f64 = 0.045;

/// Up to this share of the median, by which eight or nine of ten jobs are done.
const LATE: f64 = 1.4;

/// The pause later on, as a share of the time that the job has run: whoever waits long waits no longer in proportion.
const SPARSER: f64 = 0.1;

/// The pause until the next question, for a job that has run for `elapsed` of a usual `median`, never shorter than
/// `floor` (the vendor's stated minimum, or its `Retry-After`).
pub fn next_poll(elapsed: Duration, median: Duration, floor: Duration) -> Duration {
    let usual = median.as_secs_f64().max(0.1);
    let share = elapsed.as_secs_f64() / usual;
    let pause = match share {
        before if before < FIRST => (FIRST - before).max(EARLY),
        early if early < SOON => EARLY,
        near if near < LATE => NEAR,
        late => SPARSER * late,
    };
    Duration::from_secs_f64((pause * usual).max(0.05)).max(floor).min(LONGEST)
}

/// The first look at a job whose vendor tells us when it is done, as a multiple of the median: early enough that a caller
/// is not kept waiting for long where callbacks don't arrive, so late that three of four jobs need no look.
const OVERDUE: f64 = 1.2;

/// The pause between further looks, as a share of the time that the job has run.
const LOOKING: f64 = 0.2;

/// The shortest pause until a look, in seconds: a callback takes its way through three of our functions, and a look that
/// overtakes it saves nothing.
const LEAST: f64 = 2.0;

/// The pause until the next look at a job whose vendor tells us when it is done: no more than a net below it, for news that
/// is lost. Shorter than the lease of the job's chain of letters, which is one and a half times the median.
pub fn next_look(elapsed: Duration, median: Duration, floor: Duration) -> Duration {
    let (usual, elapsed) = (median.as_secs_f64().max(1.0), elapsed.as_secs_f64());
    let pause = (OVERDUE * usual - elapsed).max(LOOKING * elapsed);
    Duration::from_secs_f64(pause.max(LEAST)).max(floor).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Cadence = fn(Duration, Duration, Duration) -> Duration;

    /// Questions asked and lag for a job that takes `length` seconds where `median` is usual.
    fn play(cadence: Cadence, length: f64, median: f64, floor: f64) -> (u32, f64) {
        let (mut now, mut polls) = (0.0, 0);
        while now < length {
            let span = Duration::from_secs_f64;
            now += cadence(span(now), span(median), span(floor)).as_secs_f64();
            polls += 1;
        }
        (polls, now - length)
    }

    #[test]
    fn a_usual_job_takes_few_questions_and_little_lag() {
        for median in [10.0, 20.0, 60.0, 180.0, 320.0] {
            for share in [0.6, 0.7, 0.9, 1.0, 1.1, 1.3] {
                let (polls, lag) = play(next_poll, median * share, median, 0.5);
                assert!(polls <= 16, "{polls} polls for {median} s at {share}");
                assert!(lag <= median * 0.09 + 0.5, "lag {lag} for {median} s at {share}");
            }
            assert!(play(next_poll, median, median, 0.5).0 <= 9);
        }
    }

    #[test]
    fn a_job_that_takes_long_waits_no_longer_in_proportion() {
        for share in [1.5, 2.0, 4.0, 8.0] {
            let (polls, lag) = play(next_poll, 60.0 * share, 60.0, 2.0);
            assert!(lag <= 60.0 * share * 0.1, "lag {lag} at {share}");
            assert!(polls <= 40, "{polls} polls at {share}");
        }
    }

    #[test]
    fn where_the_vendor_tells_us_nobody_asks_until_it_is_overdue() {
        for median in [1.0, 6.0, 60.0, 400.0] {
            assert_eq!(play(next_look, median * 1.19, median, 0.5).0, 1);
            for share in [1.3, 2.0, 5.0] {
                let (looks, lag) = play(next_look, median * share, median, 0.5);
                assert!(looks <= 9, "{looks} looks for {median} s at {share}");
                assert!(lag <= median * share * 0.2 + 1.0, "{lag} s for {median} s at {share}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_floor_holds_and_nothing_waits_beyond_a_quarter_hour(
            elapsed in 0u64..100_000, median in 0u64..10_000, floor in 0u64..600,
        ) {
            for cadence in [next_poll as Cadence, next_look] {
                let pause = cadence(
                    Duration::from_secs(elapsed), Duration::from_secs(median), Duration::from_secs(floor),
                );
                prop_assert!(pause >= Duration::from_secs(floor).max(Duration::from_millis(7)));
                prop_assert!(pause <= Duration::from_secs(900));
            }
        }
    }
}
