//! Orders that were accepted, and the tasks made of them.

use super::models::Model;
use crate::clock::{Slots, Span};
use crate::faults::Ailments;
use crate::random;
use crate::shelf::Shelf;
use crate::works::Work;
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

/// Which endpoint a task belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Text,
    Image,
}

impl Family {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text2video",
            Self::Image => "image2video",
        }
    }
}

/// How much the vendor computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Std,
    Pro,
    FourK,
}

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) mode: Mode,
    pub(super) prompt: String,
    pub(super) seconds: u32,
    /// Width to height.
    pub(super) ratio: f64,
    pub(super) sound: bool,
    pub(super) watermark: bool,
    pub(super) external_id: Option<String>,
}

impl Order {
    /// How long the clip is: the vendor's clips are a little longer than ordered.
    pub(super) fn milliseconds(&self) -> u32 {
        self.seconds * 1000 + 100
    }

    /// What the account pays.
    pub(super) fn units(&self) -> f64 {
        let [std, pro] = self.model.units;
        let second = match self.mode {
            Mode::Std => std,
            Mode::Pro => pro,
            Mode::FourK => 3.0,
        };
        // Sound adds half, as the list prices do. Rounding keeps a sum of tenths readable.
        let second = if self.sound { second * 1.5 } else { second };
        (second * f64::from(self.seconds) * 100.0).round() / 100.0
    }

    /// The clip that shows it.
    pub(super) fn work(&self) -> Work {
        let [std, pro] = self.model.pixels;
        let short = match self.mode {
            Mode::Std => std,
            Mode::Pro => pro,
            Mode::FourK => 2160,
        };
        let even = |pixels: f64| (pixels / 2.0).round() as u32 * 2;
        let (width, height) = if self.ratio >= 1.0 {
            (even(f64::from(short) * self.ratio), short)
        } else {
            (short, even(f64::from(short) / self.ratio))
        };
        Work::Clip {
            text: self.prompt.clone(),
            width,
            height,
            milliseconds: self.milliseconds(),
            sound: self.sound,
        }
    }
}

/// A task in its life.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) video_id: String,
    pub(super) external_id: Option<String>,
    pub(super) order: Order,
    pub(super) span: Span,
    pub(super) ailments: Ailments,
    pub(super) polls: AtomicU64,
    /// The link to the result, made at the first look at it.
    pub(super) address: OnceLock<String>,
}

impl Task {
    pub(super) fn new(order: Order, span: Span, ailments: Ailments) -> Self {
        Self {
            id: long_number(),
            video_id: random::uuid(),
            external_id: order.external_id.clone(),
            order,
            span,
            ailments,
            polls: AtomicU64::new(0),
            address: OnceLock::new(),
        }
    }
}

/// A task id: a decimal number too long for floating point, so that clients have to keep it as text.
fn long_number() -> String {
    (830_000_000_000_000_000 + random::number() % 10_000_000_000_000_000).to_string()
}

/// Tasks that are remembered in a family, at most.
const MOST_TASKS: usize = 20_000;

/// All tasks of an account.
#[derive(Debug)]
pub(super) struct Tasks {
    pub(super) active: Slots,
    text: Shelf<Task>,
    image: Shelf<Task>,
    /// Our ids by the client's, which are unique in the whole account.
    by_external_id: HashMap<String, (Family, String)>,
}

impl Default for Tasks {
    fn default() -> Self {
        Self {
            active: Slots::default(),
            text: Shelf::holding(MOST_TASKS),
            image: Shelf::holding(MOST_TASKS),
            by_external_id: HashMap::new(),
        }
    }
}

impl Tasks {
    pub(super) fn has_external(&self, id: &str) -> bool {
        self.by_external_id.contains_key(id)
    }

    pub(super) fn add(&mut self, family: Family, task: &Arc<Task>) {
        self.active.take(task.span);
        if let Some(external_id) = &task.external_id {
            self.by_external_id.insert(external_id.clone(), (family, task.id.clone()));
        }
        let forgotten = self.shelf_mut(family).put(task.id.clone(), Arc::clone(task));
        if let Some(external_id) = forgotten.and_then(|task| task.external_id.clone()) {
            self.by_external_id.remove(&external_id);
        }
    }

    /// The task with this id of ours or the client's, if it is of this family.
    pub(super) fn find(&self, family: Family, id: &str) -> Option<Arc<Task>> {
        let own = self.shelf(family).get(id);
        own.or_else(|| match self.by_external_id.get(id) {
            Some((its_family, id)) if *its_family == family => self.shelf(family).get(id),
            _ => None,
        })
    }

    /// The newest first.
    pub(super) fn page(&self, family: Family, skip: usize, most: usize) -> Vec<Arc<Task>> {
        self.shelf(family).newest().skip(skip).take(most).cloned().collect()
    }

    fn shelf(&self, family: Family) -> &Shelf<Task> {
        match family {
            Family::Text => &self.text,
            Family::Image => &self.image,
        }
    }

    fn shelf_mut(&mut self, family: Family) -> &mut Shelf<Task> {
        match family {
            Family::Text => &mut self.text,
            Family::Image => &mut self.image,
        }
    }
}
