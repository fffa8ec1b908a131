//! What can go wrong with a generation, and what that means to the caller and to us.

use crate::scrub::scrubbed;
use std::time::Duration;

/// The machine-readable codes of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
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
    /// The chosen provider can't be used now.
    ProviderUnavailable,
    /// The vendor could not make it.
    GenerationFailed,
    /// There is no such thing, or it is not yours.
    NotFound,
    /// Our fault.
    Internal,
}

impl ErrorCode {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            ErrorCode::Unauthenticated => "UNAUTHENTICATED",
            ErrorCode::InsufficientCredits => "INSUFFICIENT_CREDITS",
            ErrorCode::RateLimit => "RATE_LIMIT",
            ErrorCode::InvalidInput => "INVALID_INPUT",
            ErrorCode::IdempotencyConflict => "IDEMPOTENCY_CONFLICT",
            ErrorCode::ProviderUnavailable => "PROVIDER_UNAVAILABLE",
            ErrorCode::GenerationFailed => "GENERATION_FAILED",
            ErrorCode::NotFound => "NOT_FOUND",
            ErrorCode::Internal => "INTERNAL",
        }
    }
}

/// What the caller should do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send a valid key.
    CheckKey,
    /// Top up the account.
    AddCredits,
    /// Wait, then repeat the request.
    RetryLater,
    /// Change the request.
    FixInput,
    /// Use a fresh idempotency key.
    UseNewKey,
    /// Choose another provider, or leave the choice to us.
    ChangeProvider,
    /// Change the prompt or the material.
    ChangePrompt,
    /// Ask the operator, giving the request id.
    ContactOperator,
}

impl Action {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Action::CheckKey => "CHECK_KEY",
            Action::AddCredits => "ADD_CREDITS",
            Action::RetryLater => "RETRY_LATER",
            Action::FixInput => "FIX_INPUT",
            Action::UseNewKey => "USE_NEW_IDEMPOTENCY_KEY",
            Action::ChangeProvider => "CHANGE_PROVIDER",
            Action::ChangePrompt => "CHANGE_PROMPT",
            Action::ContactOperator => "CONTACT_OPERATOR",
        }
    }
}

/// Why a generation failed, finer than its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The vendor's rules forbid the content.
    Moderation,
    /// The deadline passed while it waited.
    DeadlineBeforeStart,
    /// The deadline passed while the vendor worked.
    DeadlineWhileRunning,
    /// The vendor gave up.
    Vendor,
    /// Contact was lost after the order was sent, and nobody can say whether it was made.
    OutcomeUnknown,
}

impl Reason {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Moderation => "MODERATION",
            Reason::DeadlineBeforeStart => "DEADLINE_BEFORE_START",
            Reason::DeadlineWhileRunning => "DEADLINE_WHILE_RUNNING",
            Reason::Vendor => "VENDOR",
            Reason::OutcomeUnknown => "OUTCOME_UNKNOWN",
        }
    }
}

/// What happened, told by what has to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The vendor refuses these parameters; nobody should try again unchanged.
    InvalidInput,
    /// The vendor's rules forbid the content; never a reason to try another vendor.
    Moderation,
    /// The vendor tried and could not.
    Vendor,
    /// The vendor has no free slot or asks for patience; nothing was made.
    Busy,
    /// The vendor is out of order; nothing was made.
    Unavailable,
    /// Our key or our balance at the vendor is not in order: someone has to look.
    Operator,
    /// The deadline passed before the vendor had it.
    DeadlineBeforeStart,
    /// The deadline passed while the vendor had it.
    DeadlineWhileRunning,
    /// Contact was lost after the paid call, and it can't be found out what came of it.
    OutcomeUnknown,
}

impl FaultKind {
    /// Every kind, for stored items and tests.
    pub const ALL: [FaultKind; 9] = [
        FaultKind::InvalidInput,
        FaultKind::Moderation,
        FaultKind::Vendor,
        FaultKind::Busy,
        FaultKind::Unavailable,
        FaultKind::Operator,
        FaultKind::DeadlineBeforeStart,
        FaultKind::DeadlineWhileRunning,
        FaultKind::OutcomeUnknown,
    ];

