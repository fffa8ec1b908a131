//! What an operator changes of the catalogue without building anything: a TOML file that is read, checked, and laid
//! over the catalogue.
//!
//! ```toml
//! [model."kling/kling-v3"]
//! state = "off"                    # on, off, gone
//!
//! [model."vidu/vidu-q2"]
//! price = { sure = "D", per = "second", rules = [{ usd = "0.09" }] }
//! quality = 5                      # 1 to 5, as speed is
//! median = 45                      # seconds; medians = { references = 60 } for single inputs
//! aliases = ["product-shots"]      # beside those that it has
//!
//! [provider.kling]
//! aliases = ["kl"]
//!
//! [provider.heygen.words.avatarId] # other words for values of an option, beside those that it has
//! kate = "the look's id at the vendor"
//!
//! [vendor.kling]
//! max_in_flight = 20
//!
//! [[preferred]]                    # in place of the one with this type and shape
//! type = "VIDEO"
//! shape = "text"
//! quality = ["gen4.5"]
//! speed = ["ray-flash-2"]
//! cost = ["wan-2.2"]
//! ```
//!
//! A file is taken whole or not at all: one bad entry and nothing of it holds. [`Overrides::parse`] holds what can be
//! held without a catalogue, [`Catalogue::with`](crate::Catalogue::with) the rest; both name the line and the entry.

mod apply;
mod fault;

pub use fault::Fault;

use crate::row::{Micro, Preferred, Price, Scalar, Shape};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The file's name in the operator's bucket.
pub const OPERATOR_FILE: &str = "catalogue.toml";

/// The largest file in bytes: some thirty times what changing every model takes.
pub const MOST_BYTES: usize = 256 * 1024;

/// The most entries of one kind; the catalogue has about a hundred models.
const MOST_ENTRIES: usize = 500;

/// The most further names of one model or provider.
const MOST_ALIASES: usize = 50;

/// The longest further name, in characters.
const LONGEST_ALIAS: usize = 100;

/// The most words for values of one option.
const MOST_WORDS: usize = 1_000;

/// The most rules of one price.
const MOST_RULES: usize = 100;

/// The highest price of one unit, a second or a picture, in millionths of a dollar: a slip of the decimal point is
/// found, and no sum of prices comes near the end of its numbers.
const MOST_USD: Micro = Micro(1_000 * 1_000_000);

/// The most pixels of a frame, for prices by pixels.
const MOST_PIXELS: u64 = 1_000_000_000;

/// The most jobs at a vendor at once that make sense to set.
const MOST_IN_FLIGHT: u32 = 100_000;

/// An operator's changes, well-formed but not yet held against a catalogue.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    models: BTreeMap<String, At<ModelChange>>,
    providers: BTreeMap<String, At<ProviderChange>>,
    vendors: BTreeMap<String, At<VendorChange>>,
    preferred: Vec<At<Preferred>>,
}

/// A change and the line in which it begins.
#[derive(Clone, Debug)]
struct At<T> {
    line: usize,
    change: T,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    model: BTreeMap<String, Spanned<ModelChange>>,
    #[serde(default)]
    provider: BTreeMap<String, Spanned<ProviderChange>>,
    #[serde(default)]
    vendor: BTreeMap<String, Spanned<VendorChange>>,
    #[serde(default)]
    preferred: Vec<Spanned<Preferred>>,
}

/// What changes of a model. What is left out stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelChange {
    state: Option<Switch>,
    /// Who answers in its place, of the same provider.
    successor: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    quality: Option<u8>,
    speed: Option<u8>,
    /// Seconds that it takes at the median, whatever it starts from.
    median: Option<u32>,
    /// The same for single inputs.
    #[serde(default)]
    medians: BTreeMap<Shape, u32>,
    /// The whole formula, as in `models.toml`.
    price: Option<Price>,
}

/// Whether an operator offers a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Switch {
    /// Offered, whatever the catalogue says.
    On,
    /// Not offered for the time being, not to test keys either.
    Off,
    /// Closed by its vendor.
    Gone,
}

/// What changes of a provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderChange {
    #[serde(default)]
    aliases: Vec<String>,
    /// Words for values of options, by option, for all of its models that have it.
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, Scalar>>,
}

/// What is set for a vendor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VendorChange {
    max_in_flight: u32,
}

