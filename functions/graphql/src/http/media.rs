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
        let mut best: Option<(Media, f32)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let media = match name.as_str() {
                "application/json" | "application/*" | "*/*" => Media::Legacy,
                "application/graphql-response+json" => Media::Modern,
                _ => continue,
            };
            let quality =
                parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            // Of equals the first one counts.
            if quality > best.map_or(0.0, |(_, quality)| quality) {
                best = Some((media, quality));
            }
        }
        best.map(|(media, _)| media)
    }
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
