//! From wishes to the options that a model can honour.

use crate::{
    combine::{self, Impossible},
    nearest::{Found, listed, nearest},
    row::{Book, Limits, Row, Scalar, Shape, Wish},
    wishes::Wishes,
};
use jobs::{Adjustment, Options, Priority, Value};
use std::collections::BTreeMap;

/// What became of the wishes.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Options within the model's limits, usual values filled in.
    pub(crate) options: Options,
    /// What was changed.
    pub(crate) notes: Vec<Note>,
    /// Wishes to be told in the prompt, in the order in which they are told.
    pub(crate) told: Vec<Told>,
}

/// A change and how much it matters.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    /// The change.
    pub(crate) adjustment: Adjustment,
    /// How much it matters.
    pub(crate) weight: Weight,
}

/// How much a change matters: to strict callers and when we choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// What was asked for is what the model does anyway.
    None,
    /// It is told in other words.
    Told,
    /// It was left out.
    LeftOut,
    /// Something else is made instead.
    Changed,
}

/// A wish that belongs in the prompt.
#[derive(Debug)]
pub(crate) struct Told {
    /// The option.
    pub(crate) option: String,
    /// What was asked for.
    pub(crate) requested: String,
    /// The words to add.
    pub(crate) words: String,
}

/// Settles wishes with a model, unless no combination of its options is possible.
pub(crate) fn settle(
    book: &Book,
    row: &Row,
    shape: Shape,
    wishes: &Wishes,
    picked_by: Option<&str>,
    priority: Option<Priority>,
) -> Result<Settled, Impossible> {
    let mut work = Work { book, row, shape, settled: Settled::default(), asked: BTreeMap::new() };
    for (name, value) in wishes.iter().filter(|(name, _)| *name != "resolution") {
        work.take(name, value, wishes, picked_by);
    }
    // After the option that may stand for it.
    if let Some(value) = wishes.get("resolution") {
        work.take("resolution", value, wishes, picked_by);
    }
    work.fill_in(priority);
    work.combine()?;
    work.tell_resolution();
    Ok(work.finish())
}

/// The settling of one order with one model.
struct Work<'a> {
    book: &'a Book,
    row: &'a Row,
    shape: Shape,
    settled: Settled,
    /// Parameters that the caller asked for.
    asked: BTreeMap<String, Asked>,
}

/// A parameter that the caller asked for.
struct Asked {
    /// As it was written.
    requested: String,
    /// What the caller would get without a change, as the model writes it; nothing when it knows no such value.
    exact: Option<Value>,
    /// Why another value is used.
    reason: String,
}

