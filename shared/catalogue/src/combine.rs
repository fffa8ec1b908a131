//! Combinations of options that a model refuses, and the smallest change that avoids them.

use crate::row::{Forbidden, Limits, Row, Shape};
use jobs::{Options, Value};
use std::collections::BTreeSet;

/// A change that has to be made: the option, its new value (nothing: left out), and why.
pub(crate) type Change = (String, Option<Value>, String);

/// A combination that can't be had, and no way around it.
#[derive(Debug)]
pub(crate) struct Impossible {
    /// The options that exclude each other.
    pub(crate) options: Vec<String>,
    /// Why, in a sentence.
    pub(crate) because: String,
}

/// The changes that make options legal. All combinations of the options that take part in a forbidden one are tried;
/// what nobody `asked` for changes before anything else, then what is of lower `importance`, then by the shortest way.
/// The error names the options that exclude each other, and says why: there is no legal combination.
pub(crate) fn legal(
    row: &Row,
    shape: Shape,
    options: &Options,
    asked: impl Fn(&str) -> bool,
    importance: impl Fn(&str) -> u64,
) -> Result<Vec<Change>, Impossible> {
    let forbidden: Vec<&Forbidden> =
        row.forbidden.iter().filter(|each| each.shapes.is_empty() || each.shapes.contains(&shape)).collect();
    let Some(broken) = forbidden.iter().find(|each| breaks(each, options)) else { return Ok(Vec::new()) };
    let names: BTreeSet<&String> = forbidden.iter().flat_map(|each| each.options()).collect();
    let dials: Vec<Dial> = names
        .into_iter()
        .filter_map(|name| {
            let limits = row.options.get(name)?;
            let weight = importance(name).max(1) * if asked(name) { ASKED } else { 1 };
            Some(Dial { name, values: values(limits, options.get(name), asked(name)), weight })
        })
        .collect();
    let mut best: Option<(u64, u64, Options)> = None;
    let mut turned = Options(options.0.clone());
    try_all(&dials, &mut turned, (0, 0), &mut |cost, candidate| {
        let better = best.as_ref().is_none_or(|(weight, way, _)| cost < (*weight, *way));
        if better && !forbidden.iter().any(|each| breaks(each, candidate)) {
            best = Some((cost.0, cost.1, candidate.clone()));
        }
    });
    let (.., best) = best.ok_or_else(|| Impossible {
        options: broken.options().cloned().collect(),
        because: broken.because.clone(),
    })?;
    let changed = dials.iter().filter(|dial| best.get(dial.name) != options.get(dial.name));
    Ok(changed
        .map(|dial| {
            let speaks =
                |each: &&&Forbidden| breaks(each, options) && each.options().any(|name| name == dial.name);
            let because = forbidden.iter().find(speaks).unwrap_or(broken).because.clone();
            (dial.name.clone(), best.get(dial.name).cloned(), because)
        })
        .collect())
}

/// What a caller asked for weighs more than everything together that nobody asked for.
const ASKED: u64 = 10_000;

/// An option that may be turned.
struct Dial<'a> {
    name: &'a String,
    /// The values it can take, the present one first, each with its way from there.
    values: Vec<(Option<Value>, u64)>,
    weight: u64,
}

/// Goes through all positions of the dials from the first on.
fn try_all(
    dials: &[Dial<'_>],
    options: &mut Options,
    cost: (u64, u64),
    visit: &mut impl FnMut((u64, u64), &Options),
) {
    let Some((dial, rest)) = dials.split_first() else {
        visit(cost, options);
        return;
    };
    for (place, (value, way)) in dial.values.iter().enumerate() {
        match value {
            Some(value) => options.set(dial.name.clone(), value.clone()),
            None => {
                options.0.remove(dial.name);
            }
        }
        let weight = if place == 0 { 0 } else { dial.weight };
        try_all(rest, options, (cost.0 + weight, cost.1 + way), visit);
    }
}

/// Whether options fall under a prohibition.
fn breaks(forbidden: &Forbidden, options: &Options) -> bool {
    forbidden.given.iter().all(|name| options.get(name).is_some())
        && forbidden.when.iter().all(|(name, values)| {
            options.get(name).is_some_and(|value| values.iter().any(|each| each.is(value)))
        })
}

/// The values that an option can take.
fn values(limits: &Limits, present: Option<&Value>, asked: bool) -> Vec<(Option<Value>, u64)> {
    /// The build script bounds the combinations; this only bounds a range.
    const MOST_VALUES: usize = 1_000;
    let all: Vec<Value> = match (&limits.values, limits.min, limits.max) {
        (Some(values), ..) => values.iter().map(|value| value.value()).collect(),
        (None, Some(min), Some(max)) => {
            let step = limits.step.unwrap_or(1.0);
            let numbers =
                (0..MOST_VALUES).map(|count| min + step * count as f64).take_while(|number| *number <= max);
            numbers.filter_map(Value::number).collect()
        }
        _ => Vec::new(),
    };
    let place = |value: &Value| all.iter().position(|each| each == value);
    let here = present.and_then(place).unwrap_or(0);
    let mut values = vec![(present.cloned(), 0)];
    if present.is_some() && !asked && limits.default.is_none() {
        values.push((None, 0));
    }
    let others = all.iter().enumerate().filter(|(_, value)| Some(*value) != present);
    values.extend(others.map(|(place, value)| (Some(value.clone()), place.abs_diff(here) as u64)));
    values
}
