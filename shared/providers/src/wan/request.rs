//! From an order to requests.

use super::{USUAL_BASE, note};
use crate::{Next, Question, Task, kit};
use bytes::Bytes;
use http::{HeaderName, Method};
use serde::Serialize;

/// Asks for a task in place of a clip; without it the vendor refuses.
const ASYNC: HeaderName = HeaderName::from_static("x-dashscope-async");

/// The sizes that there are, by our resolution and ratio.
const SIZES: [(&str, &str, &str); 13] = [
    ("480p", "16:9", "832*480"),
    ("480p", "9:16", "480*832"),
    ("480p", "1:1", "624*624"),
    ("720p", "16:9", "1280*720"),
    ("720p", "9:16", "720*1280"),
    ("720p", "1:1", "960*960"),
    ("720p", "4:3", "1088*832"),
    ("720p", "3:4", "832*1088"),
    ("1080p", "16:9", "1920*1080"),
    ("1080p", "9:16", "1080*1920"),
    ("1080p", "1:1", "1440*1440"),
    ("1080p", "4:3", "1632*1248"),
    ("1080p", "3:4", "1248*1632"),
];

/// What a model makes a clip of. Each model knows one way, and has it in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Words alone.
    Text,
    /// A picture to start from.
    Image,
    /// Pictures, and perhaps a clip, of who is to be seen.
    References,
}

impl Way {
    fn of(model: &str) -> Way {
        if model.contains("-i2v") {
            Way::Image
        } else if model.contains("-r2v") {
            Way::References
        } else {
            Way::Text
        }
    }
}

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let Some(parameters) = Parameters::of(task) else {
        return kit::refused(Question::Submit, kit::refused_option("aspectRatio"));
    };
    let body = Body { model: &task.job.plan.vendor_model, input: Input::of(task), parameters };
    let url = address(task, &["services", "aigc", "video-generation", "video-synthesis"], &[]);
    signed(task, kit::Draft::post("wan submit", url, &body))
        .header(ASYNC, "enable")
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, id: &str, note: &str) -> Next {
    signed(task, kit::Draft::get("wan poll", address(task, &["tasks", id], &[]))).note(note).next(question)
}

/// The wish to stop a task.
pub(super) fn cancel(task: &Task<'_>, question: Question<'_>, id: &str) -> Next {
    let url = address(task, &["tasks", id, "cancel"], &[]);
    let draft = kit::Draft::send("wan cancel", Method::POST, url, "application/json", Bytes::new());
    signed(task, draft).note(note::STOP).next(question)
}

/// A page of the tasks of this model, by its number from 1.
pub(super) fn list(task: &Task<'_>, question: Question<'_>, page: u64, size: usize, note: String) -> Next {
    let (page, size) = (page.to_string(), size.to_string());
    let query = [
        ("model_name", task.job.plan.vendor_model.as_str()),
        ("page_no", page.as_str()),
        ("page_size", size.as_str()),
    ];
    let url = address(task, &["tasks"], &query);
    signed(task, kit::Draft::get("wan look-up", url)).note(note).next(question)
}

fn address(task: &Task<'_>, path: &[&str], query: &[(&str, &str)]) -> Result<url::Url, String> {
    let path: Vec<&str> = ["api", "v1"].iter().chain(path).copied().collect();
    kit::address(kit::base(task.access, USUAL_BASE), &path, query)
}

fn signed(task: &Task<'_>, draft: kit::Draft) -> kit::Draft {
    draft.bearer(task.access.api_key.reveal())
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    input: Input<'a>,
    parameters: Parameters,
}

/// What the clip is made of.
#[derive(Serialize)]
struct Input<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    negative_prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    img_url: Option<&'a str>,
    /// In the order in which the words speak of them: `character1`, `character2`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reference_urls: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_url: Option<&'a str>,
}

impl<'a> Input<'a> {
    fn of(task: &Task<'a>) -> Input<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let way = Way::of(&plan.vendor_model);
        let pictures = kit::pictures(task);
        Input {
            prompt: plan.prompt.as_deref(),
            negative_prompt: plan.options.text("negativePrompt"),
            img_url: pictures.first().copied().filter(|_| way == Way::Image),
            reference_urls: match way {
                Way::References => pictures.into_iter().chain(input.video.as_deref()).collect(),
                Way::Text | Way::Image => Vec::new(),
            },
            audio_url: input.audio.as_deref().filter(|_| way != Way::References),
        }
    }
}

/// How the clip is made.
#[derive(Serialize)]
struct Parameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'static str>,
    /// Where the picture decides on the shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_extend: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shot_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio: Option<bool>,
    watermark: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
}

impl Parameters {
    /// None when there is no size of this shape.
    fn of(task: &Task<'_>) -> Option<Parameters> {
        let plan = &task.job.plan;
        let (model, options, way) = (plan.vendor_model.as_str(), &plan.options, Way::of(&plan.vendor_model));
        let resolution = options.text("resolution");
        let size = size_of(task);
        if size.is_none() && resolution.is_some() && way != Way::Image {
            return None;
        }
        Some(Parameters {
            size,
            resolution: resolution.filter(|_| way == Way::Image).map(str::to_uppercase),
            // Theirs can't be changed.
            duration: options.whole("duration").filter(|_| !model.starts_with("wan2.2-")),
            prompt_extend: options.flag("promptOptimizer").filter(|_| way != Way::References),
            shot_type: options.flag("multiShot").map(|multi| if multi { "multi" } else { "single" }),
            // Those before are silent, and those after always speak.
            audio: options.flag("sound").filter(|_| model.starts_with("wan2.5-")),
            watermark: false,
            seed: options.whole("seed"),
        })
    }
}

/// The size that is ordered; none where the picture decides on the shape, and when there is none of this shape.
pub(super) fn size_of(task: &Task<'_>) -> Option<&'static str> {
    let plan = &task.job.plan;
    let lines = plan.options.text("resolution").filter(|_| Way::of(&plan.vendor_model) != Way::Image)?;
    let shape = plan.options.text("aspectRatio").unwrap_or("16:9");
    SIZES.iter().find(|(some, other, _)| (*some, *other) == (lines, shape)).map(|(.., size)| *size)
}
