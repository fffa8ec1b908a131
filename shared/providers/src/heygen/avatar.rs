//! Avatars. An order names a look by its id; callers may name one so, too, or a person by name.

use super::{
    faults, proceed, request,
    trail::{Avatar, Stage, Trail, plain, wanted},
    wire::{Group, Look, Page, Refusal, Told},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// People on a page; the vendor has no larger ones.
const PAGE: &str = "50";

/// Pages of everybody's avatars that are read for a name. Who is not among so many people is named by id, or by a word that
/// the operator has given the id.
const MOST_PAGES: u32 = 4;

/// Asks whether the avatar was named by the id of a look, and what kind it is.
pub(super) fn look(task: &Task<'_>, trail: Trail) -> Next {
    let Some(name) = wanted(task, "avatarId") else {
        return kit::refused(Question::Submit, kit::refused_option("avatarId"));
    };
    match kit::name_of(Some(name)) {
        Some(id) => {
            let url = request::address(task, &["avatars", "looks", id], &[]);
            request::ask(task, "heygen look", url, trail.note(Stage::Look))
        }
        // No id has spaces.
        None => groups(task, Stage::OwnGroups, trail, None),
    }
}

/// Reads what is told of a look.
pub(super) fn look_read(task: &Task<'_>, trail: Trail, reply: &Reply<'_>) -> Next {
    if let Some(Refusal { error }) = kit::read_message::<Refusal>(reply) {
        // It is no id, so it is a name.
        return match reply.status.as_u16() {
            400 | 404 | 422 => groups(task, Stage::OwnGroups, trail, None),
            403 if error.code.as_deref() == Some("resource_access_denied") => {
                let detail = faults::for_the_log(task, &error, reply);
                kit::refused(Question::Submit, faults::no_such_avatar("").with_detail(detail))
            }
            _ => faults::not_told(task, Question::Submit, &error, reply),
        };
    }
    match kit::read_message::<Told<Look>>(reply).filter(|_| reply.status.is_success()) {
        Some(told) if !goes_with(task, &told.data) => refuse_engine(),
        Some(told) => take(task, trail, &told.data),
        None => faults::not_read(task, Question::Submit, reply),
    }
}

fn groups(task: &Task<'_>, at: Stage, trail: Trail, token: Option<&str>) -> Next {
    let ownership = if at == Stage::OwnGroups { "private" } else { "public" };
    let query = [("ownership", Some(ownership)), ("limit", Some(PAGE)), ("token", token)];
    let url = request::address(task, &["avatars"], &query.map(present).concat());
    request::ask(task, "heygen avatars", url, trail.note(at))
}

/// A part of a query that is there.
pub(super) fn present<'a>((name, value): (&'a str, Option<&'a str>)) -> Vec<(&'a str, &'a str)> {
    value.map(|value| (name, value)).into_iter().collect()
}

/// Reads a page of people: the one who was named, the next page, or nobody.
pub(super) fn groups_read(task: &Task<'_>, at: Stage, mut trail: Trail, reply: &Reply<'_>) -> Next {
    let page = match page::<Group>(task, reply) {
        Ok(page) => page,
        Err(next) => return next,
    };
    let wanted = plain(wanted(task, "avatarId").unwrap_or_default());
    let fitting = page.data.iter().filter_map(|group| {
        Some((fit(&plain(group.name.as_deref()?), &wanted)?, kit::name_of(Some(&group.id))?))
    });
    if let Some((_, id)) = fitting.min_by_key(|(fit, _)| *fit) {
        let url = request::address(task, &["avatars", "looks"], &[("group_id", id), ("limit", PAGE)]);
        return request::ask(task, "heygen looks", url, trail.at_the_top().note(Stage::Looks));
    }
    if at == Stage::OwnGroups {
        return groups(task, Stage::Groups, trail, None);
    }
    trail.remember(page.data.iter().filter_map(|group| group.name.as_deref()), &wanted);
    trail.page += 1;
    match page.next().filter(|_| trail.page < MOST_PAGES) {
        Some(token) => groups(task, at, trail, Some(token)),
        None => kit::refused(Question::Submit, faults::no_such_avatar(&trail.offer())),
    }
}

