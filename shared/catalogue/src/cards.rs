//! The catalogue as callers see it.

use crate::{
    Catalogue, HealthCard, World,
    fit::fit,
    health::health_card,
    price,
    row::{Per, Row, Scalar, Shape, State, ValueKind},
    wishes::Wishes,
};
use jobs::{Credits, Input, Kind, Mode, Order, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// A provider, as the API shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderCard {
    /// The id that callers write.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Who runs it.
    pub vendor: String,
    /// What it is good for.
    pub description: String,
    /// What it makes.
    pub types: Vec<Kind>,
    /// What it can do.
    pub features: Vec<String>,
    /// What it can't do.
    pub limitations: Vec<String>,
    /// Whether it can be used in this world.
    pub available: bool,
    /// The adapters behind it, for whoever knows how they are doing.
    pub vendors: Vec<String>,
    /// How it is doing.
    pub health: HealthCard,
    /// Its models.
    pub models: Vec<ModelCard>,
    /// What an order without options costs and takes.
    pub pricing: PricingCard,
    /// The options of its models.
    pub options: Vec<OptionCard>,
}

/// A model of a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelCard {
    /// The name that callers write.
    pub name: String,
    /// What it makes.
    pub kind: Kind,
    /// What a reader should know.
    pub description: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// What it starts from.
    pub inputs: Vec<String>,
    /// Whether it can be used in this world.
    pub available: bool,
    /// Who answers in its place when it is not offered.
    pub successor: Option<String>,
    /// What an order without options costs and takes; nothing for a model that is not made any more.
    pub pricing: Option<PricingCard>,
}

/// What an order without options costs and takes.
#[derive(Clone, Debug, PartialEq)]
pub struct PricingCard {
    /// Its price.
    pub credit_cost: Credits,
    /// What that is for: `clip of 5 s`, `picture`, `1,000 characters`, `minute of speech`.
    pub unit: String,
    /// How long it usually takes.
    pub estimated_time: Duration,
    /// Where the price comes from: S the vendor's specification, D its own page, T others who quote it, G general
    /// knowledge, ? a cautious guess.
    pub sure: char,
}

/// An option of a provider's models: all that any of them takes.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionCard {
    /// The name that callers write.
    pub name: String,
    /// `String`, `Int`, `Float` or `Boolean`.
    pub kind: &'static str,
    /// What it means.
    pub description: String,
    /// Whether it must be given.
    pub required: bool,
    /// The values that it may have, where they can be listed.
    pub allowed_values: Vec<String>,
    /// What is used when it is not given.
    pub default: Option<Value>,
    /// The smallest number.
    pub min: Option<f64>,
    /// The largest number.
    pub max: Option<f64>,
}

impl Catalogue {
    /// The providers that make something of this kind, or all of them; those whose models are not offered any more
    /// included, as not available. In alphabetical order.
    pub fn providers(&self, kind: Option<Kind>, world: &World<'_>) -> Vec<ProviderCard> {
        self.provider_ids().filter_map(|id| self.card(id, kind, world)).collect()
    }

    /// One provider by id or alias.
    pub fn provider_card(&self, name: &str, world: &World<'_>) -> Option<ProviderCard> {
        self.card(self.provider_id(name)?, None, world)
    }

    /// A provider's card, as far as it makes this kind of thing.
    fn card(&self, id: &str, kind: Option<Kind>, world: &World<'_>) -> Option<ProviderCard> {
        let provider = self.book.providers.get(id)?;
        let mine = |row: &&Row| row.provider == id && kind.is_none_or(|kind| row.kind.kind() == kind);
        let rows: Vec<&Row> = self.book.rows.iter().filter(mine).collect();
        // What is offered speaks for the provider; if nothing is, what could be.
        let made = |row: &&Row| matches!(row.state, State::On | State::Flag | State::Off);
        let mut shown: Vec<&Row> = rows.iter().copied().filter(|row| world.offers(row)).collect();
        if shown.is_empty() {
            shown = rows.iter().copied().filter(made).collect();
        }
        let first = shown.iter().find(|row| !row.default_for.is_empty()).or(shown.first())?;
        let kinds: BTreeSet<Kind> = shown.iter().map(|row| row.kind.kind()).collect();
        let vendors: BTreeSet<&String> = shown.iter().map(|row| &row.vendor).collect();
        let mut limitations = provider.limitations.clone();
        limitations.extend(closed(&rows));
        Some(ProviderCard {
            id: id.to_owned(),
            name: provider.name.clone(),
            vendor: provider.vendor.clone(),
            description: provider.description.clone(),
            types: kinds.into_iter().collect(),
            features: features(&shown),
            limitations,
            available: rows.iter().any(|row| available(row, world)),
            vendors: vendors.into_iter().cloned().collect(),
            health: health_card(&shown, world),
            models: rows.iter().map(|row| self.model_card(row, world)).collect(),
            pricing: self.pricing(first)?,
            options: self.option_cards(&shown, first),
        })
    }

