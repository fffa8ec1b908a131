//! When to ask a vendor again. Each question costs a message, an invocation and a call, each second of lag costs the
//! caller patience; so the questions stand densest where the answer is most likely: around the model's median.

use std::time::Duration;

/// The pause until the next question, for a job that has run for `elapsed` of a usual `median`, never shorter than
/// `floor` (the vendor's stated minimum, or its `Retry-After`).
pub fn next_poll(elapsed: Duration, median: Duration, floor: Duration) -> Duration {
    let usual = median.as_secs_f64().max(0.1);
    let share = elapsed.as_secs_f64() / usual;
    let pause = match share {
        // Nearly nothing ends before this: one look at four tenths, for what does.
        early if early < 0.4 => 0.4 - early,
        early if early < 0.75 => 0.2,
        near if near < 1.4 => 0.1,
        late if late < 2.5 => 0.2,
        _ => 0.4,
    };
    // A message can't be delayed by less than a second, nor by more than a quarter of an hour.
    let longest = Duration::from_secs(900);
    Duration::from_secs_f64((pause * usual).max(0.05)).max(floor).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Questions asked and lag for a job that takes `length` seconds where `median` is usual.
    fn play(length: f64, median: f64, floor: f64) -> (u32, f64) {
        let (mut now, mut polls) = (0.0, 0);
        while now < length {
            let span = Duration::from_secs_f64;
            now += next_poll(span(now), span(median), span(floor)).as_secs_f64();
            polls += 1;
        }
        (polls, now - length)
    }

    #[test]
    fn a_usual_job_takes_few_questions_and_little_lag() {
        for median in [10.0, 20.0, 60.0, 180.0, 320.0] {
            for share in [0.7, 0.9, 1.0, 1.1, 1.3] {
                let (polls, lag) = play(median * share, median, 0.5);
                assert!(polls <= 10, "{polls} polls for {median} s at {share}");
                assert!(lag <= median * 0.2 + 0.5, "lag {lag} for {median} s at {share}");
            }
            assert!(play(median, median, 0.5).0 <= 7);
        }
    }

    proptest! {
        #[test]
        fn the_floor_holds_and_nothing_waits_beyond_a_quarter_hour(
            elapsed in 0u64..100_000, median in 0u64..10_000, floor in 0u64..600,
        ) {
            let pause = next_poll(
                Duration::from_secs(elapsed), Duration::from_secs(median), Duration::from_secs(floor),
            );
            prop_assert!(pause >= Duration::from_secs(floor));
            prop_assert!(pause <= Duration::from_secs(900));
        }
    }
}
