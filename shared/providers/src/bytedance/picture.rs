//! Seedream: one call, whose answer links to the picture.

use super::{base, faults, model, video, wire::Pictures};
use crate::{News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::Kind;
use serde::Serialize;

/// Ratios with the sizes that the vendor recommends for them, at 1k, 2k and 4k.
const SIZES: [(&str, [(u32, u32); 3]); 8] = [
    ("1:1", [(1024, 1024), (2048, 2048), (4096, 4096)]),
    ("4:3", [(1152, 864), (2304, 1728), (4704, 3520)]),
    ("3:4", [(864, 1152), (1728, 2304), (3520, 4704)]),
    ("16:9", [(1280, 720), (2848, 1600), (5504, 3040)]),
    ("9:16", [(720, 1280), (1600, 2848), (3040, 5504)]),
    ("3:2", [(1248, 832), (2496, 1664), (4992, 3328)]),
    ("2:3", [(832, 1248), (1664, 2496), (3328, 4992)]),
    ("21:9", [(1512, 648), (3136, 1344), (6240, 2656)]),
];

/// The paid call. It takes as long as the picture.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = kit::address(base(task), &["api", "v3", "images", "generations"], &[]);
    kit::Draft::post("bytedance picture", url, &Body::of(task))
        .bearer(task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

#[derive(Serialize)]
struct Body<'a> {
    model: String,
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Images<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance_scale: Option<f64>,
    response_format: &'static str,
    /// Always told: it is on otherwise.
    watermark: bool,
}

/// Pictures that come in.
#[derive(Serialize)]
#[serde(untagged)]
enum Images<'a> {
    One(&'a str),
    Several(Vec<&'a str>),
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let plan = &task.job.plan;
        let third = plan.vendor_model.starts_with("seedream-3-");
        let pictures = if third { Vec::new() } else { kit::pictures(task) };
        Body {
            model: model(task),
            prompt: plan.prompt.as_deref().unwrap_or_default(),
            image: match pictures.as_slice() {
                [] => None,
                [one] => Some(Images::One(one)),
                _ => Some(Images::Several(pictures)),
            },
            size: size(task, third),
            seed: plan.options.whole("seed").filter(|_| third),
            guidance_scale: plan.options.number("cfgScale").filter(|_| third),
            response_format: "url",
            watermark: false,
        }
    }
}

/// The size: in pixels where a ratio is wished for, else the level alone, with which prompt and pictures decide on the
/// ratio. The oldest model knows no levels and makes pictures of about a megapixel.
fn size(task: &Task<'_>, third: bool) -> Option<String> {
    let options = &task.job.plan.options;
    let level = if third { "1k" } else { options.text("resolution").unwrap_or("2k") };
    let ratio = options.text("aspectRatio").or(third.then_some("1:1"));
    let Some(ratio) = ratio else { return Some(level.to_ascii_uppercase()) };
    let (_, [first, second, fourth]) = SIZES.iter().find(|(known, _)| *known == ratio)?;
    let (width, height) = match level {
        "1k" => *first,
        "4k" => *fourth,
        // None are recommended there: half as much again in both directions.
        "3k" => (second.0 / 2 * 3, second.1 / 2 * 3),
        _ => *second,
    };
    Some(format!("{width}x{height}"))
}

/// Reads the answer. An error may stand in it in place of a picture, or beside none.
pub(super) fn made(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if let Some(next) = video::bad(task, question, reply) {
        return next;
    }
    let Some(pictures) = kit::read_message::<Pictures>(reply).and_then(|pictures| pictures.data) else {
        return kit::unreadable(task, question, reply);
    };
    let links: Vec<String> =
        pictures.iter().filter_map(|picture| kit::link(picture.url.as_deref())).collect();
    if !links.is_empty() {
        return Next::News(News::Finished(links.into_iter().map(file).collect()));
    }
    match pictures.iter().find_map(|picture| picture.error.as_ref()) {
        Some(complaint) => faults::complained(task, question, complaint, reply),
        None => kit::no_file(),
    }
}

/// A link is signed and must not see our key.
fn file(url: String) -> VendorFile {
    VendorFile { kind: Kind::Image, source: Source::Link { url, headers: HeaderMap::new() } }
}
