//! Time as a value. Nobody in this crate asks what time it is.

use std::time::Duration;

/// A moment: milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The moment so many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Time {
        Time(millis)
    }

    /// Reads a moment in RFC 3339, with any offset; `None` when it is none. What is finer than a millisecond is cut.
    pub fn parse(text: &str) -> Option<Time> {
        let moment =
            time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).ok().map(Time)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The moment `span` later; the end of time instead of an overflow.
    pub fn plus(self, span: Duration) -> Time {
        Time(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The moment `span` earlier.
    pub fn minus(self, span: Duration) -> Time {
        Time(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// How long until this moment, seen from `now`; zero if it has passed.
    pub fn until(self, now: Time) -> Duration {
        self.since(now)
    }
}

impl std::fmt::Display for Time {
    /// RFC 3339 in UTC with milliseconds: `2026-11-22T18:41:18.000Z`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let form = time::macros::format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
        );
        let text = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .ok()
            .and_then(|moment| moment.format(form).ok());
        // Only moments beyond the year 9999 have no such form.
        out.write_str(text.as_deref().unwrap_or("9999-12-31T23:59:59.999Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_rfc_3339() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_763_836_878_042, "2025-11-22T18:41:18.042Z"),
            (i64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Time::from_millis(millis).to_string(), text);
        }
    }

    #[test]
    fn moments_are_read_with_any_offset() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2025-11-22T18:41:18.042Z", Some(1_763_836_878_042)),
            ("2025-11-22T23:41:18.0429+05:00", Some(1_763_836_878_042)),
            ("1969-12-31T23:59:59.999Z", Some(-1)),
            ("2025-11-22", None),
            ("2025-13-22T18:41:18Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(Time::parse(text).map(Time::millis), millis, "{text}");
        }
    }
}