    /// A model's card.
    fn model_card(&self, row: &Row, world: &World<'_>) -> ModelCard {
        ModelCard {
            name: row.model.clone(),
            kind: row.kind.kind(),
            description: row.description.clone(),
            aliases: row.aliases.clone(),
            inputs: row.inputs.keys().map(|shape| words(row, *shape).to_owned()).collect(),
            available: available(row, world),
            successor: row.successor.clone(),
            pricing: self.pricing(row),
        }
    }

    /// What an order without options costs.
    fn pricing(&self, row: &Row) -> Option<PricingCard> {
        let price = row.price.as_ref()?;
        let shape = row.default_for.first().or(row.inputs.keys().next())?;
        let order = sample(row, *shape);
        // What must be given costs nothing extra.
        let needed = row.options.iter().filter(|(_, limits)| limits.required);
        let wishes: Wishes = needed.map(|(name, _)| (name.clone(), Value::Text("any".to_owned()))).collect();
        let fitted = fit(&self.book, row, &order, &wishes).ok()?;
        let seconds = fitted.options.whole("duration");
        let unit = match (price.per, seconds) {
            (Per::Second | Per::Clip | Per::MillionTokens, Some(seconds)) => format!("clip of {seconds} s"),
            (Per::Second | Per::Clip | Per::MillionTokens, None) => "clip".to_owned(),
            (Per::SpeechSecond, _) => "minute of speech".to_owned(),
            (Per::Image | Per::Megapixel, _) => "picture".to_owned(),
            (Per::ThousandChars, _) => "1,000 characters".to_owned(),
        };
        Some(PricingCard {
            credit_cost: price::credits(fitted.price),
            unit,
            estimated_time: Duration::from_secs(fitted.matched.rule.median.unwrap_or(row.median).into()),
            sure: price.sure.letter(),
        })
    }

    /// The options of several models: all values that any of them takes, defaults of the first.
    fn option_cards(&self, rows: &[&Row], first: &Row) -> Vec<OptionCard> {
        let mut cards: BTreeMap<&str, OptionCard> = BTreeMap::new();
        for row in rows {
            for (name, limits) in &row.options {
                let sizes: Vec<&String> = limits
                    .values
                    .iter()
                    .flatten()
                    .filter_map(|value| limits.resolutions.get(&value.to_string()))
                    .collect();
                let values: Vec<String> = limits.values.iter().flatten().map(Scalar::to_string).collect();
                let card = self.option_card(&mut cards, name, limits.description.as_deref());
                card.required |= limits.required && rows.len() == 1;
                widen(card, values, limits.min, limits.max);
                if row.model == first.model {
                    card.default = limits.default.as_ref().map(Scalar::value);
                }
                if !sizes.is_empty() {
                    let sizes = sizes.into_iter().cloned().collect();
                    widen(self.option_card(&mut cards, "resolution", None), sizes, None, None);
                }
            }
        }
        cards.into_values().collect()
    }

    /// The card of an option, made when it is first met.
    fn option_card<'c, 'b: 'c>(
        &'b self,
        cards: &'c mut BTreeMap<&'b str, OptionCard>,
        name: &str,
        description: Option<&str>,
    ) -> &'c mut OptionCard {
        let known = self.book.options.get_key_value(name);
        let (key, wish) = known.map_or(("", None), |(key, wish)| (key.as_str(), Some(wish)));
        cards.entry(key).or_insert_with(|| OptionCard {
            name: name.to_owned(),
            kind: match wish.map(|wish| wish.kind) {
                Some(ValueKind::Int) => "Int",
                Some(ValueKind::Number) => "Float",
                Some(ValueKind::Flag) => "Boolean",
                Some(ValueKind::Text) | None => "String",
            },
            description: description
                .or(wish.map(|wish| wish.description.as_str()))
                .unwrap_or_default()
                .to_owned(),
            required: false,
            allowed_values: Vec::new(),
            default: None,
            min: None,
            max: None,
        })
    }
}

