//! Who can make what, at which price.

use super::{
    context::Context,
    enums::{GenerationType, ProviderState},
    parts::whole,
    scalars::{Number, OptionValue},
};
use catalogue::{Catalogue, HealthCard, ModelCard, OptionCard, PricingCard, ProviderCard, World};
use jobs::Value;
use juniper::{ID, graphql_object};

/// A provider.
pub(crate) struct Provider(ProviderCard);

impl Provider {
    /// Those that make something of this kind, or all.
    pub(crate) fn all(catalogue: &Catalogue, world: &World<'_>, kind: Option<jobs::Kind>) -> Vec<Provider> {
        catalogue.providers(kind, world).into_iter().map(Provider).collect()
    }

    /// One, by its id or another name of it.
    pub(crate) fn find(catalogue: &Catalogue, world: &World<'_>, id: &str) -> Option<Provider> {
        catalogue.provider_card(id, world).map(Provider)
    }
}

#[graphql_object(context = Context)]
impl Provider {
    /// What to write as `provider`.
    fn id(&self) -> ID {
        ID::new(self.0.id.as_str())
    }

    /// Its name.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Who runs it.
    fn vendor(&self) -> &str {
        &self.0.vendor
    }

    /// What it is good for.
    fn description(&self) -> &str {
        &self.0.description
    }

    /// What it makes.
    fn types(&self) -> Vec<GenerationType> {
        self.0.types.iter().copied().map(GenerationType::from).collect()
    }

    /// What it can do.
    fn features(&self) -> &[String] {
        &self.0.features
    }

    /// What it can't do.
    fn limitations(&self) -> &[String] {
        &self.0.limitations
    }

    /// Whether you can use it now.
    fn available(&self) -> bool {
        self.0.available
    }

    /// How it is doing, by what became of everybody's generations in the last minutes.
    fn health(&self) -> Health {
        Health(self.0.health)
    }

    /// Its models.
    fn models(&self) -> Vec<Model> {
        self.0.models.iter().cloned().map(Model).collect()
    }

    /// What an order without options costs.
    fn pricing(&self) -> Pricing {
        Pricing(self.0.pricing.clone())
    }

    /// The options of its models.
    fn options(&self) -> Vec<ProviderOption> {
        self.0.options.iter().cloned().map(ProviderOption).collect()
    }
}

/// How a provider is doing.
pub(crate) struct Health(HealthCard);

#[graphql_object(context = Context)]
impl Health {
    /// Whether it gets orders.
    fn state(&self) -> ProviderState {
        self.0.state.into()
    }

    /// The share of generations that it finished in the last minutes, 0 to 1. Nothing if there were none.
    fn success_rate(&self) -> Option<f64> {
        self.0.success_rate
    }

    /// Seconds within which half of its latest generations were made. Nothing until enough are known.
    fn p50_seconds(&self) -> Option<f64> {
        self.0.p50.map(|time| time.as_secs_f64())
    }

    /// Seconds within which 95 % of its latest generations were made. Nothing until enough are known.
    fn p95_seconds(&self) -> Option<f64> {
        self.0.p95.map(|time| time.as_secs_f64())
    }
}

/// A model of a provider.
pub(crate) struct Model(ModelCard);

#[graphql_object(context = Context)]
impl Model {
    /// What to write as `model`.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What it makes.
    #[graphql(name = "type")]
    fn kind(&self) -> GenerationType {
        self.0.kind.into()
    }

    /// What it is good for.
    fn description(&self) -> &str {
        &self.0.description
    }

    /// Its other names.
    fn aliases(&self) -> &[String] {
        &self.0.aliases
    }

    /// What it starts from.
    fn inputs(&self) -> &[String] {
        &self.0.inputs
    }

    /// Whether you can use it now.
    fn available(&self) -> bool {
        self.0.available
    }

    /// Who answers in its place when it is not offered.
    fn successor(&self) -> Option<&str> {
        self.0.successor.as_deref()
    }

    /// What an order without options costs; nothing for a model that is not made any more.
    fn pricing(&self) -> Option<Pricing> {
        self.0.pricing.clone().map(Pricing)
    }
}

/// What an order without options costs and takes.
pub(crate) struct Pricing(PricingCard);

#[graphql_object(context = Context)]
impl Pricing {
    /// Credits; one is worth USD 0.01.
    fn credit_cost(&self) -> i32 {
        whole(self.0.credit_cost.0)
    }

    /// What that is for.
    fn unit(&self) -> &str {
        &self.0.unit
    }

    /// How long it usually takes, in seconds.
    fn estimated_time(&self) -> i32 {
        whole(self.0.estimated_time.as_secs())
    }
}

/// An option of a provider's models.
pub(crate) struct ProviderOption(OptionCard);

#[graphql_object(context = Context)]
impl ProviderOption {
    /// What to write in `options`.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// String, Int, Float or Boolean.
    #[graphql(name = "type")]
    fn kind(&self) -> &str {
        self.0.kind
    }

    /// Whether it must be given.
    fn required(&self) -> bool {
        self.0.required
    }

    /// What it means.
    fn description(&self) -> &str {
        &self.0.description
    }

    /// The values that it may have, where they can be listed.
    fn allowed_values(&self) -> &[String] {
        &self.0.allowed_values
    }

    /// What is used when it is not given.
    fn default(&self) -> Option<OptionValue> {
        self.0.default.as_ref().map(|value| match value {
            Value::Text(text) => OptionValue::Text(text.clone()),
            Value::Whole(number) => OptionValue::Number(*number as f64),
            Value::Decimal(number) => OptionValue::Number(*number),
            Value::Flag(flag) => OptionValue::Flag(*flag),
        })
    }

    /// The smallest number.
    fn min(&self) -> Option<Number> {
        self.0.min.map(Number)
    }

    /// The largest number.
    fn max(&self) -> Option<Number> {
        self.0.max.map(Number)
    }
}