impl Overrides {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it: too large, no TOML, an unknown field, a figure out of its range.
    pub fn parse(file: &[u8]) -> Result<Overrides, Fault> {
        if file.len() > MOST_BYTES {
            return Err(Fault::whole(format!(
                "it has {} bytes, and {MOST_BYTES} at most are read",
                file.len()
            )));
        }
        let text = std::str::from_utf8(file).map_err(|error| {
            let line = line_of(
                &String::from_utf8_lossy(file.get(..error.valid_up_to()).unwrap_or_default()),
                usize::MAX,
            );
            Fault { line: Some(line), ..Fault::whole("it is no UTF-8 text") }
        })?;
        let written: Written = toml::from_str(text).map_err(|error| Fault {
            line: error.span().map(|span| line_of(text, span.start)),
            ..Fault::whole(error.message())
        })?;
        let overrides = Overrides {
            models: placed(text, written.model),
            providers: placed(text, written.provider),
            vendors: placed(text, written.vendor),
            preferred: written.preferred.into_iter().map(|each| at(text, each)).collect(),
        };
        overrides.check()?;
        Ok(overrides)
    }

    /// How many entries there are.
    pub fn entries(&self) -> usize {
        self.models.len() + self.providers.len() + self.vendors.len() + self.preferred.len()
    }

    /// Whatever can be wrong without a catalogue.
    fn check(&self) -> Result<(), Fault> {
        let counts = [self.models.len(), self.providers.len(), self.vendors.len(), self.preferred.len()];
        if counts.iter().any(|count| *count > MOST_ENTRIES) {
            return Err(Fault::whole(format!("it has more than {MOST_ENTRIES} entries of one kind")));
        }
        for (name, At { line, change }) in &self.models {
            let fault = |problem: String| Fault::of(*line, format!("model {name}"), problem);
            aliases(&change.aliases).map_err(fault)?;
            for (what, rank) in [("quality", change.quality), ("speed", change.speed)] {
                if rank.is_some_and(|rank| !(1..=5).contains(&rank)) {
                    return Err(fault(format!("{what} is a rank from 1 to 5")));
                }
            }
            if let Some(problem) = change.price.as_ref().and_then(out_of_range) {
                return Err(fault(format!("price: {problem}")));
            }
        }
        for (name, At { line, change }) in &self.providers {
            let fault = |problem: String| Fault::of(*line, format!("provider {name}"), problem);
            aliases(&change.aliases).map_err(fault)?;
            words(&change.words).map_err(fault)?;
        }
        for (name, At { line, change }) in &self.vendors {
            if !(1..=MOST_IN_FLIGHT).contains(&change.max_in_flight) {
                let problem = format!(
                    "max_in_flight is a number from 1 to {MOST_IN_FLIGHT}; a model is switched off by its state"
                );
                return Err(Fault::of(*line, format!("vendor {name}"), problem));
            }
        }
        Ok(())
    }
}

/// Further names of one thing.
fn aliases(names: &[String]) -> Result<(), String> {
    if names.len() > MOST_ALIASES {
        return Err(format!("it has more than {MOST_ALIASES} aliases"));
    }
    for name in names {
        if name.chars().count() > LONGEST_ALIAS || name.chars().any(char::is_control) {
            return Err(format!(
                "an alias is longer than {LONGEST_ALIAS} characters, or holds control characters"
            ));
        }
    }
    Ok(())
}

/// Other words for values.
fn words(words: &BTreeMap<String, BTreeMap<String, Scalar>>) -> Result<(), String> {
    for (option, words) in words {
        if words.len() > MOST_WORDS {
            return Err(format!("{option} has more than {MOST_WORDS} words"));
        }
        let odd = |word: &&String| {
            word.trim().is_empty()
                || word.chars().count() > LONGEST_ALIAS
                || word.chars().any(char::is_control)
        };
        if words.keys().any(|word| odd(&word)) {
            return Err(format!(
                "a word for {option} is empty, longer than {LONGEST_ALIAS} characters, or holds control characters"
            ));
        }
    }
    Ok(())
}

/// What no price can be.
fn out_of_range(price: &Price) -> Option<String> {
    if price.rules.len() > MOST_RULES {
        return Some(format!("it has more than {MOST_RULES} rules"));
    }
    let single = [price.picture, price.least].into_iter().flatten();
    let of_rules = price.rules.iter().flat_map(|rule| [Some(rule.usd), rule.further].into_iter().flatten());
    if single.chain(of_rules).any(|usd| usd > MOST_USD) {
        return Some("more than 1,000 dollars for a single unit".to_owned());
    }
    let pixels = price.rules.iter().filter_map(|rule| rule.pixels);
    pixels
        .into_iter()
        .any(|pixels| !(1..=MOST_PIXELS).contains(&pixels))
        .then(|| format!("pixels are a number from 1 to {MOST_PIXELS}"))
}

/// The number of the line in which a byte of a text stands.
fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

/// Entries with their lines.
fn placed<T>(text: &str, entries: BTreeMap<String, Spanned<T>>) -> BTreeMap<String, At<T>> {
    entries.into_iter().map(|(name, entry)| (name, at(text, entry))).collect()
}

/// An entry with its line.
fn at<T>(text: &str, entry: Spanned<T>) -> At<T> {
    At { line: line_of(text, entry.span().start), change: entry.into_inner() }
}
