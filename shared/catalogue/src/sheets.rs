//! The catalogue as an operator reads it: a sheet per model, in words.

use crate::{
    Catalogue,
    cards::words,
    price::dollars,
    row::{Cancel, Limits, Per, Price, Row, Rule, State},
};
use jobs::Kind;

/// A model, with everything that an operator wants to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelSheet {
    /// The provider's id.
    pub provider: String,
    /// Our name of the model.
    pub model: String,
    /// The vendor's names of it, one for each input that has its own.
    pub vendor_models: Vec<String>,
    /// `on`, `off until seen`, `closed` or `never was`.
    pub state: &'static str,
    /// Who answers in its place when it is not offered.
    pub successor: Option<String>,
    /// What it makes.
    pub kind: Kind,
    /// What it makes it from, in words.
    pub inputs: Vec<&'static str>,
    /// Its options with what they may be: `duration: 5, 10`.
    pub options: Vec<String>,
    /// Its price, in words; nothing for a model that is not made any more.
    pub price: Option<String>,
    /// Where the price comes from: S the vendor's specification, D its own page, T others who quote it, G general
    /// knowledge, ? a cautious guess.
    pub sure: char,
    /// Seconds that it usually takes.
    pub median_seconds: u32,
    /// Seconds after which we give up.
    pub deadline_seconds: u32,
    /// How a running job can be stopped, in words.
    pub cancel: &'static str,
}

impl Catalogue {
    /// The day on which states and prices were last looked at, as `2026-11-22`.
    pub fn seen_on(&self) -> &str {
        &self.book.seen_on
    }

    /// The models of a vendor, in the order of the file. Models that are not made any more have none.
    pub fn sheets(&self, vendor: &str) -> Vec<ModelSheet> {
        self.book.rows.iter().filter(|row| row.vendor == vendor).map(sheet).collect()
    }

    /// Names that are not offered any more, or never were an API, as provider, name, who answers instead and why.
    pub fn retired(&self) -> impl Iterator<Item = [&str; 4]> {
        let gone = self.book.rows.iter().filter(|row| matches!(row.state, State::Gone | State::None));
        gone.map(|row| {
            let successor = row.successor.as_deref().unwrap_or_default();
            [row.provider.as_str(), row.model.as_str(), successor, row.description.as_str()]
        })
    }
}

fn sheet(row: &Row) -> ModelSheet {
    let own = row.inputs.values().filter_map(|rule| rule.vendor_model.clone());
    let mut vendor_models: Vec<String> = [row.vendor_model.clone()].into_iter().chain(own).collect();
    vendor_models.sort();
    vendor_models.dedup();
    ModelSheet {
        provider: row.provider.clone(),
        model: row.model.clone(),
        vendor_models,
        state: match row.state {
            State::On => "on",
            State::Flag | State::Off => "off until seen",
            State::Gone => "closed",
            State::None => "never was",
        },
        successor: row.successor.clone(),
        kind: row.kind.kind(),
        inputs: row.inputs.keys().map(|shape| words(row, *shape)).collect(),
        options: row.options.iter().map(|(name, limits)| option(name, limits)).collect(),
        price: row.price.as_ref().map(formula),
        sure: row.price.as_ref().map_or('?', |price| price.sure.letter()),
        median_seconds: row.median,
        deadline_seconds: row.deadline,
        cancel: match row.cancel {
            Cancel::Never => "can't be stopped",
            Cancel::WhileQueued => "can be stopped before it begins",
            Cancel::Anytime => "can be stopped",
        },
    }
}

fn option(name: &str, limits: &Limits) -> String {
    let range = match (&limits.values, limits.min, limits.max, limits.longest) {
        (Some(values), ..) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        (None, Some(min), Some(max), _) => format!("{min} to {max}"),
        (None, Some(min), None, _) => format!("from {min}"),
        (None, None, Some(max), _) => format!("to {max}"),
        (None, None, None, Some(longest)) => format!("text of {longest} characters"),
        (None, None, None, None) => "text".to_owned(),
    };
    let must = if limits.required { " (must be given)" } else { "" };
    format!("{name}: {range}{must}")
}

/// A price's rules, the one that fits always at the end.
fn formula(price: &Price) -> String {
    let unit = match price.per {
        Per::Second => "a second",
        Per::SpeechSecond => "a second of speech",
        Per::Image => "a picture",
        Per::Megapixel => "a megapixel",
        Per::Clip => "a clip",
        Per::ThousandChars => "1,000 characters",
        Per::MillionTokens => "1M tokens",
    };
    let rules: Vec<String> = price.rules.iter().map(|one| rule(one, unit)).collect();
    let mut text = rules.join("; ");
    if let Some(picture) = price.picture {
        let free = price.free_pictures;
        text.push_str(&format!("; {} for each input picture", dollars(picture)));
        if free > 0 {
            text.push_str(&format!(" beyond {free}"));
        }
    }
    if price.clip_seconds > 0 {
        text.push_str(&format!("; {} s more with an input clip", price.clip_seconds));
    }
    if let Some(least) = price.least {
        text.push_str(&format!("; {} at least", dollars(least)));
    }
    text
}

fn rule(rule: &Rule, unit: &str) -> String {
    let mut conditions: Vec<String> = Vec::new();
    for (name, values) in &rule.when {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        conditions.push(format!("{name} {}", values.join(" or ")));
    }
    if !rule.shapes.is_empty() {
        let shapes: Vec<String> =
            rule.shapes.iter().map(|shape| format!("{shape:?}").to_lowercase()).collect();
        conditions.push(format!("from {}", shapes.join(" or ")));
    }
    let further = rule.further.map(|further| format!(", {} for each further", dollars(further)));
    let amount = format!("{} {unit}{}", dollars(rule.usd), further.unwrap_or_default());
    if conditions.is_empty() { amount } else { format!("{amount} with {}", conditions.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_tells_limits_and_prices_in_words() {
        let sheets = Catalogue::built_in().sheets("kling");
        let sheet = sheets.iter().find(|sheet| sheet.model == "kling-v2.5-turbo").unwrap();
        assert_eq!(sheet.state, "on");
        assert_eq!(sheet.inputs, ["text to video", "image to video", "first and last image to video"]);
        assert!(sheet.options.contains(&"duration: 5, 10".to_owned()), "{:?}", sheet.options);
        assert_eq!(sheet.price.as_deref(), Some("$0.07 a second with mode pro; $0.042 a second"));
        assert_eq!((sheet.sure, sheet.median_seconds, sheet.cancel), ('D', 180, "can't be stopped"));
        let sheets = Catalogue::built_in().sheets("wan");
        let price = sheets.iter().find(|sheet| sheet.model == "wan-2.6").unwrap().price.as_deref();
        let told = "$0.1 a second with resolution 720p; $0.15 a second; 5 s more with an input clip";
        assert_eq!(price, Some(told));
    }

    #[test]
    fn every_vendor_has_sheets_and_every_retired_name_a_successor() {
        let catalogue = Catalogue::built_in();
        for vendor in catalogue.vendors() {
            assert!(!catalogue.sheets(vendor).is_empty(), "{vendor}");
        }
        assert!(catalogue.retired().count() > 3);
        for [provider, model, successor, why] in catalogue.retired() {
            assert!(!successor.is_empty() && !why.is_empty(), "{provider}/{model}");
        }
    }
}
