//! What a good row looks like: held when the crate is built, and again for what an operator changes.

use crate::row::{
    Book, Forbidden, Limits, Media, Per, Preferred, Price, Row, Scalar, Scale, Shape, State, Sure, ValueKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// A name as it is compared: case and separators don't count.
pub(crate) fn squashed(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names must not collide: providers among each other, models and their aliases within a provider and type.
pub(crate) fn names(book: &Book) -> Vec<String> {
    let mut faults = Vec::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for (id, provider) in &book.providers {
        for name in std::iter::once(id).chain(&provider.aliases) {
            if squashed(name).is_empty() {
                faults.push(format!("provider {id}: the name {name:?} has no letter and no digit"));
            }
            if let Some(other) = taken.insert(squashed(name), id) {
                faults.push(format!("provider {id}: the name {name:?} belongs to {other} already"));
            }
        }
        if !book.rows.iter().any(|row| row.provider == *id) {
            faults.push(format!("provider {id}: has no model"));
        }
        if let Some(option) = &provider.picked_by
            && !book.options.contains_key(option)
        {
            faults.push(format!("provider {id}: there is no option {option:?}"));
        }
    }
    let mut taken: BTreeMap<(&str, Media, String), &str> = BTreeMap::new();
    let mut defaults: BTreeMap<(&str, Media, Shape), &str> = BTreeMap::new();
    for row in &book.rows {
        for name in std::iter::once(&row.model).chain(&row.aliases) {
            if squashed(name).is_empty() {
                faults.push(format!("model {}: the name {name:?} has no letter and no digit", row.model));
            }
            if let Some(other) = taken.insert((&row.provider, row.kind, squashed(name)), &row.model) {
                faults.push(format!("model {}: the name {name:?} belongs to {other} already", row.model));
            }
        }
        for shape in &row.default_for {
            if let Some(other) = defaults.insert((&row.provider, row.kind, *shape), &row.model) {
                faults.push(format!("model {}: {other} is the default for {shape:?} already", row.model));
            }
        }
    }
    faults
}

/// What must be known of a model that is made.
pub(crate) fn making(book: &Book, row: &Row) -> Vec<String> {
    let mut faults = Vec::new();
    let figures = [
        ("text_most", row.text_most),
        ("quality", row.quality.into()),
        ("speed", row.speed.into()),
        ("median", row.median),
        ("deadline", row.deadline),
        ("submit_timeout", row.submit_timeout),
    ];
    for (name, figure) in figures {
        if figure == 0 {
            faults.push(format!("{name} is missing"));
        }
    }
    for (name, text) in
        [("vendor", &row.vendor), ("vendor_model", &row.vendor_model), ("description", &row.description)]
    {
        if text.is_empty() {
            faults.push(format!("{name} is missing"));
        }
    }
    // Written so that a figure that is no number is out of it, too.
    if !(0.2..=60.0).contains(&row.poll_floor) {
        faults.push("poll_floor is not from 0.2 to 60 seconds".to_owned());
    }
    if row.quality > 5 || row.speed > 5 {
        faults.push("quality and speed are ranks from 1 to 5".to_owned());
    }
    if row.deadline < row.median || row.deadline < row.submit_timeout {
        faults.push("the deadline is shorter than the median or the submitting call".to_owned());
    }
    if row.inputs.is_empty() {
        faults.push("has no inputs".to_owned());
    }
    for shape in row.inputs.keys().filter(|shape| !suits(row.kind, **shape)) {
        faults.push(format!("input {shape:?} does not belong to its type"));
    }
    for shape in row.default_for.iter().filter(|shape| !row.inputs.contains_key(shape)) {
        faults.push(format!("is the default for {shape:?}, which it does not take"));
    }
    if row.chosen_when.as_ref().is_some_and(|when| !row.options.contains_key(&when.given)) {
        faults.push("is chosen by an option that it has not".to_owned());
    }
    for (name, limits) in &row.options {
        match book.options.get(name) {
            None => faults.push(format!("there is no option {name}")),
            Some(wish) => {
                let mut theirs = limit(row, wish.kind, limits);
                if wish.scale == Scale::Ratio && !descend(limits) {
                    theirs.push("its values do not go from wide to tall".to_owned());
                }
                faults.extend(theirs.into_iter().map(|fault| format!("option {name}: {fault}")));
            }
        }
    }
    for name in
        row.fixed.keys().filter(|name| !book.options.contains_key(*name) || row.options.contains_key(*name))
    {
        faults.push(format!("fixed {name} is no option of the API, or one that can be chosen"));
    }
    for each in &row.forbidden {
        faults.extend(conditions(row, &each.when).into_iter().map(|fault| format!("forbidden: {fault}")));
        if !each.given.iter().all(|name| row.options.contains_key(name)) {
            faults.push("forbidden: it speaks of an option that the model has not".to_owned());
        }
    }
    if combinations(row) > 2_000 {
        faults.push(
            "so many options take part in forbidden combinations that trying all of them is no plan"
                .to_owned(),
        );
    }
    match &row.price {
        None => faults.push("has no price".to_owned()),
        Some(each) => faults.extend(price(row, each).into_iter().map(|fault| format!("price: {fault}"))),
    }
    faults
}

/// Which inputs belong to a type.
fn suits(kind: Media, shape: Shape) -> bool {
    use Shape::{Audio, Edit, FirstLast, Image, ImageAudio, ImageScript, References, Script, Text, Video};
    match kind {
        Media::Video => matches!(shape, Text | Image | FirstLast | References | Video),
        Media::Image => matches!(shape, Text | Edit),
        Media::Audio => shape == Text,
        Media::Avatar => {
            matches!(
                shape,
                Script | ImageScript | Audio | ImageAudio | Shape::VideoAudio | Shape::VideoScript
            )
        }
    }
}

/// An option's limits must make sense and hold its own defaults.
fn limit(row: &Row, kind: ValueKind, limits: &Limits) -> Vec<String> {
    let mut faults = Vec::new();
    let number = |value: &Scalar| match value {
        Scalar::Whole(number) => Some(*number as f64),
        Scalar::Decimal(number) => Some(*number),
        Scalar::Flag(_) | Scalar::Text(_) => None,
    };
    let typed = |value: &Scalar| match kind {
        ValueKind::Text => matches!(value, Scalar::Text(_)),
        ValueKind::Int => matches!(value, Scalar::Whole(_)),
        ValueKind::Number => number(value).is_some(),
        ValueKind::Flag => matches!(value, Scalar::Flag(_)),
    };
    let within = |value: &Scalar| {
        typed(value)
            && limits.values.as_ref().is_none_or(|values| values.contains(value))
            && match value {
                Scalar::Text(text) => {
                    limits.longest.is_none_or(|most| text.chars().count() <= most as usize)
                        && (limits.forms.is_empty() || limits.forms.iter().any(|form| form.fits(text)))
                }
                Scalar::Flag(_) | Scalar::Whole(_) | Scalar::Decimal(_) => true,
            }
            && number(value).is_none_or(|number| {
                limits.min.is_none_or(|min| number >= min) && limits.max.is_none_or(|max| number <= max)
            })
    };
    if let Some(values) = &limits.values {
        if values.is_empty() || !values.iter().all(typed) {
            faults.push("its values are missing or of another type".to_owned());
        }
        let numbers: Vec<f64> = values.iter().filter_map(number).collect();
        if numbers.windows(2).any(|pair| matches!(pair, [one, next] if one >= next)) {
            faults.push("its values do not ascend".to_owned());
        }
    } else if matches!(kind, ValueKind::Int | ValueKind::Number)
        && (limits.min.is_none() || limits.max.is_none())
    {
        faults.push("a number needs values, or min and max".to_owned());
    } else if kind == ValueKind::Text && limits.longest.is_none() {
        faults.push("a text needs values or longest".to_owned());
    }
    if !limits.forms.is_empty() && (kind != ValueKind::Text || limits.values.is_some()) {
        faults.push("forms are those of a free text".to_owned());
    }
    if matches!((limits.min, limits.max), (Some(min), Some(max)) if min > max) {
        faults.push("min is above max".to_owned());
    }
    if limits.step.is_some_and(|step| step <= 0.0) {
        faults.push("step must be above 0".to_owned());
    }
    for (what, value) in [("default", &limits.default), ("thrifty", &limits.thrifty)] {
        if value.as_ref().is_some_and(|value| !within(value)) {
            faults.push(format!("its {what} is not among its values"));
        }
    }
    for (word, value) in &limits.words {
        if !within(value) {
            faults.push(format!("the word {word:?} stands for something that is not among its values"));
        }
        if word.to_lowercase() != *word {
            faults.push(format!("the word {word:?} must be lower-case"));
        }
    }
    let known = |name: &String| row.options.contains_key(name);
    if !limits.unless.iter().chain(&limits.same_as).all(known) {
        faults.push("it speaks of an option that the model has not".to_owned());
    }
    if limits.shapes.iter().chain(limits.caveats.keys()).any(|shape| !row.inputs.contains_key(shape)) {
        faults.push("it speaks of an input that the model does not take".to_owned());
    }
    if !limits.resolutions.is_empty() {
        let texts: BTreeSet<String> = limits.values.iter().flatten().map(Scalar::to_string).collect();
        if limits.resolutions.keys().any(|value| !texts.contains(value))
            || limits.resolutions.len() != texts.len()
        {
            faults.push("resolutions must name each of its values".to_owned());
        }
        if known(&"resolution".to_owned()) || row.fixed.contains_key("resolution") {
            faults.push("the model's resolution is told twice".to_owned());
        }
    }
    faults
}

/// Ratios are listed from wide to tall, so that neighbours in the list are neighbours in shape.
fn descend(limits: &Limits) -> bool {
    let ratio = |value: &Scalar| {
        let text = value.to_string();
        let (width, height) = text.split_once(':')?;
        Some(width.parse::<f64>().ok()? / height.parse::<f64>().ok()?)
    };
    let ratios: Vec<f64> = limits.values.iter().flatten().filter_map(ratio).collect();
    ratios.windows(2).all(|pair| matches!(pair, [one, next] if one > next))
}

/// Conditions speak of options that exist, and of values that these can have.
fn conditions(row: &Row, when: &BTreeMap<String, Vec<Scalar>>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, values) in when {
        match row.options.get(name) {
            None => faults.push(format!("it speaks of the option {name}, which the model has not")),
            Some(limits) => {
                let strange =
                    |value: &&Scalar| limits.values.as_ref().is_some_and(|known| !known.contains(value));
                if let Some(value) = values.iter().find(strange) {
                    faults.push(format!("{name} never is {value}"));
                }
            }
        }
    }
    faults
}

/// How many combinations there are of the options that take part in forbidden ones.
fn combinations(row: &Row) -> usize {
    let names: BTreeSet<&String> = row.forbidden.iter().flat_map(Forbidden::options).collect();
    let count = |name: &&String| match row.options.get(*name) {
        None => 1,
        Some(limits) => match (&limits.values, limits.min, limits.max) {
            (Some(values), ..) => values.len() + 1,
            (None, Some(min), Some(max)) => {
                (((max - min) / limits.step.unwrap_or(1.0)).min(1e6) as usize) + 2
            }
            _ => 3,
        },
    };
    names.iter().map(count).fold(1, usize::saturating_mul)
}

/// A price must hold whatever is asked for, and have what its unit needs.
fn price(row: &Row, price: &Price) -> Vec<String> {
    let mut faults = Vec::new();
    if !price.rules.last().is_some_and(|last| last.when.is_empty() && last.shapes.is_empty()) {
        faults.push("its last rule must fit always".to_owned());
    }
    for rule in &price.rules {
        faults.extend(conditions(row, &rule.when));
        if rule.usd.0 == 0 {
            faults.push("a rule costs nothing".to_owned());
        }
        if matches!(price.per, Per::MillionTokens | Per::Megapixel) && rule.pixels.is_none() {
            faults.push("a rule needs pixels".to_owned());
        }
        if rule.shapes.iter().any(|shape| !row.inputs.contains_key(shape)) {
            faults.push("a rule speaks of an input that the model does not take".to_owned());
        }
    }
    let timed = matches!(price.per, Per::Second | Per::MillionTokens);
    if timed && row.options.get("duration").is_none_or(|limits| limits.default.is_none()) {
        faults.push("it goes by the second, but the duration has no default".to_owned());
    }
    if price.clip_seconds > 0 && price.per != Per::Second {
        faults.push("seconds of a clip are charged only where the price goes by the second".to_owned());
    }
    if price.tag.as_ref().is_some_and(|tag| !row.options.contains_key(tag)) {
        faults.push("its tag is no option of the model".to_owned());
    }
    if price.sure == Sure::Unknown && row.state == State::On && !row.description.contains("price") {
        faults.push("nobody knows it, and the description does not say so".to_owned());
    }
    faults
}

/// Whether a model is offered for an input, at a price that somebody knows.
pub(crate) fn may_be_preferred(book: &Book, cell: &Preferred, name: &str) -> bool {
    book.rows.iter().any(|row| {
        row.model == name
            && row.kind == cell.kind
            && row.state == State::On
            && row.inputs.contains_key(&cell.shape)
            && row.price.as_ref().is_some_and(|price| price.sure != Sure::Unknown)
    })
}