    /// The name in stored items and metrics.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::InvalidInput => "invalid-input",
            FaultKind::Moderation => "moderation",
            FaultKind::Vendor => "vendor",
            FaultKind::Busy => "busy",
            FaultKind::Unavailable => "unavailable",
            FaultKind::Operator => "operator",
            FaultKind::DeadlineBeforeStart => "deadline-before-start",
            FaultKind::DeadlineWhileRunning => "deadline-while-running",
            FaultKind::OutcomeUnknown => "outcome-unknown",
        }
    }

    /// Reads [`FaultKind::name`].
    pub fn parse(name: &str) -> Option<FaultKind> {
        FaultKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A fault of one attempt, and of the generation if it ends there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happened.
    pub kind: FaultKind,
    /// A sentence for the caller: no vendor ids, keys, addresses or raw vendor texts.
    pub message: String,
    /// For the log only: the vendor's own code and words, cut short.
    pub detail: String,
    /// How long the vendor asked us to wait.
    pub retry_after: Option<Duration>,
}

/// Longest [`Fault::detail`] kept, in bytes: enough for a vendor's message, too little to flood a log.
const MOST_DETAIL: usize = 500;

impl Fault {
    /// A fault with a sentence for the caller.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Fault {
        Fault { kind, message: message.into(), detail: String::new(), retry_after: None }
    }

    /// Adds what the log should know. What looks like a key in it is left out: vendors quote what they refuse.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Fault {
        self.detail = scrubbed(&detail.into());
        if self.detail.len() > MOST_DETAIL {
            let cut = (0..=MOST_DETAIL).rev().find(|at| self.detail.is_char_boundary(*at)).unwrap_or(0);
            self.detail.truncate(cut);
        }
        self
    }

    /// Adds how long the vendor asked us to wait.
    #[must_use]
    pub fn retry_after(mut self, span: Option<Duration>) -> Fault {
        self.retry_after = span;
        self
    }

    /// The code that the caller sees.
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            FaultKind::InvalidInput => ErrorCode::InvalidInput,
            FaultKind::Busy | FaultKind::Unavailable | FaultKind::Operator => ErrorCode::ProviderUnavailable,
            FaultKind::Moderation
            | FaultKind::Vendor
            | FaultKind::DeadlineBeforeStart
            | FaultKind::DeadlineWhileRunning
            | FaultKind::OutcomeUnknown => ErrorCode::GenerationFailed,
        }
    }

    /// The finer reason, where the code is GENERATION_FAILED.
    pub fn reason(&self) -> Option<Reason> {
        match self.kind {
            FaultKind::Moderation => Some(Reason::Moderation),
            FaultKind::Vendor => Some(Reason::Vendor),
            FaultKind::DeadlineBeforeStart => Some(Reason::DeadlineBeforeStart),
            FaultKind::DeadlineWhileRunning => Some(Reason::DeadlineWhileRunning),
            FaultKind::OutcomeUnknown => Some(Reason::OutcomeUnknown),
            FaultKind::InvalidInput | FaultKind::Busy | FaultKind::Unavailable | FaultKind::Operator => None,
        }
    }

    /// What the caller should do.
    pub fn action(&self) -> Action {
        match self.kind {
            FaultKind::InvalidInput => Action::FixInput,
            FaultKind::Moderation => Action::ChangePrompt,
            FaultKind::Busy | FaultKind::Unavailable | FaultKind::Operator => Action::ChangeProvider,
            FaultKind::Vendor
            | FaultKind::DeadlineBeforeStart
            | FaultKind::DeadlineWhileRunning
            | FaultKind::OutcomeUnknown => Action::RetryLater,
        }
    }

    /// Whether the same request may well succeed later.
    pub fn retryable(&self) -> bool {
        !matches!(self.kind, FaultKind::InvalidInput | FaultKind::Moderation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_detail_is_cut_at_a_character() {
        let fault = Fault::new(FaultKind::Vendor, "it failed").with_detail("ж".repeat(400));
        assert_eq!(fault.detail.len(), MOST_DETAIL);
    }

    #[test]
    fn a_detail_keeps_no_key_that_the_vendor_quoted() {
        let fault = Fault::new(FaultKind::Operator, "it failed").with_detail("401: bad key sk_live_SECRET42");
        assert_eq!(fault.detail, "401: bad key [hidden]");
    }

    #[test]
    fn every_kind_has_a_name_of_its_own_that_is_read_back() {
        for kind in FaultKind::ALL {
            assert_eq!(FaultKind::parse(kind.name()), Some(kind));
        }
    }

    #[test]
    fn a_failed_generation_always_tells_its_reason() {
        for kind in FaultKind::ALL {
            let fault = Fault::new(kind, "");
            assert_eq!(fault.reason().is_some(), fault.code() == ErrorCode::GenerationFailed, "{kind:?}");
        }
    }
}
