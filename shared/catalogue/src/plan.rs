//! From a fit to a plan, within the caller's own limits.

use crate::{
    Problem, World,
    fit::Fit,
    price,
    row::{Cancel, Scalar},
    settle::{Note, Weight},
};
use jobs::{CancelKind, Mode, Order, Plan};
use std::time::Duration;

/// The adapter that answers test keys.
const SIMULATOR: &str = "simulator";

/// What a caller's own limits have against a fit: its price, and with `strict` every change.
pub(crate) fn refused(fitted: &Fit<'_>, notes: &[Note], order: &Order) -> Option<Vec<Problem>> {
    let mut problems = Vec::new();
    let cost = price::credits(fitted.price);
    if let Some(most) = order.max_credits.filter(|most| cost > *most) {
        let problem = format!("{} costs {cost} credits, more than {most}", fitted.row.model);
        problems.push(Problem::new("maxCredits", problem).allowing([cost]));
    }
    if order.strict {
        for Note { adjustment, weight } in notes.iter().chain(&fitted.notes) {
            if *weight == Weight::None {
                continue;
            }
            let option = &adjustment.option;
            let field = if option == "model" { option.clone() } else { format!("options.{option}") };
            let limits = fitted.row.options.get(option);
            let allowed =
                limits.and_then(|limits| limits.values.as_ref()).into_iter().flatten().map(Scalar::to_string);
            problems.push(Problem::new(field, adjustment.reason.clone()).allowing(allowed));
        }
    }
    (!problems.is_empty()).then_some(problems)
}

/// The plan for a fit.
pub(crate) fn plan(fitted: Fit<'_>, notes: Vec<Note>, world: &World<'_>) -> Plan {
    let Fit { row, matched, options, notes: own, prompt, price } = fitted;
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    // A scale that is no number, or absurd, must not end in a panic.
    let scale = if world.latency_scale.is_finite() { world.latency_scale.clamp(0.001, 1_000.0) } else { 1.0 };
    let mut plan = Plan {
        provider: row.provider.clone(),
        model: row.model.clone(),
        vendor: row.vendor.clone(),
        vendor_model: matched.rule.vendor_model.as_ref().unwrap_or(&row.vendor_model).clone(),
        prompt,
        options,
        adjustments: notes.into_iter().chain(own).map(|note| note.adjustment).collect(),
        cost: price::credits(price),
        candidates: Vec::new(),
        median: seconds(matched.rule.median.unwrap_or(row.median)),
        poll_floor: Duration::try_from_secs_f64(row.poll_floor).unwrap_or(Duration::from_secs(5)),
        deadline: seconds(row.deadline),
        submit_timeout: seconds(row.submit_timeout),
        cancel: match row.cancel {
            Cancel::Never => CancelKind::Never,
            Cancel::WhileQueued => CancelKind::WhileQueued,
            Cancel::Anytime => CancelKind::Anytime,
        },
    };
    if world.mode == Mode::Test {
        SIMULATOR.clone_into(&mut plan.vendor);
        plan.median = seconds(3);
        plan.poll_floor = seconds(1);
        plan.deadline = seconds(120);
        plan.submit_timeout = seconds(10);
        plan.cancel = CancelKind::Anytime;
    }
    plan.median = plan.median.mul_f64(scale);
    // What it took lately was measured as it is, so no scale applies.
    if let Some(median) = world.live_median(row, row.kind.kind(), &plan.options) {
        plan.median = median;
    }
    plan
}
