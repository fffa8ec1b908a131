//! Sync.so's error table. Refused calls and failed generations have the same codes; those that the vendor's own list of
//! 62 has for endpoints which we don't use are left out.

use super::wire::{Generation, Refusal};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};
use std::time::Duration;

/// The vendor's fields, in lower case, with our names for them.
const FIELDS: [(&str, &str); 11] = [
    ("sync_mode", "syncMode"),
    ("model_mode", "mode"),
    ("stability", "stability"),
    ("voiceid", "voice"),
    ("script", "text"),
    ("prompt", "emotion"),
    ("model", "model"),
    ("video", "video"),
    ("audio", "audio"),
    ("image", "image"),
    ("visual", "video"),
];

/// The longest that we let the vendor ask us to wait.
const LONGEST_WAIT: f64 = 3600.0;

/// Whether a refusal speaks of an earlier order with the same key: of another content, still at work, or of unknown
/// outcome. Of these only the last one's name was read.
pub(super) fn is_about_key(code: &str) -> bool {
    code.starts_with("IDEMPOTENCY_")
}

/// What a code means; none when it leaves open what was done, or is new.
fn of_code(code: &str, words: &str) -> Option<Fault> {
    let bad_input = |message: &str| Fault::new(FaultKind::InvalidInput, message);
    let fault = match code {
        "generation_unsupported_model" => kit::refused_option("model"),
        "generation_input_validation_failed"
        | "generation_input_segments_invalid"
        | "generation_input_trim_invalid"
        | "generation_input_face_selection_invalid"
        | "generation_input_asset_type_mismatch"
        | "generation_input_too_many_visual"
        | "generation_video_missing"
        | "generation_audio_missing" => kit::refused_field(words, &FIELDS),
        "generation_input_video_inaccessible" => bad_input("the provider could not fetch the clip"),
        "generation_input_audio_inaccessible" => bad_input("the provider could not fetch the recording"),
        "generation_input_image_inaccessible" => bad_input("the provider could not fetch the picture"),
        "generation_input_video_invalid" => bad_input("the provider can't read the clip"),
        "generation_input_audio_invalid" => bad_input("the provider can't read the recording"),
        "generation_media_metadata_missing" => {
            bad_input("the provider does not find out how long the clip or the recording is")
        }
        "generation_input_resolution_unsupported" => {
            bad_input("the clip or the picture has a size that the provider does not take")
        }
        "generation_audio_length_exceeded" => bad_input("the recording is longer than the provider takes"),
        "generation_text_length_exceeded" => bad_input("the text is longer than the provider takes"),
        "generation_input_duration_greater_than_max_duration"
        | "generation_model_duration_exceeded"
        | "generation_plan_duration_exceeded" => {
            bad_input("the clip or the recording is longer than the provider takes")
        }
        "file_size_exceeds_plan_limit" => bad_input("a file is larger than the provider takes"),
        "voice_not_found" => bad_input("the provider does not offer this voice"),
        "rate_limit_exceeded" | "concurrency_limit_reached" => kit::fault(FaultKind::Busy),
        // No money, no such right; and our key of an order is not as it has to be.
        "free_tier_generations_exhausted"
        | "plan_feature_unavailable"
        | "account_payment_required"
        | "account_on_hold"
        | "elevenlabs_quota_exceeded"
        | "elevenlabs_api_key_invalid"
        | "INVALID_IDEMPOTENCY_KEY" => kit::fault(FaultKind::Operator),
        // What has to come before a generation is out of order, so there is none.
        "generation_media_probe_timeout"
        | "generation_media_probe_unavailable"
        | "elevenlabs_service_unavailable"
        | "usage_dependency_unavailable" => kit::fault(FaultKind::Unavailable),
        _ => return None,
    };
    Some(fault)
}

/// A call that was refused.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, refusal: &Refusal, reply: &Reply<'_>) -> Next {
    let (code, words) = (refusal.code(), refusal.words());
    let detail = kit::for_the_log(task, reply, code, &words);
    let status = reply.status.as_u16();
    let fault = match of_code(code, &words) {
        Some(fault) => fault,
        // An order with this key came before: this one came to nothing, but nobody knows of that one.
        None if is_about_key(code) || status == 409 => return kit::unsure(question, detail),
        None if matches!(status, 400 | 422) && kit::speaks_of_rules(&words) => {
            kit::fault(FaultKind::Moderation)
        }
        None if matches!(status, 400 | 422) => kit::refused_field(&words, &FIELDS),
        None => return kit::by_status(task, question, reply, detail),
    };
    let told = refusal.retry_after_seconds.filter(|seconds| seconds.is_finite());
    let told = told.and_then(|seconds| Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST_WAIT)).ok());
    let wait = told.or_else(|| kit::retry_after(reply.headers, task.now));
    kit::refused(question, fault.with_detail(detail).retry_after(wait))
}

/// Why a generation failed; `usual` is what it means when the vendor gives no reason that we know.
pub(super) fn of_generation(
    task: &Task<'_>,
    generation: &Generation,
    usual: FaultKind,
    reply: &Reply<'_>,
) -> Fault {
    let (code, words) = (generation.code(), generation.error.as_deref().unwrap_or_default());
    let fault = match of_code(code, words) {
        // It has ended all the same, so there is nothing to wait for.
        Some(Fault { kind: FaultKind::Busy | FaultKind::Unavailable, .. }) => kit::fault(FaultKind::Vendor),
        Some(fault) => fault,
        None if kit::speaks_of_rules(code) || kit::speaks_of_rules(words) => {
            kit::fault(FaultKind::Moderation)
        }
        None => kit::fault(usual),
    };
    fault.with_detail(kit::for_the_log(task, reply, code, words))
}
