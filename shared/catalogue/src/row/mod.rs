//! What `models.toml` says, as types. The build script reads the file into them and checks it; the crate reads them
//! back from JSON.

mod price;
mod terms;

pub(crate) use price::{Micro, Per, Price, Rule, Sure};
pub(crate) use terms::{Field, Forbidden, Limits, Need, Scalar, Shape, ShapeRule, TextUnit};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Book {
    /// The day on which states and prices were last looked at.
    pub(crate) seen_on: String,
    /// Providers by id.
    pub(crate) providers: BTreeMap<String, Provider>,
    /// Every option that the API knows, by name.
    pub(crate) options: BTreeMap<String, Wish>,
    /// The models, in the order of the file.
    pub(crate) rows: Vec<Row>,
    /// Who comes first when we choose.
    pub(crate) preferred: Vec<Preferred>,
}

/// A provider: what a caller names. It is a product, not a vendor.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    /// The name for people.
    pub(crate) name: String,
    /// Who runs it.
    pub(crate) vendor: String,
    /// What it is good for.
    pub(crate) description: String,
    /// Other ids under which callers may ask for it.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// The option that picks the model, where the models are tiers of one thing (`quality`, `mode`). A model says
    /// under [`Row::fixed`] which tier it is.
    #[serde(default)]
    pub(crate) picked_by: Option<String>,
    /// What it can't do, in sentences.
    #[serde(default)]
    pub(crate) limitations: Vec<String>,
}

/// An option of the API, whatever a model makes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: ValueKind,
    /// What it means.
    pub(crate) description: String,
    /// The smallest number that makes sense anywhere.
    #[serde(default)]
    pub(crate) min: Option<f64>,
    /// The largest number that makes sense anywhere.
    #[serde(default)]
    pub(crate) max: Option<f64>,
    /// How it reads in a prompt when a model has no parameter for it, `{}` being the value. Without one the option
    /// is technical: a model that does not know it goes without.
    #[serde(default)]
    pub(crate) prompt: Option<String>,
    /// The value that means "as usual": without a parameter nothing is lost.
    #[serde(default)]
    pub(crate) neutral: Option<Scalar>,
    /// How its values are ordered.
    #[serde(default)]
    pub(crate) scale: Scale,
    /// When two wishes exclude each other, the one of lower importance gives way.
    #[serde(default)]
    pub(crate) importance: u8,
}

/// The type of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ValueKind {
    /// A word or text.
    Text,
    /// A whole number.
    Int,
    /// Any number.
    Number,
    /// Yes or no.
    Flag,
}

/// What "nearest" means among an option's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scale {
    /// Words have no order.
    #[default]
    None,
    /// `720p`, `4k`, `1024`: by pixels.
    Resolution,
    /// `16:9`: by width to height.
    Ratio,
}

/// A model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// The provider's id.
    pub(crate) provider: String,
    /// Our name of the model.
    pub(crate) model: String,
    /// The adapter that makes it.
    #[serde(default)]
    pub(crate) vendor: String,
    /// The vendor's name of the model; an input shape may have another.
    #[serde(default)]
    pub(crate) vendor_model: String,
    /// What it makes.
    #[serde(rename = "type")]
    pub(crate) kind: Media,
    /// Whether it is offered.
    pub(crate) state: State,
    /// Who answers in its place when it is not.
    #[serde(default)]
    pub(crate) successor: Option<String>,
    /// Other names.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// What a reader should know.
    #[serde(default)]
    pub(crate) description: String,
    /// The inputs for which the provider takes it unless the caller says otherwise.
    #[serde(default)]
    pub(crate) default_for: Vec<Shape>,
    /// An option that selects it, whatever the default.
    #[serde(default)]
    pub(crate) chosen_when: Option<ChosenWhen>,
    /// What it starts from.
    #[serde(default)]
    pub(crate) inputs: BTreeMap<Shape, ShapeRule>,
    /// The longest text.
    #[serde(default)]
    pub(crate) text_most: u32,
    /// What [`Row::text_most`] counts.
    #[serde(default)]
    pub(crate) text_unit: TextUnit,
    /// The parameters that it has.
    #[serde(default)]
    pub(crate) options: BTreeMap<String, Limits>,
    /// What it always does, without a parameter.
    #[serde(default)]
    pub(crate) fixed: BTreeMap<String, Scalar>,
    /// Combinations that it refuses.
    #[serde(default)]
    pub(crate) forbidden: Vec<Forbidden>,
    /// What it costs; nothing for models that are not offered any more.
    #[serde(default)]
    pub(crate) price: Option<Price>,
    /// How good, 1 to 5. Our judgement.
    #[serde(default)]
    pub(crate) quality: u8,
    /// How quick, 1 to 5. Our judgement.
    #[serde(default)]
    pub(crate) speed: u8,
    /// Seconds that it takes at the median; an input shape may have another figure.
    #[serde(default)]
    pub(crate) median: u32,
    /// Seconds after which we give up.
    #[serde(default)]
    pub(crate) deadline: u32,
    /// Seconds between two polls at least; may be a part of one.
    #[serde(default)]
    pub(crate) poll_floor: f64,
    /// Seconds that the submitting call may take.
    #[serde(default)]
    pub(crate) submit_timeout: u32,
    /// Whether a running job can be stopped.
    #[serde(default)]
    pub(crate) cancel: Cancel,
}

/// What a model makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Media {
    /// A clip.
    Video,
    /// A picture.
    Image,
    /// Speech.
    Audio,
    /// A talking person.
    Avatar,
}

/// Whether a model is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Offered.
    On,
    /// Built, but off until an operator has seen it work.
    Flag,
    /// The vendor closed it.
    Gone,
    /// The name is in use, but there never was such an API.
    None,
    /// Switched off by the operator: no word of the data file.
    #[serde(skip)]
    Off,
}

/// Whether the vendor can stop a running job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cancel {
    /// It can't.
    #[default]
    Never,
    /// Before it has begun.
    WhileQueued,
    /// At any time.
    Anytime,
}

/// An option whose presence selects a model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChosenWhen {
    /// This option is given ...
    pub(crate) given: String,
    /// ... and this one is not (or only with the value that means "as usual").
    #[serde(default)]
    pub(crate) without: Option<String>,
}

/// The models that come first when we choose, best first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preferred {
    /// What is to be made.
    #[serde(rename = "type")]
    pub(crate) kind: Media,
    /// From what.
    pub(crate) shape: Shape,
    /// For the best result.
    pub(crate) quality: Vec<String>,
    /// For the quickest.
    pub(crate) speed: Vec<String>,
    /// For the cheapest.
    pub(crate) cost: Vec<String>,
    /// When nothing matters most.
    #[serde(default)]
    pub(crate) balanced: Vec<String>,
}

impl Preferred {
    /// All models that it names, some perhaps more than once.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.quality, &self.speed, &self.cost, &self.balanced];
        lists.into_iter().flatten().map(String::as_str)
    }
}
