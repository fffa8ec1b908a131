//! Which media types go in and out.

/// The two forms of a GraphQL answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// What clients have always understood: a fault of the document still is a 200.
    Legacy,
    /// `application/graphql-response+json`: the status tells.
    Modern,
}

/// The status for faults in document or variables.
const FAULT: [(Media, u16); 2] = [(Media::Legacy, 200), (Media::Modern, 400)];

impl Media {
    /// As a Content-Type.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Media::Legacy => "application/json; charset=utf-8",
            Media::Modern => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// The status for faults in document or variables.
    pub(super) fn fault_status(self) -> u16 {
        FAULT.into_iter().find(|(media, _)| *media == self).map_or(400, |(_, status)| status)
    }

    /// The best form that an `Accept` header takes; nothing if it takes neither. Without one, the old form.
    pub(super) fn accepted(header: Option<&str>) -> Option<Media> {
        let Some(header) = header.filter(|header| !header.trim().is_empty()) else {
            return Some(Media::Legacy);
        };
        best(header, Media::of_range)
    }

    /// The form that a media range takes.
    fn of_range(range: &str) -> Option<Media> {
        match range {
            "application/json" | "application/*" | "*/*" => Some(Media::Legacy),
            "application/graphql-response+json" => Some(Media::Modern),
            _ => None,
        }
    }
}

/// Whether an `Accept` header would rather have a page than an answer in either form, as browsers' do.
pub(super) fn prefers_a_page(header: Option<&str>) -> bool {
    let page = |range: &str| match range {
        "text/html" => Some(true),
        other => Media::of_range(other).map(|_| false),
    };
    best(header.unwrap_or_default(), page) == Some(true)
}

/// Of the ranges of an `Accept` header that `known` knows, what the most wanted one stands for.
fn best<T>(header: &str, known: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut best: Option<(T, f32)> = None;
    for range in header.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let Some(meant) = known(&name) else { continue };
        let quality =
            parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        // Of equals the first one counts.
        if quality > best.as_ref().map_or(0.0, |(_, quality)| *quality) {
            best = Some((meant, quality));
        }
    }
    best.map(|(meant, _)| meant)
}

/// Whether an `Accept-Encoding` header takes gzip.
pub(super) fn takes_gzip(header: Option<&str>) -> bool {
    let gzip = |coding: &str| matches!(coding, "gzip" | "x-gzip" | "*").then_some(());
    best(header.unwrap_or_default(), gzip).is_some()
}

/// Whether a request's body is JSON in UTF-8, as far as its header says.
pub(super) fn is_json(content_type: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(|part| part.trim().to_ascii_lowercase());
    if parts.next().as_deref() != Some("application/json") {
        return false;
    }
    let charset =
        parts.find_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned()));
    charset.is_none_or(|charset| matches!(charset.as_str(), "utf-8" | "utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_form_is_chosen() {
        use Media::{Legacy, Modern};
        for (header, expected) in [
            (None, Some(Legacy)),
            (Some(""), Some(Legacy)),
            (Some("*/*"), Some(Legacy)),
            (Some("application/json"), Some(Legacy)),
            (Some("application/json; charset=utf-8"), Some(Legacy)),
            (Some("application/graphql-response+json"), Some(Modern)),
            (Some("application/graphql-response+json, application/json;q=0.9"), Some(Modern)),
            (Some("application/json;q=0.5, application/graphql-response+json;q=0.8"), Some(Modern)),
            (Some("application/graphql-response+json;q=0, */*;q=0.1"), Some(Legacy)),
            (Some("text/html,application/xhtml+xml,*/*;q=0.8"), Some(Legacy)),
            (Some("text/html"), None),
            (Some("application/json;q=0"), None),
            (Some(";;;,,q=x"), None),
        ] {
            assert_eq!(Media::accepted(header), expected, "{header:?}");
        }
    }

    #[test]
    fn a_page_is_for_who_would_rather_have_one() {
        for (header, expected) in [
            // Chrome, Firefox and Safari, when an address is opened.
            (
                Some("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
                true,
            ),
            (Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), true),
            (Some("Text/HTML"), true),
            (Some("application/json;q=0.5, text/html"), true),
            (Some("text/html;q=0.5, application/graphql-response+json"), false),
            (Some("application/json, text/html"), false),
            (Some("application/json, text/plain, */*"), false),
            (Some("*/*"), false),
            (Some("text/*"), false),
            (Some("text/html;q=0"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(prefers_a_page(header), expected, "{header:?}");
        }
    }

    #[test]
    fn gzip_is_for_who_takes_it() {
        for (header, expected) in [
            (Some("gzip, deflate, br, zstd"), true),
            (Some("br;q=1.0, GZIP;q=0.1"), true),
            (Some("*"), true),
            (Some("gzip;q=0"), false),
            (Some("identity"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(takes_gzip(header), expected, "{header:?}");
        }
    }

    #[test]
    fn only_json_in_utf_8_is_read() {
        for (header, expected) in [
            (Some("application/json"), true),
            (Some("Application/JSON; charset=UTF-8"), true),
            (Some("application/json;charset=\"utf-8\""), true),
            (Some("application/json; charset=utf-16"), false),
            (Some("text/plain"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(is_json(header), expected, "{header:?}");
        }
    }
}
