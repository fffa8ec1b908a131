//! From an order to a request.

use super::{USUAL_BASE, avatar, clip, family::Family, lips, newer, omni, token};
use crate::{Next, Question, Task, kit};
use serde::Serialize;

/// The first call of a submit; the paid one, where there is but one.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let family = Family::of(task);
    match family {
        Family::Text | Family::Image => send(task, family, &clip::Body::of(task)),
        Family::Omni => send(task, family, &omni::Body::of(task)),
        Family::Avatar => send(task, family, &avatar::Body::of(task)),
        Family::Lips => lips::search(task),
        Family::Newer => newer::submit(task),
    }
}

/// The paid call of the classic API.
pub(super) fn send(task: &Task<'_>, family: Family, body: &impl Serialize) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &classic(family, None), &[]);
    kit::Draft::post("kling submit", url, body)
        .bearer(&token::bearer(task.access, task.now))
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task by the vendor's id.
pub(super) fn poll(task: &Task<'_>, question: Question<'_>, family: Family, id: &str) -> Next {
    look(task, question, "kling poll", family, "task_ids", id)
}

/// A look for a task by our own name of it.
pub(super) fn find(task: &Task<'_>, question: Question<'_>) -> Next {
    let family = Family::of(task);
    look(task, question, "kling look-up", family, "external_task_ids", &kit::task_name(task))
}

fn look(
    task: &Task<'_>,
    question: Question<'_>,
    what: &'static str,
    family: Family,
    by: &str,
    id: &str,
) -> Next {
    let base = kit::base(task.access, USUAL_BASE);
    let url = match family {
        Family::Newer => kit::address(base, &[family.path()], &[(by, id)]),
        // Either id has the same place in the path.
        _ => kit::address(base, &classic(family, Some(id)), &[]),
    };
    kit::Draft::get(what, url).bearer(&token::bearer(task.access, task.now)).next(question)
}

/// The path of the classic API's tasks, or of one of them.
fn classic(family: Family, id: Option<&str>) -> Vec<&str> {
    ["v1", "videos"].into_iter().chain(family.path().split('/')).chain(id).collect()
}
