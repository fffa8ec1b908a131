//! The `Retry-After` header.

use http::{HeaderMap, header};
use jobs::Time;
use std::time::Duration;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// Nobody is made to wait longer than this by a header: a vendor that is gone for a day is simply out of order.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long the vendor asks us to wait: seconds, or an HTTP date.
pub(crate) fn retry_after(headers: &HeaderMap, now: Time) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let span = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64())).ok()?,
        Err(_) => http_date(text)?.until(now),
    };
    Some(span.min(LONGEST))
}

/// A date as HTTP writes it.
pub(crate) fn http_date(text: &str) -> Option<Time> {
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    Some(Time::from_millis(date.unix_timestamp().saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn seconds_and_dates_are_read_and_nonsense_is_not() {
        // Sat, 21 Nov 2026 10:00:00 GMT
        let now = Time::from_millis(1_795_255_200_000);
        let cases = [
            ("7", Some(7.0)),
            (" 1.5 ", Some(1.5)),
            ("0", Some(0.0)),
            ("-3", Some(0.0)),
            ("99999999", Some(3600.0)),
            ("Sat, 21 Nov 2026 10:00:30 GMT", Some(30.0)),
            ("Sat, 21 Nov 2026 09:00:00 GMT", Some(0.0)),
            ("Sun, 22 Nov 2026 10:00:00 GMT", Some(3600.0)),
            ("soon", None),
            ("NaN", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(text))]);
            assert_eq!(retry_after(&headers, now).map(|span| span.as_secs_f64()), expected, "{text:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