/// Adds what another model takes.
fn widen(card: &mut OptionCard, values: Vec<String>, min: Option<f64>, max: Option<f64>) {
    for value in values {
        if !card.allowed_values.contains(&value) {
            card.allowed_values.push(value);
        }
    }
    if card.kind == "Int" || card.kind == "Float" {
        card.allowed_values.sort_by(|one, other| {
            let number = |text: &str| text.parse::<f64>().unwrap_or(f64::MAX);
            number(one).total_cmp(&number(other))
        });
    }
    card.min = card.min.into_iter().chain(min).reduce(f64::min);
    card.max = card.max.into_iter().chain(max).reduce(f64::max);
}

/// Whether a model answers in this world, itself or through its successor.
fn available(row: &Row, world: &World<'_>) -> bool {
    match world.mode {
        Mode::Live => world.serves(row),
        Mode::Test => world.serves(row) && !world.passes_on(row),
    }
}

/// A limitation for models that are not offered any more.
fn closed(rows: &[&Row]) -> Option<String> {
    let gone: Vec<String> = rows
        .iter()
        .filter(|row| matches!(row.state, State::Gone | State::None))
        .filter_map(|row| Some(format!("{} ({})", row.model, row.successor.as_ref()?)))
        .collect();
    (!gone.is_empty())
        .then(|| format!("Not offered any more, in brackets who answers instead: {}.", gone.join(", ")))
}

/// What models can do, in words.
fn features(rows: &[&Row]) -> Vec<String> {
    let mut features: Vec<String> = Vec::new();
    let mut add = |feature: &str| {
        if !features.iter().any(|known| known == feature) {
            features.push(feature.to_owned());
        }
    };
    for row in rows {
        for shape in row.inputs.keys() {
            add(words(row, *shape));
        }
    }
    for (name, feature) in
        [("sound", "sound"), ("emotion", "emotion"), ("negativePrompt", "negative prompt"), ("seed", "seed")]
    {
        let fixed = |row: &&Row| matches!(row.fixed.get(name), Some(Scalar::Flag(true)));
        if rows.iter().any(|row| row.options.contains_key(name) || fixed(row)) {
            add(feature);
        }
    }
    features
}

/// What a model does with an input, in words.
pub(crate) fn words(row: &Row, shape: Shape) -> &'static str {
    match (shape, row.kind.kind()) {
        (Shape::Text, Kind::Image) => "text to image",
        (Shape::Text, Kind::Audio) => "text to speech",
        (Shape::Text, _) => "text to video",
        (Shape::Image, _) => "image to video",
        (Shape::FirstLast, _) => "first and last image to video",
        (Shape::References, _) => "reference images to video",
        (Shape::Video, _) => "video to video",
        (Shape::Edit, _) => "image editing",
        (Shape::Script, _) => "script to avatar",
        (Shape::ImageScript, _) => "image and script to avatar",
        (Shape::Audio, _) => "recording to avatar",
        (Shape::ImageAudio, _) => "image and recording to avatar",
        (Shape::VideoAudio, _) => "lip sync of a video to a recording",
        (Shape::VideoScript, _) => "lip sync of a video to a script",
    }
}

/// An order without options: a thousand characters for speech, a minute of script for a person, else a short prompt.
pub(crate) fn sample(row: &Row, shape: Shape) -> Order {
    let text = match (row.kind.kind(), row.speaks(shape)) {
        (Kind::Audio, _) => "a".repeat(1_000),
        (_, true) => "a".repeat(720),
        _ => "a fox".to_owned(),
    };
    let some = |there: bool| there.then(|| "https://example.com/file".to_owned());
    let mut order = Order::of(row.kind.kind(), text);
    let recording = matches!(shape, Shape::Audio | Shape::ImageAudio | Shape::VideoAudio);
    order.input = Input {
        text: order.input.text.filter(|_| !recording),
        image: some(matches!(
            shape,
            Shape::Image | Shape::FirstLast | Shape::Edit | Shape::ImageScript | Shape::ImageAudio
        )),
        last_image: some(shape == Shape::FirstLast),
        images: some(shape == Shape::References).into_iter().collect(),
        video: some(matches!(shape, Shape::Video | Shape::VideoAudio | Shape::VideoScript)),
        audio: some(recording),
        voice: None,
    };
    order
}
