//! Orders that were accepted, and the tasks made of them.

use super::models::Model;
use crate::clock::{Slots, Span};
use crate::faults::Ailments;
use crate::random;
use crate::shelf::Shelf;
use crate::works::Work;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    pub(super) seed: u64,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) png: bool,
    pub(super) input_megapixels: f64,
    pub(super) webhook_url: Option<String>,
}

impl Order {
    pub(super) fn credits(&self) -> f64 {
        self.model.price.credits(f64::from(self.width) * f64::from(self.height), self.input_megapixels)
    }

    /// Millions of pixels, to a hundredth.
    pub(super) fn output_megapixels(&self) -> f64 {
        megapixels(self.width, self.height)
    }

    /// The picture that shows it.
    pub(super) fn work(&self) -> Work {
        Work::Picture {
            text: self.prompt.clone(),
            width: self.width,
            height: self.height,
            seed: self.seed,
            png: self.png,
        }
    }
}

/// Millions of pixels, to a hundredth.
pub(super) fn megapixels(width: u32, height: u32) -> f64 {
    (f64::from(width) * f64::from(height) / 10_000.0).round() / 100.0
}

/// A task in its life.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) order: Order,
    pub(super) span: Span,
    pub(super) ailments: Ailments,
    pub(super) polls: AtomicU64,
    /// The link to the result, made at the first look at it and never again.
    pub(super) address: OnceLock<String>,
}

impl Task {
    pub(super) fn new(order: Order, span: Span, ailments: Ailments) -> Self {
        Self { id: random::uuid(), order, span, ailments, polls: AtomicU64::new(0), address: OnceLock::new() }
    }
}

/// Tasks that are remembered, at most.
const MOST_TASKS: usize = 20_000;

/// All tasks of an account.
#[derive(Debug)]
pub(super) struct Tasks {
    pub(super) active: Slots,
    /// Those of `flux-kontext-max`, which count twice: here and among all.
    pub(super) active_kontext_max: Slots,
    tasks: Shelf<Task>,
    /// Credits used up so far.
    pub(super) spent: f64,
}

impl Default for Tasks {
    fn default() -> Self {
        Self {
            active: Slots::default(),
            active_kontext_max: Slots::default(),
            tasks: Shelf::holding(MOST_TASKS),
            spent: 0.0,
        }
    }
}

impl Tasks {
    pub(super) fn add(&mut self, task: &Arc<Task>) {
        self.active.take(task.span);
        if task.order.model.id == super::models::KONTEXT_MAX {
            self.active_kontext_max.take(task.span);
        }
        self.spent += task.order.credits();
        self.tasks.put(task.id.clone(), Arc::clone(task));
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Task>> {
        self.tasks.get(id)
    }
}
