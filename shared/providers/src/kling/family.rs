//! The kinds of task, each with a path of its own. The newer API has one path for all.

use crate::{Task, kit};

/// A kind of task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// A clip from text alone.
    Text,
    /// A clip from a picture, or to one.
    Image,
    /// A clip by a model that takes all of these, and reference pictures.
    Omni,
    /// The person in a picture speaks a recording.
    Avatar,
    /// The person in a clip speaks another recording.
    Lips,
    /// Whatever the newer API makes, whose paths name the model.
    Newer,
}

const ALL: [Family; 6] =
    [Family::Text, Family::Image, Family::Omni, Family::Avatar, Family::Lips, Family::Newer];

impl Family {
    /// The family of a job: its model decides, and where a model has two, a picture does.
    pub(super) fn of(task: &Task<'_>) -> Family {
        let either = || if has_picture(task) { Family::Image } else { Family::Text };
        Family::of_model(&task.job.plan.vendor_model).unwrap_or_else(either)
    }

    /// The family of a model that has one alone.
    pub(super) fn of_model(model: &str) -> Option<Family> {
        match model {
            "kling-v3-omni" | "kling-video-o1" => Some(Family::Omni),
            "avatar" => Some(Family::Avatar),
            "advanced-lip-sync" => Some(Family::Lips),
            "kling-3.0-turbo" => Some(Family::Newer),
            _ => None,
        }
    }

    /// Its place in paths and tickets.
    pub(super) fn path(self) -> &'static str {
        match self {
            Family::Text => "text2video",
            Family::Image => "image2video",
            Family::Omni => "omni-video",
            Family::Avatar => "avatar/image2video",
            Family::Lips => "advanced-lip-sync",
            Family::Newer => "tasks",
        }
    }

    /// Reads [`Family::path`].
    pub(super) fn parse(path: &str) -> Option<Family> {
        ALL.into_iter().find(|family| family.path() == path)
    }
}

/// Whether a job starts from a picture, or ends with one.
pub(super) fn has_picture(task: &Task<'_>) -> bool {
    task.job.order.input.last_image.is_some() || !kit::pictures(task).is_empty()
}
