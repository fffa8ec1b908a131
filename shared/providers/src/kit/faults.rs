//! Faults in our own words. What a vendor wrote goes to the log alone.

use crate::{Reply, Task};
use jobs::{Fault, FaultKind};

/// A fault with the usual sentence of its kind.
pub(crate) fn fault(kind: FaultKind) -> Fault {
    let message = match kind {
        FaultKind::InvalidInput => "the provider refuses these parameters",
        FaultKind::Moderation => "the provider's content rules forbid this prompt or material",
        FaultKind::Vendor => "the provider could not make it",
        FaultKind::Busy => "the provider has no free slot at the moment",
        FaultKind::Unavailable => "the provider is out of order at the moment",
        FaultKind::Operator => "the provider can't be used at the moment",
        FaultKind::DeadlineBeforeStart => "the deadline passed before the provider started",
        FaultKind::DeadlineWhileRunning => "the deadline passed while the provider was still at work",
        FaultKind::OutcomeUnknown => {
            "contact was lost after the order was sent, and the provider can't tell what came of it"
        }
    };
    Fault::new(kind, message)
}

/// What was made may not be shown.
pub(crate) fn held_back() -> Fault {
    Fault::new(
        FaultKind::Moderation,
        "the provider's content rules held back the finished result; another seed may pass",
    )
}

/// The vendor refuses the value of one of our options or inputs, given by its API name.
pub(crate) fn refused_option(name: &str) -> Fault {
    Fault::new(FaultKind::InvalidInput, format!("the provider refuses the value of {name}"))
}

/// The vendor refuses a field of its own; `fields` pairs its names with ours, and the first that is named in its
/// words counts. An unknown field stays unnamed.
pub(crate) fn refused_field(words: &str, fields: &[(&str, &str)]) -> Fault {
    let words = words.to_ascii_lowercase();
    let named = |theirs: &str| {
        words
            .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            // The second of several alike is `image_2`.
            .map(|word| word.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '_'))
            .any(|word| word == theirs)
    };
    fields
        .iter()
        .find(|(theirs, _)| named(theirs))
        .map_or_else(|| fault(FaultKind::InvalidInput), |(_, ours)| refused_option(ours))
}

/// Whether a vendor's free text speaks of its content rules. For vendors that have no code for it.
pub(crate) fn speaks_of_rules(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "risk",
        "policy",
        "policies",
        "safety",
        "unsafe",
        "sensitive",
        "moderation",
        "prohibited",
        "inappropriate",
    ];
    let text = text.to_ascii_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Longest part of a vendor's own words that is worth a log line, in characters.
const MOST_WORDS: usize = 300;

/// Shortest prompt that is looked for in a vendor's words, in bytes: a shorter one may be any word of theirs.
const LEAST_PROMPT: usize = 4;

/// A line for the log: the status, the vendor's code and words. Should the vendor quote our keys, the prompt or a link
/// (theirs and our callers' are often signed), they are left out.
pub(crate) fn for_the_log(task: &Task<'_>, reply: &Reply<'_>, code: &str, words: &str) -> String {
    let mut line = format!("code {code}: {words}");
    let keys = [Some(&task.access.api_key), task.access.secret_key.as_ref()];
    let keys = keys.into_iter().flatten().map(|key| key.reveal()).filter(|key| !key.is_empty());
    let prompts = [task.job.plan.prompt.as_deref(), task.job.order.input.text.as_deref()];
    let prompts = prompts.into_iter().flatten().filter(|prompt| prompt.len() >= LEAST_PROMPT);
    for hidden in keys.chain(prompts) {
        line = line.replace(hidden, "…");
    }
    let line = without_links(&line);
    // Cut only now: half a key would no longer be recognised.
    let line = line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(MOST_WORDS);
    format!("status {}, {}", reply.status.as_u16(), line.collect::<String>())
}

/// The text with its links left out.
fn without_links(text: &str) -> String {
    let ends_a_link = |letter: char| letter.is_whitespace() || "\"'`<>()[]{}".contains(letter);
    let words = text.split_inclusive(ends_a_link);
    words
        .map(|word| match word.split_once("://") {
            Some((_, rest)) => {
                let end = rest.chars().next_back().filter(|letter| ends_a_link(*letter));
                end.map_or_else(|| "…".to_owned(), |end| format!("…{end}"))
            }
            None => word.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_field_is_named_as_callers_know_it() {
        let fields = [("width", "aspectRatio"), ("input_image", "image"), ("mode", "mode")];
        for (words, expected) in [
            ("\"body\" \"width\"", "the provider refuses the value of aspectRatio"),
            ("body.input_image_2", "the provider refuses the value of image"),
            ("MODE: not supported", "the provider refuses the value of mode"),
            ("the model is wrong", "the provider refuses these parameters"),
        ] {
            assert_eq!(refused_field(words, &fields).message, expected);
        }
    }

    #[test]
    fn links_are_left_out() {
        for (text, expected) in [
            ("", ""),
            ("no link: 16:9 // here", "no link: 16:9 // here"),
            ("could not load https://a.example/x.png?sig=1 (404)", "could not load … (404)"),
            (r#"{"url":"HTTPS://a.example/?a=b&c=ü"}"#, r#"{"url":"…"}"#),
            ("see http://a.example", "see …"),
        ] {
            assert_eq!(without_links(text), expected);
        }
    }

    #[test]
    fn free_text_about_rules_is_known() {
        for text in ["Failure to pass the risk control system", "violates Safety rules", "sensitive words"] {
            assert!(speaks_of_rules(text), "{text}");
        }
        for text in ["", "internal error", "service busy"] {
            assert!(!speaks_of_rules(text), "{text}");
        }
    }
}
