//! Orders of every vendor that the catalogue takes: some with words alone, some with material that is sent along.

use bytes::Bytes;
use catalogue::{Catalogue, World};
use jobs::{Input, Job, Kind, Mode, Plan, Value};
use media::{PictureFormat, PictureSpec, VoiceSpec};
use providers::{Adapter, Media, Need, adapter};
use std::{collections::BTreeSet, time::Duration};
use testkit::builders;

/// An order with its plan and all that its vendor wants for it.
pub(crate) struct Order {
    /// Vendor, model and kind, for whoever reads that it failed.
    pub(crate) name: String,
    pub(crate) vendor: &'static str,
    pub(crate) adapter: &'static dyn Adapter,
    pub(crate) plan: Plan,
    pub(crate) order: jobs::Order,
    pub(crate) media: Vec<Media>,
    /// Whether no other of its vendor comes before it.
    pub(crate) is_first: bool,
    /// Whether the catalogue offers it, or holds it back until an operator has seen it work.
    pub(crate) is_offered: bool,
    /// How often the vendor's adapter pays once more for what was lost, because it is a matter of cents.
    pub(crate) repeats: usize,
}

/// Where a lost order can't be looked for, or is not found, and costs cents: these may be made once more, or twice.
const REPEATS: [(&str, Kind, usize); 7] = [
    ("bfl", Kind::Image, 1),
    ("bytedance", Kind::Image, 1),
    ("elevenlabs", Kind::Audio, 1),
    ("fal", Kind::Image, 1),
    ("google", Kind::Image, 1),
    ("googletts", Kind::Audio, 2),
    ("stability", Kind::Image, 1),
];

/// One of each kind and with each way to give material, for each vendor.
pub(crate) fn all() -> Vec<Order> {
    let catalogue = Catalogue::built_in();
    let vendors: BTreeSet<String> = catalogue.vendors().into_iter().map(str::to_owned).collect();
    let mut switched_on = vendors.clone();
    for vendor in &vendors {
        switched_on.extend(catalogue.models_of(vendor).map(|(_, model)| format!("{vendor}/{model}")));
    }
    let usual = World { mode: Mode::Live, live_vendors: &vendors, latency_scale: 1.0, knowledge: None };
    let world = World { live_vendors: &switched_on, ..usual };
    let mut all: Vec<Order> = Vec::new();
    for vendor in providers::vendors().iter().copied().filter(|vendor| *vendor != "simulator") {
        let mut seen = BTreeSet::new();
        for (provider, model) in catalogue.models_of(vendor) {
            for (kind, (number, input)) in [Kind::Video, Kind::Image, Kind::Audio, Kind::Avatar]
                .into_iter()
                .flat_map(|kind| inputs().into_iter().enumerate().map(move |input| (kind, input)))
            {
                let mut order = jobs::Order { input, ..jobs::Order::of(kind, "") };
                order.provider = Some(provider.to_owned());
                order.model = Some(model.to_owned());
                order.options.set("avatarId", Value::Text("kate".to_owned()));
                let Ok(plan) = catalogue.choose(&order, &world) else { continue };
                if plan.model != model || !seen.insert((kind.name(), number)) {
                    continue;
                }
                let is_first = !all.iter().any(|order| order.vendor == vendor);
                let is_offered = catalogue.choose(&order, &usual).is_ok();
                all.push(Order { is_first, is_offered, ..build(vendor, order, plan) });
            }
        }
        assert!(!seen.is_empty(), "nothing can be ordered of {vendor}");
    }
    all
}

fn build(vendor: &'static str, order: jobs::Order, plan: Plan) -> Order {
    let adapter = adapter(vendor).unwrap();
    let mut job: Job = builders::job(1, &builders::account_id(1), 5, builders::START);
    job.order = order.clone();
    job.plan = plan.clone();
    let media = adapter.needs(&job).iter().map(fetched).collect();
    let repeats = REPEATS.iter().find(|(id, kind, _)| *id == vendor && *kind == order.kind);
    Order {
        name: format!("{vendor} {} {}", plan.model, order.kind.name()),
        vendor,
        adapter,
        plan,
        order,
        media,
        is_first: false,
        is_offered: false,
        repeats: repeats.map_or(0, |(_, _, repeats)| *repeats),
    }
}

/// What an order may start from.
fn inputs() -> Vec<Input> {
    let url = |name: &str| Some(format!("https://example.com/{name}"));
    let text = || Some("a fox crosses a bridge".to_owned());
    vec![
        Input { text: text(), ..Input::default() },
        Input { text: text(), image: url("a.png"), ..Input::default() },
        Input { video: url("a.mp4"), audio: url("a.mp3"), ..Input::default() },
        Input { image: url("a.png"), audio: url("a.mp3"), ..Input::default() },
    ]
}

/// A file as it would have been fetched.
fn fetched(need: &Need) -> Media {
    let (media_type, extension, bytes) = match need.kind {
        Kind::Image => {
            let spec = PictureSpec { text: "", width: 640, height: 480, seed: 1 };
            ("image/png", "png", media::picture(&spec, PictureFormat::Png))
        }
        Kind::Audio => {
            let spec = VoiceSpec { text: "Hello, and welcome to this place.", voice: "a", speed: 1.0 };
            ("audio/mpeg", "mp3", media::voice_mp3(&spec))
        }
        Kind::Video | Kind::Avatar => {
            let spec = media::ClipSpec {
                text: "",
                width: 640,
                height: 480,
                duration_seconds: 4.0,
                seed: 1,
                sound: true,
            };
            ("video/mp4", "mp4", media::clip(&spec))
        }
    };
    Media { media_type, extension, length: Some(Duration::from_secs(3)), bytes: Bytes::from(bytes) }
}
