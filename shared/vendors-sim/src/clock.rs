//! How a task passes with time. Now is always told by the caller; `now` is its only source.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as u64)
}

/// Milliseconds since 1970 as `2026-11-21T10:00:00Z`, with the fraction of a second where there is one.
pub(crate) fn date(milliseconds: u64) -> String {
    let date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000);
    date.ok().and_then(|date| date.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Sleeps until a time in milliseconds since 1970.
pub(crate) async fn sleep_until(time: u64) {
    tokio::time::sleep(Duration::from_millis(time.saturating_sub(now()))).await;
}

/// When a task was ordered, when work on it begins and when it ends; all in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) ordered: u64,
    pub(crate) begins: u64,
    /// `None` never ends.
    pub(crate) ends: Option<u64>,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Phase {
    Waiting,
    /// From 0 to 1.
    Working(f64),
    Over,
}

/// A task waits for the first fifth of its time.
const WAITING_PART: u64 = 5;

impl Span {
    /// A task ordered now that takes so many milliseconds.
    pub(crate) fn lasting(now: u64, milliseconds: u64) -> Self {
        Self { ordered: now, begins: now + milliseconds / WAITING_PART, ends: Some(now + milliseconds) }
    }

    /// The same task, never ending.
    pub(crate) fn endless(self) -> Self {
        Self { ends: None, ..self }
    }

    pub(crate) fn phase(&self, now: u64) -> Phase {
        if now < self.begins {
            return Phase::Waiting;
        }
        match self.ends {
            Some(end) if now >= end => Phase::Over,
            Some(end) => Phase::Working((now - self.begins) as f64 / (end - self.begins) as f64),
            None => Phase::Working(0.5),
        }
    }

    pub(crate) fn is_over(&self, now: u64) -> bool {
        self.phase(now) == Phase::Over
    }

    /// When the state that is told now was reached.
    pub(crate) fn changed(&self, now: u64) -> u64 {
        match (self.phase(now), self.ends) {
            (Phase::Waiting, _) => self.ordered,
            (Phase::Over, Some(end)) => end,
            _ => self.begins,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_standard_says() {
        assert_eq!(date(1_795_255_200_000), "2026-11-21T10:00:00Z");
        assert_eq!(date(951_827_696_007), "2000-02-29T12:34:56.007Z");
    }

    #[test]
    fn a_task_waits_works_and_ends() {
        let span = Span::lasting(1000, 5000);
        let cases = [
            (1000, Phase::Waiting, 1000),
            (1999, Phase::Waiting, 1000),
            (2000, Phase::Working(0.0), 2000),
            (4000, Phase::Working(0.5), 2000),
            (6000, Phase::Over, 6000),
            (9000, Phase::Over, 6000),
        ];
        for (now, phase, changed) in cases {
            assert_eq!(span.phase(now), phase, "at {now}");
            assert_eq!(span.changed(now), changed, "at {now}");
            assert!(!span.endless().is_over(now));
        }
    }
}
