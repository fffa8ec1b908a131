//! The catalogue as it is loaded, and who is looked up by what.

use crate::{
    Knowledge,
    names::squashed,
    row::{Book, Media, Provider, Row, Scalar, Shape, State},
};
use jobs::{Kind, Mode, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

/// Everything that can be made. A value: what an operator changes makes another one, see [`Catalogue::with`].
#[derive(Debug)]
pub struct Catalogue {
    /// The data file.
    pub(crate) book: Book,
    /// The most jobs that may be at a vendor at once, where the operator has set that.
    pub(crate) in_flight: BTreeMap<String, u32>,
}

/// What of the catalogue can be used.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// Live or test. A test key is answered by the simulator, with the same choice and price.
    pub mode: Mode,
    /// The vendors with a deployed adapter. Live keys can use no other. An entry `vendor/model` switches on a model
    /// that the catalogue leaves off until an operator has seen it work.
    pub live_vendors: &'a BTreeSet<String>,
    /// What medians are multiplied by; 1.0 is usual.
    pub latency_scale: f64,
    /// How the vendors are doing, where anybody knows.
    pub knowledge: Option<Knowledge<'a>>,
}

impl World<'_> {
    /// Whether a model is offered: it is on, or the operator has switched it on.
    pub(crate) fn offers(&self, row: &Row) -> bool {
        row.state == State::On || row.state == State::Flag && self.switched_on(row)
    }

    /// Whether the operator has switched on a model that is off in the catalogue.
    fn switched_on(&self, row: &Row) -> bool {
        // Most deployments name no single model, and this is asked for every row.
        self.live_vendors.iter().any(|entry| {
            entry.split_once('/').is_some_and(|(vendor, model)| vendor == row.vendor && model == row.model)
        })
    }

    /// Whether the model's vendor has an adapter here.
    pub(crate) fn reaches(&self, row: &Row) -> bool {
        self.live_vendors.contains(&row.vendor)
    }

    /// Whether a caller who names the model gets it. A test key also gets models that are off: there is nothing to
    /// see working.
    pub(crate) fn serves(&self, row: &Row) -> bool {
        match self.mode {
            Mode::Live => self.offers(row) && self.reaches(row),
            Mode::Test => matches!(row.state, State::On | State::Flag),
        }
    }

    /// Whether a model's successor answers in its place.
    pub(crate) fn passes_on(&self, row: &Row) -> bool {
        row.successor.is_some() && !self.offers(row)
    }
}

impl Catalogue {
    /// The catalogue that was built in.
    pub fn built_in() -> &'static Arc<Catalogue> {
        #[expect(clippy::expect_used, reason = "the build script wrote this text from the same types")]
        static BUILT_IN: LazyLock<Arc<Catalogue>> = LazyLock::new(|| {
            let text = include_str!(concat!(env!("OUT_DIR"), "/models.json"));
            let book = serde_json::from_str(text).expect("the build script has checked it");
            Arc::new(Catalogue { book, in_flight: BTreeMap::new() })
        });
        &BUILT_IN
    }

    /// The most jobs that may be at a vendor at once; nothing where the operator has set no figure.
    pub fn max_in_flight(&self, vendor: &str) -> Option<u32> {
        self.in_flight.get(vendor).copied()
    }

    /// The ids of all providers, in alphabetical order.
    pub fn provider_ids(&self) -> impl Iterator<Item = &str> {
        self.book.providers.keys().map(String::as_str)
    }

    /// The vendors of the catalogue (adapters, and thereby queues and credentials), in alphabetical order.
    pub fn vendors(&self) -> BTreeSet<&str> {
        self.book.rows.iter().map(|row| row.vendor.as_str()).filter(|vendor| !vendor.is_empty()).collect()
    }

    /// The models of a vendor, as provider and model.
    pub fn models_of(&self, vendor: &str) -> impl Iterator<Item = (&str, &str)> {
        let mine = self.book.rows.iter().filter(move |row| row.vendor == vendor);
        mine.map(|row| (row.provider.as_str(), row.model.as_str()))
    }

    /// The id of the provider that a caller means, by id or alias; case and separators don't count.
    pub fn provider_id(&self, name: &str) -> Option<&str> {
        self.provider(name).map(|(id, _)| id)
    }

    /// The provider that a caller means.
    pub(crate) fn provider(&self, name: &str) -> Option<(&str, &Provider)> {
        let wanted = squashed(name);
        let named = |id: &str, provider: &Provider| {
            squashed(id) == wanted || provider.aliases.iter().any(|alias| squashed(alias) == wanted)
        };
        let mut found = self.book.providers.iter().filter(|(id, provider)| named(id, provider));
        found.next().map(|(id, provider)| (id.as_str(), provider))
    }

    /// The rows of a type.
    pub(crate) fn rows(&self, kind: Kind) -> impl Iterator<Item = &Row> {
        self.book.rows.iter().filter(move |row| row.kind.kind() == kind)
    }
}

impl Media {
    /// The same in the words of an order.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Media::Video => Kind::Video,
            Media::Image => Kind::Image,
            Media::Audio => Kind::Audio,
            Media::Avatar => Kind::Avatar,
        }
    }
}

impl Row {
    /// Whether a caller who writes this means this model.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let wanted = squashed(name);
        let names = std::iter::once(&self.model).chain(&self.aliases);
        !wanted.is_empty() && names.map(|each| squashed(each)).any(|each| each == wanted)
    }

    /// Whether the text of such an order is spoken, so that nothing may be added to it.
    pub(crate) fn speaks(&self, shape: Shape) -> bool {
        self.kind == Media::Audio || matches!(shape, Shape::Script | Shape::ImageScript | Shape::VideoScript)
    }
}

impl Scalar {
    /// The same as an order's value.
    pub(crate) fn value(&self) -> Value {
        match self {
            Scalar::Flag(flag) => Value::Flag(*flag),
            Scalar::Whole(number) => Value::Whole(*number),
            Scalar::Decimal(number) => Value::number(*number).unwrap_or(Value::Decimal(*number)),
            Scalar::Text(text) => Value::Text(text.clone()),
        }
    }

    /// Whether an order's value is the same; 1 and 1.0 are.
    pub(crate) fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Scalar::Flag(one), Value::Flag(other)) => one == other,
            (Scalar::Text(one), Value::Text(other)) => one.eq_ignore_ascii_case(other),
            _ => {
                let number = self.value().as_number();
                number.is_some() && number == value.as_number()
            }
        }
    }
}
