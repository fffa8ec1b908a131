//! Whole orders through the whole catalogue.

mod adjusting;
mod cards;
mod choice;
mod file;
mod health;
mod overrides;
mod properties;
mod samples;

use crate::{Catalogue, Problem, Refusal, World};
use jobs::{Kind, Mode, Order, Plan, Value};
use std::collections::BTreeSet;

/// Vendors with an adapter, by name.
fn vendors(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// All vendors of the catalogue.
fn everybody() -> BTreeSet<String> {
    Catalogue::built_in().vendors().into_iter().map(str::to_owned).collect()
}

/// Chooses with a test key and no adapter at all.
fn test_key(order: &Order) -> Result<Plan, Refusal> {
    choose(order, Mode::Test, &BTreeSet::new())
}

/// Chooses with a live key, all vendors being there.
fn live_key(order: &Order) -> Result<Plan, Refusal> {
    choose(order, Mode::Live, &everybody())
}

/// Chooses.
fn choose(order: &Order, mode: Mode, live_vendors: &BTreeSet<String>) -> Result<Plan, Refusal> {
    Catalogue::built_in().choose(order, &World { mode, live_vendors, latency_scale: 1.0, knowledge: None })
}

/// An order with a provider and options.
fn order(kind: Kind, provider: &str, options: &[(&str, Value)]) -> Order {
    let mut order = Order::of(kind, "a fox crosses a bridge");
    order.provider = (!provider.is_empty()).then(|| provider.to_owned());
    for (name, value) in options {
        order.options.set(*name, value.clone());
    }
    order
}

/// A text value.
fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A number.
fn number(number: f64) -> Value {
    Value::number(number).unwrap()
}

/// The problems of an order.
fn problems(answer: Result<Plan, Refusal>) -> Vec<Problem> {
    match answer {
        Err(Refusal::Invalid { problems, .. }) => problems,
        other => panic!("not invalid: {other:?}"),
    }
}

/// The fields of an order's problems.
fn fields(answer: Result<Plan, Refusal>) -> Vec<String> {
    problems(answer).into_iter().map(|problem| problem.field).collect()
}

/// The adjustments as `option: requested -> used`.
fn changes(plan: &Plan) -> Vec<String> {
    let used = |used: &Option<String>| used.clone().unwrap_or("-".to_owned());
    plan.adjustments
        .iter()
        .map(|each| format!("{}: {} -> {}", each.option, each.requested, used(&each.used)))
        .collect()
}
