//! What an order would cost and take.

use super::{
    context::Context,
    parts::{Adjustment, Candidate, seconds, whole},
};
use jobs::Plan;
use juniper::graphql_object;

/// What an order would come to: what `generate` would answer now. Nothing is made, reserved or counted as a
/// generation. Whether your balance and your limits allow it is for `generate` to say.
pub(crate) struct Estimate(pub(crate) Plan);

#[graphql_object(context = Context)]
impl Estimate {
    /// Who would make it.
    fn provider(&self) -> &str {
        &self.0.provider
    }

    /// With which model.
    fn model(&self) -> &str {
        &self.0.model
    }

    /// What it would cost. A test key spends nothing, but is told what a live one would.
    fn credit_cost(&self) -> i32 {
        whole(self.0.cost.0)
    }

    /// Seconds that it would probably take.
    fn estimated_time(&self) -> i32 {
        seconds(self.0.median)
    }

    /// What would be changed of the options that were asked for.
    fn adjustments(&self) -> Vec<Adjustment> {
        self.0.adjustments.iter().cloned().map(Adjustment).collect()
    }

    /// The models that were considered, the best first; nothing where the order names one.
    fn candidates(&self) -> Vec<Candidate> {
        self.0.candidates.iter().cloned().map(Candidate).collect()
    }
}
