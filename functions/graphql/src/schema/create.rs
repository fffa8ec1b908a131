//! The older mutations, one for each kind: the same orders with flat inputs, and small answers. An input becomes a
//! [`GenerateInput`] and goes the way of every other.

use super::{
    common::with_common_options,
    context::Context,
    enums::{GenerationStatus, GenerationType, Priority},
    generation::Generation,
    input::{ExtraOption, GenerateInput, GenerateOptions, SourceInput},
    scalars::Number,
};
use crate::error::ApiError;
use juniper::{FromInputValue, GraphQLInputObject, ID, InputValue, graphql_object};

/// Makes a flat input and its translation.
macro_rules! create_input {
    (
        { $about:literal, $input:ident, $made:ident }
        $($(#[$doc:meta])* $field:ident: $kind:ty = $name:literal,)*
    ) => {
        #[doc = $about]
        #[derive(GraphQLInputObject)]
        pub(crate) struct $input {
            /// What it shows, or the words to speak.
            prompt: Option<String>,
            /// The model, or a provider whose model we choose, such as "luma".
            model: Option<String>,
            /// The provider. Left out, the model tells it, or we choose.
            provider: Option<String>,
            /// A picture to start from.
            image: Option<String>,
            /// The picture to end with.
            last_image: Option<String>,
            /// Reference pictures.
            images: Option<Vec<String>>,
            /// A clip.
            video: Option<String>,
            /// A recording.
            audio: Option<String>,
            $($(#[$doc])* #[graphql(name = $name)] $field: Option<$kind>,)*
            /// Options that have no field here.
            extra: Option<Vec<ExtraOption>>,
            /// What matters most when we choose.
            priority: Option<Priority>,
            /// May another provider take over? Left out: only when we chose.
            fallback: Option<bool>,
            /// Never cost more than this, fallbacks included.
            max_credits: Option<i32>,
            /// Refuse options that the model can't honour, instead of adjusting them.
            strict: Option<bool>,
            /// Give up, and refund by the rules, after this many seconds.
            deadline_seconds: Option<i32>,
            /// Hold the answer until it has ended, for so many seconds at most: 0 to 25.
            wait: Option<i32>,
            /// Where the news goes when it has ended: https, a public address.
            webhook_url: Option<String>,
            /// Your own tag, echoed.
            reference: Option<String>,
        }

        impl From<$input> for GenerateInput {
            fn from(flat: $input) -> GenerateInput {
                GenerateInput {
                    kind: GenerationType::$made,
                    provider: flat.provider,
                    model: flat.model,
                    input: SourceInput {
                        text: flat.prompt,
                        image: flat.image,
                        last_image: flat.last_image,
                        images: flat.images,
                        video: flat.video,
                        audio: flat.audio,
                        voice: None,
                    },
                    options: Some(GenerateOptions {
                        model: None,
                        $($field: flat.$field,)*
                        extra: flat.extra,
                    }),
                    priority: flat.priority,
                    fallback: flat.fallback,
                    max_credits: flat.max_credits,
                    strict: flat.strict,
                    deadline_seconds: flat.deadline_seconds,
                    wait: flat.wait,
                    webhook_url: flat.webhook_url,
                    reference: flat.reference,
                }
            }
        }
    };
}

with_common_options!(create_input! { "A clip to make.", VideoCreateInput, Video });
with_common_options!(create_input! { "A picture to make.", ImageCreateInput, Image });
with_common_options!(create_input! { "Speech to make.", AudioCreateInput, Audio });
with_common_options!(create_input! { "A talking person to make.", AvatarCreateInput, Avatar });

/// Makes the answer to a flat input.
macro_rules! create_payload {
    ($about:literal, $payload:ident, $url:ident) => {
        #[doc = $about]
        pub(crate) struct $payload(pub(crate) Generation);

        #[graphql_object(context = Context)]
        impl $payload {
            /// Its id: `generation` takes it.
            fn id(&self) -> ID {
                ID::new(self.0.0.id.as_str())
            }

            /// How it stands.
            fn status(&self) -> GenerationStatus {
                self.0.0.status().into()
            }

            /// A link to the file; only when it is completed.
            async fn $url(&self, context: &Context) -> Result<Option<String>, ApiError> {
                self.0.first_link(context).await
            }

            /// Everything else about it.
            fn generation(&self) -> &Generation {
                &self.0
            }
        }
    };
}

create_payload!("A clip in the making.", VideoCreatePayload, video_url);
create_payload!("A picture in the making.", ImageCreatePayload, image_url);
create_payload!("Speech in the making.", AudioCreatePayload, audio_url);
create_payload!("A talking person in the making.", AvatarCreatePayload, avatar_url);

/// An order of this type of input, and whether that is a flat one; nothing if it can't be read as one.
pub(crate) fn order_of(kind: &str, value: &InputValue) -> Option<(GenerateInput, bool)> {
    fn flat<T: FromInputValue + Into<GenerateInput>>(value: &InputValue) -> Option<(GenerateInput, bool)> {
        Some((T::from_input_value(value).ok()?.into(), true))
    }
    match kind {
        "GenerateInput" => Some((GenerateInput::from_input_value(value).ok()?, false)),
        "VideoCreateInput" => flat::<VideoCreateInput>(value),
        "ImageCreateInput" => flat::<ImageCreateInput>(value),
        "AudioCreateInput" => flat::<AudioCreateInput>(value),
        "AvatarCreateInput" => flat::<AvatarCreateInput>(value),
        _ => None,
    }
}

/// A field of the general input, as the flat one names it.
pub(crate) fn flat_name(field: &str) -> String {
    match field {
        "input" | "input.text" => "prompt".to_owned(),
        _ => {
            let inner = field.strip_prefix("input.").or_else(|| field.strip_prefix("options."));
            inner.unwrap_or(field).to_owned()
        }
    }
}
