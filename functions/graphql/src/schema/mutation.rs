//! Making and stopping.

use super::{context::Context, generation::Generation, input::GenerateInput};
use crate::{
    desk::{Asked, problem},
    error::ApiError,
};
use juniper::{Executor, ID, ScalarValue, graphql_object};

/// Making and stopping.
pub(crate) struct Mutation;

#[graphql_object(context = Context)]
impl Mutation {
    /// Makes a video, an image, speech or an avatar. Answers at once; ask `generation` for the result, or name a
    /// `webhookUrl`. With an `Idempotency-Key` header it may be repeated without being made or charged twice.
    async fn generate<S: ScalarValue>(
        executor: &Executor<'_, '_, Context, S>,
        context: &Context,
        input: GenerateInput,
    ) -> Result<Generation, ApiError> {
        let path = executor.look_ahead().field_name().to_owned();
        let Ok(key) = context.key.clone() else {
            let problems = vec![problem("Idempotency-Key", "must be 1 to 255 visible ASCII characters")];
            return Err(ApiError::invalid_input(problems));
        };
        let asked = Asked { draft: input.into_draft(), key, path };
        let placed = context.desk.accept(&context.caller, asked, context.now).await;
        let placed = placed.map_err(|error| context.note_error(error))?;
        context.note_job(&placed.job.id, placed.replayed);
        Ok(Generation(placed.job))
    }

    /// Stops a generation: `true` if it is stopped or will be, `false` if it had already ended.
    async fn cancel_generation(context: &Context, id: ID) -> Result<bool, ApiError> {
        let canceled = context.desk.cancel(&context.caller, &id, context.now).await?;
        // It is the caller's, so its id is well-formed and may stand in the log.
        jobs::JobId::parse(&id).iter().for_each(|id| context.note_job(id, false));
        Ok(canceled)
    }
}
