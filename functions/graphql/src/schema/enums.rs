//! The published enumerations, each made from our own.

use juniper::GraphQLEnum;

/// Makes a published enumeration from one of ours, variant by variant.
macro_rules! published {
    ($(#[$doc:meta])* $name:ident from $ours:path { $($(#[$what:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
        pub(crate) enum $name { $($(#[$what])* $variant,)* }

        impl From<$ours> for $name {
            fn from(ours: $ours) -> $name {
                use $ours as Ours;
                match ours { $(Ours::$variant => $name::$variant,)* }
            }
        }

        impl From<$name> for $ours {
            fn from(published: $name) -> $ours {
                use $ours as Ours;
                match published { $($name::$variant => Ours::$variant,)* }
            }
        }
    };
}

published! {
    /// How a provider is doing.
    ProviderState from catalogue::HealthState {
        /// It makes what is ordered.
        Healthy,
        /// Some of its models get no orders for a while, or it fails more often than usual.
        Degraded,
        /// It gets no orders for a while: it failed lately, and is tried again soon.
        Unavailable,
    }
}

published! {
    /// What is to be made.
    GenerationType from jobs::Kind {
        /// A clip.
        Video,
        /// A picture.
        Image,
        /// Speech.
        Audio,
        /// A talking person.
        Avatar,
    }
}

published! {
    /// How a generation stands. COMPLETED, FAILED and CANCELED never change again.
    GenerationStatus from jobs::Status {
        /// Waiting for its turn.
        Queued,
        /// A provider is at work.
        Processing,
        /// The files are there.
        Completed,
        /// It could not be made; nothing is charged.
        Failed,
        /// It was stopped on request.
        Canceled,
    }
}

published! {
    /// What matters most when we choose the provider.
    Priority from jobs::Priority {
        /// The best result.
        Quality,
        /// The quickest.
        Speed,
        /// The cheapest.
        Cost,
    }
}

published! {
    /// Finer than the status.
    Phase from jobs::Phase {
        /// Waiting until fewer generations of the account run.
        Held,
        /// Waiting for the provider.
        Queued,
        /// Being handed to the provider.
        Submitting,
        /// The provider is at work.
        Running,
        /// The files are being copied.
        Storing,
        /// Being stopped.
        Canceling,
        /// Done.
        Completed,
        /// Failed.
        Failed,
        /// Stopped.
        Canceled,
    }
}

published! {
    /// What went wrong.
    ErrorCode from jobs::ErrorCode {
        /// No good key.
        Unauthenticated,
        /// The balance is below the cost.
        InsufficientCredits,
        /// A limit of the tier is reached.
        RateLimit,
        /// A parameter is bad.
        InvalidInput,
        /// The idempotency key was used with other parameters.
        IdempotencyConflict,
        /// The provider can't be used now.
        ProviderUnavailable,
        /// The provider could not make it.
        GenerationFailed,
        /// There is no such thing, or it is not yours.
        NotFound,
        /// Our fault.
        Internal,
    }
}

published! {
    /// Why a generation failed.
    FailureReason from jobs::Reason {
        /// The provider's rules forbid the content.
        Moderation,
        /// The deadline passed while it waited.
        DeadlineBeforeStart,
        /// The deadline passed while the provider worked.
        DeadlineWhileRunning,
        /// The provider gave up.
        Vendor,
        /// Contact was lost, and nobody can say whether it was made.
        OutcomeUnknown,
    }
}

published! {
    /// The tiers.
    Tier from jobs::Tier {
        /// For trying out.
        Free,
        /// For small projects.
        Starter,
        /// For products.
        Pro,
        /// With figures of its own.
        Enterprise,
    }
}

published! {
    /// What a key may do.
    KeyMode from jobs::Mode {
        /// Real providers, real credits.
        Live,
        /// The built-in simulator; no credits are spent.
        Test,
    }
}

/// How the news to a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
pub(crate) enum WebhookState {
    /// The generation has not ended yet.
    Waiting,
    /// Being delivered, or to be tried again.
    Pending,
    /// The receiver took it.
    Delivered,
    /// We gave up.
    Failed,
}
