//! Laying an operator's changes over a catalogue.

use super::{At, Fault, ModelChange, Overrides, ProviderChange, Switch};
use crate::{
    Catalogue, check,
    names::{similar, squashed},
    row::{Book, Row, State},
};

impl Catalogue {
    /// The built-in catalogue with what a file changes: never one that was changed before, so that the file alone says
    /// what differs.
    ///
    /// # Errors
    ///
    /// As [`Overrides::parse`] and [`Catalogue::with`].
    pub fn changed_by(file: &[u8]) -> Result<Catalogue, Fault> {
        Catalogue::built_in().with(&Overrides::parse(file)?)
    }

    /// This catalogue with an operator's changes; itself it stays as it is.
    ///
    /// # Errors
    ///
    /// The first entry that does not go with this catalogue: it names something that does not exist, gives a name that
    /// is taken, or leaves a model that could not have been built so.
    pub fn with(&self, overrides: &Overrides) -> Result<Catalogue, Fault> {
        let mut changed = Catalogue { book: self.book.clone(), in_flight: self.in_flight.clone() };
        changed.change_vendors(overrides)?;
        changed.change_providers(overrides)?;
        for (name, At { line, change }) in &overrides.models {
            let fault = |problem: String| Fault::of(*line, format!("model {name}"), problem);
            let place = position(&changed.book, name).map_err(fault)?;
            if let Some(row) = changed.book.rows.get_mut(place) {
                apply(row, change).map_err(fault)?;
            }
        }
        // Only now, when everything that may refer to each other is in its place.
        for (name, At { line, change }) in &overrides.models {
            let fault = |problem: String| Fault::of(*line, format!("model {name}"), problem);
            let place = position(&changed.book, name).map_err(fault)?;
            if let Some(row) = changed.book.rows.get(place) {
                changed.check_model(row, change).map_err(fault)?;
            }
        }
        changed.change_preferred(overrides)?;
        match check::names(&changed.book).into_iter().next() {
            Some(problem) => Err(Fault::whole(problem)),
            None => Ok(changed),
        }
    }

    fn change_vendors(&mut self, overrides: &Overrides) -> Result<(), Fault> {
        let known: Vec<String> = self.vendors().into_iter().map(str::to_owned).collect();
        for (name, At { line, change }) in &overrides.vendors {
            if !known.contains(name) {
                let problem =
                    format!("there is no such vendor{}", meant(name, known.iter().map(String::as_str)));
                return Err(Fault::of(*line, format!("vendor {name}"), problem));
            }
            self.in_flight.insert(name.clone(), change.max_in_flight);
        }
        Ok(())
    }

    fn change_providers(&mut self, overrides: &Overrides) -> Result<(), Fault> {
        for (name, At { line, change }) in &overrides.providers {
            let near = || meant(name, self.provider_ids());
            let fault = |problem: String| Fault::of(*line, format!("provider {name}"), problem);
            if !self.book.providers.contains_key(name) {
                return Err(fault(format!("there is no such provider{}", near())));
            }
            for alias in &change.aliases {
                if let Some(other) = self.provider_id(alias) {
                    return Err(fault(format!("the alias {alias:?} belongs to {other} already")));
                }
                if let Some(provider) = self.book.providers.get_mut(name) {
                    provider.aliases.push(alias.clone());
                }
            }
            self.add_words(name, change).map_err(fault)?;
        }
        Ok(())
    }

    /// Gives all models of a provider other words for values of their options.
    fn add_words(&mut self, provider: &str, change: &ProviderChange) -> Result<(), String> {
        for (option, words) in &change.words {
            let mut found = false;
            let rows = self.book.rows.iter_mut().filter(|row| row.provider == provider);
            for limits in rows.filter_map(|row| row.options.get_mut(option)) {
                found = true;
                limits.words.extend(words.iter().map(|(word, value)| (word.to_lowercase(), value.clone())));
            }
            if !found {
                return Err(format!("words: none of its models has the option {option}"));
            }
        }
        let changed =
            |row: &&Row| row.provider == provider && !row.inputs.is_empty() && !change.words.is_empty();
        let changed = self.book.rows.iter().filter(changed);
        match changed.flat_map(|row| check::making(&self.book, row)).next() {
            Some(problem) => Err(format!("words: {problem}")),
            None => Ok(()),
        }
    }

