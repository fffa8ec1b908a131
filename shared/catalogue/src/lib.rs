//! What can be made, by whom and at what price; and the pure choosing and checking that turns an [`Order`](jobs::Order)
//! into a [`Plan`](jobs::Plan).
//!
//! `models.toml` is the one data file: a row per model. The build script reads and checks it; here it is only loaded.
//! [`Catalogue::choose`] finds the model, settles the options within its limits, tells every change and fixes the price:
//!
//! 1. The wishes are read: wrong types, nonsense and unknown names are [`Problem`]s whatever the model.
//! 2. A provider that was named is found by id or alias, and its model by name, by tier, by a telling option or as the
//!    default for what the order starts from. A name that is not offered any more answers with its successor. Without a
//!    provider every model of the type that can do it is ranked (see `score`).
//! 3. Each option is settled: kept, brought to the nearest value, told in the prompt, or left out, and every change is
//!    an [`Adjustment`](jobs::Adjustment). Where a model refuses a combination, as little as possible gives way: first
//!    what nobody asked for, then what matters least (`importance` in the data file: length before shape before sound
//!    before size before mode).
//!    Where nobody asked and cost matters most, some settings are the cheapest instead of the usual ones (`thrifty`).
//! 4. The price is the row's formula over the settled options, in millionths of a dollar and rounded up to credits.
//!
//! An operator changes states, prices, names and ranks by a file, without a build: see [`Overrides`].
//!
//! What never happens here: I/O, reading a clock, floating-point money.

mod board;
mod cards;
mod catalogue;
mod check;
mod choose;
mod combine;
mod find;
mod fit;
mod health;
mod inputs;
mod names;
mod nearest;
mod overrides;
mod plan;
mod price;
mod refusal;
mod row;
mod score;
mod settle;
mod sheets;
#[cfg(test)]
mod source;
#[cfg(test)]
mod tests;
mod wishes;

pub use cards::{ModelCard, OptionCard, PricingCard, ProviderCard};
pub use catalogue::{Catalogue, World};
pub use health::{HealthCard, HealthState, Knowledge};
pub use names::{did_you_mean, similar};
pub use overrides::{Fault, MOST_BYTES, OPERATOR_FILE, Overrides};
pub use refusal::{Problem, Refusal};
pub use sheets::ModelSheet;
