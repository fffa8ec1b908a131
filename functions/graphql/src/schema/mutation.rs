//! Making and stopping.

use super::{
    context::Context,
    create::{
        AudioCreateInput, AudioCreatePayload, AvatarCreateInput, AvatarCreatePayload, ImageCreateInput,
        ImageCreatePayload, VideoCreateInput, VideoCreatePayload, flat_name,
    },
    generation::Generation,
    input::GenerateInput,
    scalars::DateTime,
    webhook::{WebhookProbe, WebhookSecret},
};
use crate::{
    desk::{Asked, problem},
    error::ApiError,
};
use juniper::{Executor, ID, ScalarValue, graphql_object};

/// Making and stopping.
pub(crate) struct Mutation;

#[graphql_object(context = Context)]
impl Mutation {
    /// Makes a video, an image, speech or an avatar. Answers at once, unless `wait` says otherwise; ask `generation`
    /// for the result, or name a `webhookUrl`. With an `Idempotency-Key` header it may be repeated without being made or charged twice.
    async fn generate<S: ScalarValue>(
        executor: &Executor<'_, '_, Context, S>,
        context: &Context,
        input: GenerateInput,
    ) -> Result<Generation, ApiError> {
        place(executor, context, input).await
    }

    /// Stops a generation: `true` if it is stopped or will be, `false` if it had already ended.
    async fn cancel_generation(context: &Context, id: ID) -> Result<bool, ApiError> {
        let canceled = context.desk.cancel(&context.caller, &id, context.now()).await?;
        // It is the caller's, so it may stand in the log.
        context.note_id(&id);
        Ok(canceled)
    }

    /// Removes a generation that has ended: its files, and its record but for what the accounts need. It is not found
    /// any more, and news of it that is not delivered yet never will be. Its Idempotency-Key stays used. Answers
    /// `true`, also when it was removed before.
    async fn delete_generation(context: &Context, id: ID) -> Result<bool, ApiError> {
        context.desk.delete(&context.caller, &id, context.now()).await?;
        context.note_id(&id);
        Ok(true)
    }

    /// Delivers the news of an ended generation to its webhook again, with all its retries. Answers `true`.
    async fn redeliver_webhook(context: &Context, id: ID) -> Result<bool, ApiError> {
        context.count()?;
        context.desk.redeliver(&context.caller, &id, context.now()).await?;
        context.note_id(&id);
        Ok(true)
    }

    /// Sends a sample event, marked `test: true` and signed as every other, and tells within 10 s what came of it.
    async fn test_webhook(context: &Context, url: String) -> Result<WebhookProbe, ApiError> {
        context.count()?;
        context.probe(&url).await.map(WebhookProbe)
    }

    /// Makes a new secret for the signatures of your webhooks. The one until now signs too for 24 hours; one before
    /// that signs no longer, so rotating twice shuts out a secret that has leaked.
    async fn rotate_webhook_secret(context: &Context) -> Result<WebhookSecret, ApiError> {
        context.count()?;
        let (secret, until) = context.desk.rotate(&context.caller, context.now()).await?;
        Ok(WebhookSecret { secret: secret.reveal(), previous_valid_until: DateTime(until) })
    }

    /// Makes a video: `generate` with a flat input.
    async fn video_create<S: ScalarValue>(
        executor: &Executor<'_, '_, Context, S>,
        context: &Context,
        input: VideoCreateInput,
    ) -> Result<VideoCreatePayload, ApiError> {
        place_flat(executor, context, input).await.map(VideoCreatePayload)
    }

    /// Makes an image: `generate` with a flat input.
    async fn image_create<S: ScalarValue>(
        executor: &Executor<'_, '_, Context, S>,
        context: &Context,
        input: ImageCreateInput,
    ) -> Result<ImageCreatePayload, ApiError> {
        place_flat(executor, context, input).await.map(ImageCreatePayload)
    }

    /// Makes speech: `generate` with a flat input.
    async fn audio_create<S: ScalarValue>(
        executor: &Executor<'_, '_, Context, S>,
        context: &Context,
        input: AudioCreateInput,
    ) -> Result<AudioCreatePayload, ApiError> {
        place_flat(executor, context, input).await.map(AudioCreatePayload)
    }

    /// Makes an avatar: `generate` with a flat input.
    async fn avatar_create<S: ScalarValue>(
        executor: &Executor<'_, '_, Context, S>,
        context: &Context,
        input: AvatarCreateInput,
    ) -> Result<AvatarCreatePayload, ApiError> {
        place_flat(executor, context, input).await.map(AvatarCreatePayload)
    }
}

/// Places an order. Its place in the answer, together with the idempotency key, names it.
async fn place<S: ScalarValue>(
    executor: &Executor<'_, '_, Context, S>,
    context: &Context,
    input: GenerateInput,
) -> Result<Generation, ApiError> {
    let path = executor.look_ahead().field_name().to_owned();
    let Ok(key) = context.key.clone() else {
        let problems = vec![problem("Idempotency-Key", "must be 1 to 255 visible ASCII characters")];
        return Err(ApiError::invalid_input(problems));
    };
    let draft = input.into_draft();
    let longest = draft.wait;
    let asked = Asked { draft, key, path: path.clone() };
    let placed = context.desk.accept(&context.caller, asked, context.now()).await;
    let placed = placed.map_err(|error| context.note_error(error))?;
    context.note_placed(path, &placed);
    context.forget().await;
    Ok(Generation(context.wait(placed.job, longest).await))
}

/// The same for a flat input, whose problems are told by its own names.
async fn place_flat<S: ScalarValue>(
    executor: &Executor<'_, '_, Context, S>,
    context: &Context,
    input: impl Into<GenerateInput>,
) -> Result<Generation, ApiError> {
    place(executor, context, input.into()).await.map_err(|error| error.with_fields_named(flat_name))
}