/// How well a person's name fits: it is the one; it is that and a look's; it is the first of a longer name.
fn fit(name: &str, wanted: &str) -> Option<u8> {
    let goes_on = |longer: &str, shorter: &str| {
        longer.strip_prefix(shorter).is_some_and(|rest| rest.starts_with(' ') && !shorter.is_empty())
    };
    match () {
        () if name == wanted => Some(0),
        () if goes_on(wanted, name) => Some(1),
        () if goes_on(name, wanted) => Some(2),
        () => None,
    }
}

/// Reads a person's looks and takes one: the one that was named, or the first.
pub(super) fn looks_read(task: &Task<'_>, trail: Trail, reply: &Reply<'_>) -> Next {
    let page = match page::<Look>(task, reply) {
        Ok(page) => page,
        Err(next) => return next,
    };
    let wanted = plain(wanted(task, "avatarId").unwrap_or_default());
    let unlike = |look: &&Look| {
        let name = plain(look.name.as_deref().unwrap_or_default());
        let all_words = wanted.split(' ').all(|word| name.split(' ').any(|other| other == word));
        (name != wanted, !all_words)
    };
    let able = page.data.iter().filter(|look| goes_with(task, look) && is_ready(look));
    match able.min_by_key(unlike) {
        Some(look) => take(task, trail, look),
        None if page.data.is_empty() => kit::refused(Question::Submit, faults::no_such_avatar("")),
        None => refuse_engine(),
    }
}

fn take(task: &Task<'_>, trail: Trail, look: &Look) -> Next {
    let Some(id) = kit::name_of(Some(&look.id)) else {
        return kit::not_ready(Question::Submit, "the look has no usable id");
    };
    let gender = look.gender.as_deref().map(str::to_lowercase);
    let avatar = Avatar {
        id: id.to_owned(),
        photo: look.avatar_type.as_deref() == Some("photo_avatar"),
        speaks: look.default_voice_id.as_deref().is_some_and(|voice| !voice.is_empty()),
        gender: gender.filter(|gender| matches!(gender.as_str(), "female" | "male")),
    };
    proceed(task, trail.with_avatar(avatar))
}

/// Whether a look goes with the engine that was asked for, as far as it is told.
fn goes_with(task: &Task<'_>, look: &Look) -> bool {
    let engines = look.supported_api_engines.as_deref().unwrap_or_default();
    engines.is_empty() || engines.contains(&task.job.plan.vendor_model)
}

fn is_ready(look: &Look) -> bool {
    !matches!(look.status.as_deref(), Some("processing" | "failed" | "pending_consent"))
}

fn refuse_engine() -> Next {
    let message = "this avatar of the provider does not go with this model";
    kit::refused(Question::Submit, Fault::new(FaultKind::InvalidInput, message))
}

/// A page of a list.
///
/// # Errors
/// What it means that there is none.
pub(super) fn page<T: serde::de::DeserializeOwned>(
    task: &Task<'_>,
    reply: &Reply<'_>,
) -> Result<Page<T>, Next> {
    if let Some(Refusal { error }) = kit::read_message::<Refusal>(reply) {
        return Err(faults::not_told(task, Question::Submit, &error, reply));
    }
    let page = kit::read_message(reply).filter(|_| reply.status.is_success());
    page.ok_or_else(|| faults::not_read(task, Question::Submit, reply))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_fits_better_than_a_part() {
        for (name, wanted, expected) in [
            ("kate", "kate", Some(0)),
            ("kate", "kate modern office", Some(1)),
            ("kate smith", "kate", Some(2)),
            ("katerina", "kate", None),
            ("kate", "katerina", None),
            ("", "kate", None),
        ] {
            assert_eq!(fit(name, wanted), expected, "{name} {wanted}");
        }
    }
}
