//! Reading.

use super::{
    account::Account,
    context::Context,
    enums::GenerationType,
    estimate::Estimate,
    generation::Generation,
    input::GenerateInput,
    list::{GenerationConnection, GenerationFilter},
    provider::Provider,
};
use crate::{
    desk::{Filter, Wanted},
    error::ApiError,
};
use juniper::{ID, graphql_object};

/// Reading.
pub(crate) struct Query;

#[graphql_object(context = Context)]
impl Query {
    /// One of your generations.
    async fn generation(context: &Context, id: ID) -> Result<Option<Generation>, ApiError> {
        let found = context.desk.generation(&context.caller, &id, context.now()).await;
        let job = found.map_err(|error| context.note_error(error))?;
        context.note_id(job.id.as_str());
        Ok(Some(Generation(job)))
    }

    /// Your generations, newest first, in pages of `first` (1 to 100, usually 20).
    async fn generations(
        context: &Context,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<GenerationFilter>,
    ) -> Result<GenerationConnection, ApiError> {
        let filter = filter.map(Filter::from).unwrap_or_default();
        let wanted = Wanted { first, after };
        let page = context.desk.generations(&context.caller, wanted, filter, context.now()).await?;
        Ok(page.into())
    }

    /// Who can make what, at which price.
    async fn providers(
        context: &Context,
        #[graphql(name = "type")] kind: Option<GenerationType>,
    ) -> Vec<Provider> {
        let sight = context.desk.sight(context.caller.mode, context.now()).await;
        Provider::all(&sight.catalogue, &sight.world(true), kind.map(jobs::Kind::from))
    }

    /// One provider.
    async fn provider(context: &Context, id: ID) -> Result<Option<Provider>, ApiError> {
        let sight = context.desk.sight(context.caller.mode, context.now()).await;
        let found = Provider::find(&sight.catalogue, &sight.world(true), &id);
        found.map(Some).ok_or_else(|| ApiError::not_found("provider"))
    }

    /// What `generate` would make of this input now, and for how many credits. It spends nothing.
    async fn estimate(context: &Context, input: GenerateInput) -> Result<Estimate, ApiError> {
        let draft = input.into_draft();
        Ok(Estimate(context.desk.estimate(&context.caller, &draft, context.now()).await?))
    }

    /// Your account as it is now.
    async fn account(context: &Context) -> Result<Account, ApiError> {
        let account = context.desk.account(&context.caller).await?;
        Ok(Account { account, mode: context.caller.mode, now: context.now() })
    }
}