    fn change_preferred(&mut self, overrides: &Overrides) -> Result<(), Fault> {
        // Who is not offered any more is not preferred either; nobody has to say so twice.
        let mut cells = std::mem::take(&mut self.book.preferred);
        for cell in &mut cells {
            let whole = cell.clone();
            for list in [&mut cell.quality, &mut cell.speed, &mut cell.cost, &mut cell.balanced] {
                list.retain(|name| check::may_be_preferred(&self.book, &whole, name));
            }
        }
        for At { line, change } in &overrides.preferred {
            let wrong = change.names().find(|name| !check::may_be_preferred(&self.book, change, name));
            if let Some(name) = wrong {
                let problem = format!("{name} is not offered for that, or its price is unknown");
                return Err(Fault::of(
                    *line,
                    format!("preferred {:?} from {:?}", change.kind, change.shape),
                    problem,
                ));
            }
            cells.retain(|cell| (cell.kind, cell.shape) != (change.kind, change.shape));
            cells.push(change.clone());
        }
        self.book.preferred = cells;
        Ok(())
    }

    /// What only the whole catalogue tells of a changed model.
    fn check_model(&self, row: &Row, change: &ModelChange) -> Result<(), String> {
        for alias in &change.aliases {
            let others = |other: &&Row| {
                other.kind == row.kind && (&other.provider, &other.model) != (&row.provider, &row.model)
            };
            if let Some(other) = self.book.rows.iter().filter(others).find(|other| other.is_named(alias)) {
                return Err(format!(
                    "the alias {alias:?} belongs to {} of {} already",
                    other.model, other.provider
                ));
            }
            if let Some(provider) = self.provider_id(alias).filter(|provider| *provider != row.provider) {
                return Err(format!("the alias {alias:?} is the provider {provider}"));
            }
        }
        if let Some(next) = &change.successor {
            let same = |other: &&Row| other.provider == row.provider && other.kind == row.kind;
            let mut siblings = self.book.rows.iter().filter(same);
            match siblings.find(|other| other.model == *next) {
                None => return Err(format!("its successor {next} is no model of {}", row.provider)),
                Some(_) if row.state == State::On => return Err("it is on, yet names a successor".to_owned()),
                Some(other) if other.state != State::On => {
                    return Err(format!("its successor {next} is not on"));
                }
                Some(_) => {}
            }
        }
        if !matches!(row.state, State::On | State::Flag | State::Off) || row.inputs.is_empty() {
            return Ok(());
        }
        match check::making(&self.book, row).into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }
}

/// Where the model `provider/model` stands.
fn position(book: &Book, name: &str) -> Result<usize, String> {
    let found = name.split_once('/').and_then(|(provider, model)| {
        book.rows.iter().position(|row| row.provider == provider && row.model == model)
    });
    found.ok_or_else(|| {
        let known: Vec<String> =
            book.rows.iter().map(|row| format!("{}/{}", row.provider, row.model)).collect();
        let near = meant(name, known.iter().map(String::as_str));
        format!("there is no such model; models are named provider/model{near}")
    })
}

/// Changes a row.
fn apply(row: &mut Row, change: &ModelChange) -> Result<(), String> {
    let closed = row.inputs.is_empty();
    match change.state {
        None => {}
        Some(Switch::On | Switch::Off) if closed => {
            return Err("it has no vendor any more, so there is nothing to switch".to_owned());
        }
        Some(Switch::On) => (row.state, row.successor) = (State::On, None),
        Some(Switch::Off) => row.state = State::Off,
        Some(Switch::Gone) => row.state = State::Gone,
    }
    let about_making = change.price.is_some() || change.median.is_some() || !change.medians.is_empty();
    if closed && about_making {
        return Err("it has no vendor any more: prices and times say nothing of it".to_owned());
    }
    if let Some(successor) = &change.successor {
        row.successor = Some(successor.clone());
    }
    for alias in &change.aliases {
        if row.is_named(alias) {
            return Err(format!("the alias {alias:?} is its name already"));
        }
        row.aliases.push(alias.clone());
    }
    row.quality = change.quality.unwrap_or(row.quality);
    row.speed = change.speed.unwrap_or(row.speed);
    if let Some(price) = &change.price {
        row.price = Some(price.clone());
    }
    if let Some(median) = change.median {
        row.median = median;
        row.inputs.values_mut().for_each(|rule| rule.median = None);
    }
    for (shape, median) in &change.medians {
        let rule =
            row.inputs.get_mut(shape).ok_or_else(|| format!("it does not take the input {shape:?}"))?;
        rule.median = Some(*median);
    }
    let longest = row.inputs.values().filter_map(|rule| rule.median).chain([row.median]).max();
    if !closed && (longest > Some(row.deadline) || row.inputs.values().any(|rule| rule.median == Some(0))) {
        return Err(format!("a median is a number of seconds from 1 to its deadline of {}", row.deadline));
    }
    Ok(())
}

/// Names that may have been meant, to be added to a sentence.
fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = similar(name, known);
    if near.is_empty() || squashed(name).is_empty() {
        String::new()
    } else {
        format!("; meant may be {}", near.join(", "))
    }
}
