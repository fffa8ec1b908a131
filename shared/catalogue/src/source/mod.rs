//! Reads `models.toml`: merges each model with its family, and checks the whole. Used when the crate is built, and by
//! tests; never at run time.

use crate::{
    check,
    row::{Book, Preferred, Provider, Row, State, Wish},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The day on which states and prices were last looked at.
    seen_on: String,
    /// Every option that the API knows.
    option: BTreeMap<String, Wish>,
    /// The providers.
    provider: BTreeMap<String, Provider>,
    /// What several models have in common.
    family: BTreeMap<String, Table>,
    /// The models.
    model: Vec<Table>,
    /// Who comes first.
    preferred: Vec<Preferred>,
}

/// Reads and checks the file's text. The faults name their row and say what is wrong with it.
pub(crate) fn read(text: &str) -> Result<Book, Vec<String>> {
    let written: Written = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for (place, table) in written.model.into_iter().enumerate() {
        let name = match table.get("model").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => format!("number {}", place + 1),
        };
        match row(table, &written.family) {
            Ok(row) => rows.push(row),
            Err(fault) => faults.push(format!("model {name}: {fault}")),
        }
    }
    let book = Book {
        seen_on: written.seen_on,
        providers: written.provider,
        options: written.option,
        rows,
        preferred: written.preferred,
    };
    faults.extend(of_book(&book));
    if faults.is_empty() { Ok(book) } else { Err(faults) }
}

/// A model with what its family says where it says nothing itself. `options` and `fixed` are merged by name, and
/// `without` names those of the family's that the model has not.
fn row(mut model: Table, families: &BTreeMap<String, Table>) -> Result<Row, String> {
    let mut whole = match model.remove("family") {
        None => Table::new(),
        Some(Value::String(family)) => {
            families.get(&family).cloned().ok_or_else(|| format!("there is no family {family:?}"))?
        }
        Some(other) => return Err(format!("family is no name but {}", other.type_str())),
    };
    if let Some(without) = model.remove("without") {
        let names: Vec<String> = without.try_into().map_err(|_| "without is no list of names".to_owned())?;
        for name in names {
            let parts = ["options", "fixed"];
            let mut gone =
                parts.iter().filter_map(|part| whole.get_mut(*part)?.as_table_mut()?.remove(&name));
            gone.next().ok_or_else(|| format!("without names {name}, which the family has not"))?;
        }
    }
    for (name, value) in model {
        match (whole.get_mut(&name), value) {
            (Some(Value::Table(common)), Value::Table(own)) if name == "options" || name == "fixed" => {
                common.extend(own);
            }
            (_, value) => {
                whole.insert(name, value);
            }
        }
    }
    whole.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// Every fault of a book, each naming its row.
fn of_book(book: &Book) -> Vec<String> {
    let mut faults = check::names(book);
    for row in &book.rows {
        let mut mine = Vec::new();
        offered(book, row, &mut mine);
        if matches!(row.state, State::On | State::Flag) {
            mine.extend(check::making(book, row));
        }
        faults.extend(
            mine.into_iter().map(|fault| format!("model {} of {}: {fault}", row.model, row.provider)),
        );
    }
    faults.extend(preferred(book));
    faults
}

/// What holds in every state.
fn offered(book: &Book, row: &Row, faults: &mut Vec<String>) {
    if !book.providers.contains_key(&row.provider) {
        faults.push("there is no such provider".to_owned());
    }
    match &row.successor {
        None if matches!(row.state, State::Gone | State::None) => {
            faults.push("is not offered any more and names no successor".to_owned());
        }
        None => {}
        Some(name) => {
            let same = |other: &&Row| {
                other.provider == row.provider && other.kind == row.kind && other.model == *name
            };
            match book.rows.iter().find(same) {
                None => faults.push(format!("its successor {name} does not exist")),
                Some(next) if next.state != State::On => {
                    faults.push(format!("its successor {name} is not on"))
                }
                Some(_) if row.state == State::On => faults.push("is on, yet names a successor".to_owned()),
                Some(_) => {}
            }
        }
    }
}

/// The lists of who comes first name models that are offered and take the input.
fn preferred(book: &Book) -> Vec<String> {
    let mut faults = Vec::new();
    for each in &book.preferred {
        for name in each.names().filter(|name| !check::may_be_preferred(book, each, name)) {
            faults.push(format!(
                "preferred {:?} from {:?}: {name} is not offered for that, or its price is unknown",
                each.kind, each.shape
            ));
        }
    }
    faults
}
