//! Whether an order can be taken at all: every problem of it at once, ours and the catalogue's.

use crate::error::ApiError;
use catalogue::{Catalogue, Problem, Refusal, World};
use jobs::{Order, Plan, Value};
use outbound::{AllowList, PublicUrl};
use std::time::Duration;

/// Bytes of a prompt or of words to speak: an hour of speech, and far more than any model of pictures reads.
const MOST_TEXT: usize = 50_000;

/// Bytes of any other text option. Negative prompts are the longest.
const MOST_OPTION: usize = 5_000;

/// Reference pictures; the most that any model takes is fewer.
const MOST_IMAGES: usize = 16;

/// Letters of a reference.
const MOST_REFERENCE: usize = 200;

/// Options besides the common ones.
pub(crate) const MOST_EXTRAS: usize = 32;

/// The longest deadline. Nothing that a vendor makes takes a day.
const LONGEST_DEADLINE: Duration = Duration::from_secs(86_400);

/// An order as a caller wrote it, with what is wrong already.
pub(crate) struct Draft {
    /// What could be understood.
    pub(crate) order: Order,
    /// What could not.
    pub(crate) problems: Vec<Problem>,
    /// How long the answer may be held back for the result. It is no part of the order.
    pub(crate) wait: Duration,
}

/// A problem with a field, named as callers write it.
pub(crate) fn problem(field: impl Into<String>, problem: impl Into<String>) -> Problem {
    Problem { field: field.into(), problem: problem.into(), allowed: Vec::new() }
}

/// Finds the plan for an order, or everything that is wrong with it.
pub(super) fn choose(
    catalogue: &Catalogue,
    draft: &Draft,
    world: &World<'_>,
    allow: &AllowList,
) -> Result<Plan, ApiError> {
    let mut problems = draft.problems.clone();
    problems.extend(form_problems(&draft.order, allow));
    match catalogue.choose(&draft.order, world) {
        Ok(plan) if problems.is_empty() => Ok(plan),
        Ok(_) => Err(ApiError::invalid_input(problems)),
        Err(Refusal::Invalid { problems: found, candidates }) => {
            // Of two problems of one field, ours is the more basic one.
            let new = found.into_iter().filter(|new| problems.iter().all(|known| known.field != new.field));
            let new: Vec<Problem> = new.collect();
            problems.extend(new);
            Err(ApiError::nobody_can(problems, candidates))
        }
        Err(refusal @ Refusal::Unavailable { .. }) if problems.is_empty() => Err(refusal.into()),
        Err(Refusal::Unavailable { .. }) => Err(ApiError::invalid_input(problems)),
    }
}

/// What is wrong whatever the model.
fn form_problems(order: &Order, allow: &AllowList) -> Vec<Problem> {
    let mut problems = Vec::new();
    let input = &order.input;
    match input.text.as_deref() {
        Some(text) if text.trim().is_empty() => problems.push(problem("input.text", "must not be empty")),
        Some(text) if text.len() > MOST_TEXT => problems.push(problem(
            "input.text",
            format!("must not be longer than {MOST_TEXT} bytes, it has {}", text.len()),
        )),
        _ => {}
    }
    let media = [
        ("input.image", &input.image),
        ("input.lastImage", &input.last_image),
        ("input.video", &input.video),
        ("input.audio", &input.audio),
        ("webhookUrl", &order.webhook_url),
    ];
    let mut addresses: Vec<(String, &str)> =
        media.into_iter().filter_map(|(field, url)| Some((field.to_owned(), url.as_deref()?))).collect();
    addresses.extend(
        input.images.iter().enumerate().map(|(index, url)| (format!("input.images[{index}]"), url.as_str())),
    );
    for (field, url) in addresses {
        if let Err(why) = PublicUrl::parse(url, allow) {
            problems.push(problem(field, why.to_string()));
        }
    }
    if input.images.len() > MOST_IMAGES {
        problems.push(problem("input.images", format!("must not be more than {MOST_IMAGES}")));
    }
    let texts = [("input.voice", &input.voice), ("provider", &order.provider), ("model", &order.model)];
    for (field, text) in texts {
        problems.extend(text.as_deref().and_then(|text| text_problem(field, text)));
    }
    for (name, value) in &order.options.0 {
        if let Value::Text(text) = value {
            problems.extend(text_problem(&format!("options.{name}"), text));
        }
    }
    if order.reference.as_ref().is_some_and(|reference| reference.chars().count() > MOST_REFERENCE) {
        problems.push(problem("reference", format!("must not be longer than {MOST_REFERENCE} characters")));
    }
    if order.deadline.is_some_and(|deadline| deadline > LONGEST_DEADLINE) {
        let most = LONGEST_DEADLINE.as_secs();
        problems.push(problem("deadlineSeconds", format!("must not be more than {most}")));
    }
    problems
}

fn text_problem(field: &str, text: &str) -> Option<Problem> {
    if text.trim().is_empty() {
        Some(problem(field, "must not be empty"))
    } else if text.len() > MOST_OPTION {
        Some(problem(field, format!("must not be longer than {MOST_OPTION} bytes, it has {}", text.len())))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs::Kind;

    #[test]
    fn each_bad_field_is_named() {
        type Edit = fn(&mut Order);
        let cases: [(&str, Edit); 11] = [
            ("input.text", |order| order.input.text = Some(" \n".into())),
            ("input.text", |order| order.input.text = Some("a".repeat(102_400))),
            ("input.image", |order| order.input.image = Some("not a url".into())),
            ("input.lastImage", |order| order.input.last_image = Some("http://example.com/a.png".into())),
            ("input.images[1]", |order| {
                order.input.images = vec!["https://example.com/a.png".into(), "file:///etc/passwd".into()];
            }),
            ("input.video", |order| order.input.video = Some("https://127.0.0.1/a.mp4".into())),
            ("webhookUrl", |order| order.webhook_url = Some("https://169.254.169.254/latest".into())),
            ("webhookUrl", |order| order.webhook_url = Some("https://user:pass@example.com/".into())),
            ("options.style", |order| order.options.set("style", Value::Text("x".repeat(5_001)))),
            ("reference", |order| order.reference = Some("ж".repeat(201))),
            ("deadlineSeconds", |order| order.deadline = Some(Duration::from_secs(86_401))),
        ];
        for (field, edit) in cases {
            let mut order = Order::of(Kind::Video, "a fox");
            edit(&mut order);
            let fields: Vec<String> = form_problems(&order, &AllowList::default())
                .into_iter()
                .map(|problem| problem.field)
                .collect();
            assert_eq!(fields, [field]);
        }
    }

    #[test]
    fn a_usual_order_has_no_problem_of_form() {
        let mut order = Order::of(Kind::Video, "ж".repeat(20_000));
        order.input.image = Some("https://example.com/character.jpg".into());
        order.webhook_url = Some("https://your-app.com/webhook".into());
        order.reference = Some("ж".repeat(200));
        assert_eq!(form_problems(&order, &AllowList::default()).len(), 0);
    }
}