impl<'a> Work<'a> {
    /// Whether the model has this parameter for this input.
    fn parameter(&self, name: &str) -> Option<&'a Limits> {
        self.row
            .options
            .get(name)
            .filter(|limits| limits.shapes.is_empty() || limits.shapes.contains(&self.shape))
    }

    /// The parameter that stands for the resolution, if the model has none for that itself.
    fn stands_for_resolution(&self) -> Option<(&'a String, &'a Limits)> {
        self.row.options.iter().find(|(_, limits)| !limits.resolutions.is_empty())
    }

    /// Takes up one wish.
    fn take(&mut self, name: &str, value: &Value, wishes: &Wishes, picked_by: Option<&str>) {
        if let Some(fixed) = self.row.fixed.get(name) {
            if !fixed.is(value) {
                let tier = picked_by == Some(name);
                let reason = if tier {
                    "the model that was chosen is another one"
                } else {
                    "it is the same for every order"
                };
                self.note(
                    name,
                    value,
                    Some(fixed.to_string()),
                    format!("{}: {reason}", self.row.model),
                    Weight::Changed,
                );
            }
            return;
        }
        if let Some(limits) = self.parameter(name) {
            match limits.unless.iter().find(|other| wishes.contains_key(*other)) {
                Some(other) => {
                    let reason = format!("{other} decides it");
                    self.note(name, value, None, reason, Weight::LeftOut);
                }
                None => self.take_parameter(name, value, limits),
            }
            return;
        }
        if name == "resolution"
            && let Some((owner, limits)) = self.stands_for_resolution()
        {
            self.take_resolution(owner, limits, value);
            return;
        }
        let Some(wish) = self.book.options.get(name) else { return };
        self.without_parameter(name, value, wish);
    }

    /// A wish for which the model has a parameter.
    fn take_parameter(&mut self, name: &str, value: &Value, limits: &Limits) {
        let Some(wish) = self.book.options.get(name) else { return };
        let requested = value.to_string();
        match nearest(wish, limits, value) {
            Found::Same(value) => {
                self.settled.options.set(name, value.clone());
                self.asked
                    .insert(name.to_owned(), Asked { requested, exact: Some(value), reason: String::new() });
            }
            Found::Nearest(value, reason) => {
                self.settled.options.set(name, value);
                let reason = format!("{} {reason}", self.row.model);
                self.asked.insert(name.to_owned(), Asked { requested, exact: None, reason });
            }
            Found::Nothing if wish.prompt.is_some() && !self.row.speaks(self.shape) => {
                self.tell(name, value, wish)
            }
            Found::Nothing => {
                let reason = match (&limits.values, limits.longest) {
                    (None, Some(most)) if within_forms(limits, value) => {
                        format!("{} takes {most} characters", self.row.model)
                    }
                    (None, _) => format!("{} takes {}", self.row.model, forms(limits)),
                    (Some(values), _) => format!("{} takes {}", self.row.model, listed(values)),
                };
                let used = limits.default.as_ref().map(Scalar::to_string);
                let weight = if used.is_some() { Weight::Changed } else { Weight::LeftOut };
                self.note(name, value, used, reason, weight);
            }
        }
    }

    /// A resolution where another parameter stands for it: that parameter is asked for, unless the caller did.
    fn take_resolution(&mut self, owner: &str, limits: &Limits, value: &Value) {
        let requested = value.to_string();
        let Some(wish) = self.book.options.get("resolution") else { return };
        let known = limits.values.iter().flatten();
        let sizes: Vec<Scalar> = known
            .clone()
            .filter_map(|value| limits.resolutions.get(&value.to_string()))
            .map(|size| Scalar::Text(size.clone()))
            .collect();
        let list = Limits { values: Some(sizes), ..Limits::default() };
        let (size, exact, reason) = match nearest(wish, &list, value) {
            Found::Same(size) => (size.to_string(), Some(size), format!("{owner} decides it")),
            Found::Nearest(size, reason) => (size.to_string(), None, format!("{} {reason}", self.row.model)),
            Found::Nothing => {
                let used =
                    limits.default.as_ref().and_then(|value| limits.resolutions.get(&value.to_string()));
                self.note(
                    "resolution",
                    value,
                    used.cloned(),
                    format!("{} knows no such resolution", self.row.model),
                    Weight::Changed,
                );
                return;
            }
        };
        self.asked.insert("resolution".to_owned(), Asked { requested, exact, reason });
        if !self.asked.contains_key(owner) {
            let mut modes = known.filter(|value| limits.resolutions.get(&value.to_string()) == Some(&size));
            if let Some(mode) = modes.next().map(Scalar::value) {
                self.settled.options.set(owner, mode.clone());
                let asked = Asked { requested: mode.to_string(), exact: Some(mode), reason: String::new() };
                self.asked.insert(owner.to_owned(), asked);
            }
        }
    }

    /// A wish for which the model has no parameter.
    fn without_parameter(&mut self, name: &str, value: &Value, wish: &Wish) {
        let model = &self.row.model;
        if wish.neutral.as_ref().is_some_and(|neutral| neutral.is(value)) {
            let reason = format!("{model} has no such setting and does as usual");
            self.note(name, value, None, reason, Weight::None);
        } else if wish.prompt.is_some() && !self.row.speaks(self.shape) {
            self.tell(name, value, wish);
        } else {
            let reason = if wish.prompt.is_some() {
                format!("{model} has no such setting, and nothing may be added to a text that is spoken")
            } else if self.row.options.contains_key(name) {
                format!("{model} takes it from the given material")
            } else {
                format!("{model} has no such setting")
            };
            self.note(name, value, None, reason, Weight::LeftOut);
        }
    }

    /// A wish that belongs in the prompt.
    fn tell(&mut self, name: &str, value: &Value, wish: &Wish) {
        let Some(words) = &wish.prompt else { return };
        let requested = value.to_string();
        self.settled.told.push(Told {
            option: name.to_owned(),
            words: words.replace("{}", &requested),
            requested,
        });
    }

    /// Fills in what nobody asked for.
    fn fill_in(&mut self, priority: Option<Priority>) {
        let row = self.row;
        for (name, limits) in &row.options {
            if self.settled.options.get(name).is_some() || self.parameter(name).is_none() {
                continue;
            }
            let twin = limits.same_as.as_ref().and_then(|twin| self.settled.options.get(twin));
            let thrifty = limits.thrifty.as_ref().filter(|_| priority == Some(Priority::Cost));
            let usual = thrifty.or(limits.default.as_ref()).map(Scalar::value);
            if let Some(value) = twin.cloned().or(usual) {
                self.settled.options.set(name, value);
            }
        }
        let idle = |(name, limits): (&String, &Limits)| {
            limits.unless.iter().any(|other| self.settled.options.get(other).is_some()).then(|| name.clone())
        };
        let idle: Vec<String> = row.options.iter().filter_map(idle).collect();
        for name in idle {
            self.settled.options.0.remove(&name);
        }
    }

    /// Gives way where the model refuses a combination.
    fn combine(&mut self) -> Result<(), Impossible> {
        let asked = |name: &str| self.asked.contains_key(name);
        let weights = |name: &str| self.book.options.get(name).map_or(1, |wish| u64::from(wish.importance));
        let changes = combine::legal(self.row, self.shape, &self.settled.options, asked, weights)?;
        for (name, value, because) in changes {
            if let Some(asked) = self.asked.get_mut(&name) {
                asked.reason = because.clone();
            }
            match value {
                Some(value) => self.settled.options.set(name, value),
                None => {
                    self.settled.options.0.remove(&name);
                }
            }
        }
        Ok(())
    }

    /// Adds the resolution that another parameter stands for.
    fn tell_resolution(&mut self) {
        if let Some((owner, limits)) = self.stands_for_resolution()
            && let Some(mode) = self.settled.options.get(owner).map(Value::to_string)
            && let Some(size) = limits.resolutions.get(&mode)
        {
            self.settled.options.set("resolution", Value::Text(size.clone()));
        }
    }

    /// Tells what differs from what was asked for.
    fn finish(mut self) -> Settled {
        for (option, asked) in self.asked {
            let used = self.settled.options.get(&option);
            let caveat = || self.row.options.get(&option)?.caveats.get(&self.shape).cloned();
            let (reason, weight) = match used == asked.exact.as_ref() && used.is_some() {
                false => (Some(asked.reason), Weight::Changed),
                true => (caveat(), Weight::Told),
            };
            let used = used.map(Value::to_string);
            if let Some(reason) = reason {
                let adjustment = Adjustment { option, requested: asked.requested, used, reason };
                self.settled.notes.push(Note { adjustment, weight });
            }
        }
        self.settled
    }

    /// Notes a change.
    fn note(&mut self, name: &str, value: &Value, used: Option<String>, reason: String, weight: Weight) {
        let adjustment = Adjustment { option: name.to_owned(), requested: value.to_string(), used, reason };
        self.settled.notes.push(Note { adjustment, weight });
    }
}

/// Whether a value has one of the forms that a parameter takes.
fn within_forms(limits: &Limits, value: &Value) -> bool {
    let text = value.as_text().unwrap_or_default();
    limits.forms.is_empty() || limits.forms.iter().any(|form| form.fits(text))
}

/// The forms that a parameter takes, as a sentence lists them.
fn forms(limits: &Limits) -> String {
    let mut words: Vec<String> = limits.forms.iter().map(|form| form.described().to_owned()).collect();
    if !limits.words.is_empty() {
        words.push(format!("a name: {}", limits.words.keys().cloned().collect::<Vec<_>>().join(", ")));
    }
    words.join(", or ")
}
