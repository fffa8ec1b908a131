//! What a job's news says about its vendor, and who takes over where it can't make it.

use super::Engine;
use catalogue::{Knowledge, World};
use jobs::{
    Event, Job, Mode, Time,
    health::{CutOff, Scope, Standing, Why, heard},
    life::may_fail_over,
    ports::{Accounts, Jobs, Queues, Vendors},
};

impl<J: Jobs, A: Accounts, Q: Queues, V: Vendors> Engine<J, A, Q, V> {
    /// Counts what an event tells about the vendor.
    pub(super) async fn hear(&self, job: &Job, event: &Event) {
        let now = (self.clock)();
        for news in heard(job, event, now) {
            let (vendor, model) = (&job.plan.vendor, &job.plan.model);
            match self.watch.note(&self.vendors, vendor, model, news, now).await {
                Ok(None) => {}
                Ok(Some((scope, cut))) => log_cut(vendor, &scope, &cut, now),
                // A count that is lost harms nobody; the job goes on.
                Err(trouble) => {
                    tracing::warn!(vendor, error = %trouble, cause = trouble.why(), "could not note how a vendor is");
                }
            }
        }
    }

    /// Whether another provider takes over instead of what would follow.
    pub(super) async fn hand_over(&self, job: &Job, event: Event) -> Event {
        let (Event::Refused(fault) | Event::Failed(fault)) = &event else { return event };
        // Asked of an event that never leads there, this reads nothing.
        if !may_fail_over(job, &event, true) {
            return event;
        }
        let now = (self.clock)();
        let (picture, trouble) = self.watch.picture(&self.vendors, now).await;
        if let Err(trouble) = trouble {
            tracing::warn!(error = %trouble, cause = trouble.why(), "could not read how vendors are");
        }
        let standing = picture.standing(&job.plan.vendor, &job.plan.model, now);
        if !may_fail_over(job, &event, standing != Standing::Open) {
            return event;
        }
        let world = World {
            mode: Mode::Live,
            live_vendors: &self.others.live_vendors,
            latency_scale: self.others.latency_scale,
            knowledge: Some(Knowledge { picture: &picture, now, tries_out: false }),
        };
        match self.others.catalogue.current().next_provider(job, &world) {
            Some(plan) => {
                tracing::info!(
                    job.id = %job.id, from = job.plan.model, to = plan.model, because = fault.kind.name(),
                    "another provider takes over"
                );
                Event::HandedOver { fault: fault.clone(), plan: Box::new(plan) }
            }
            None => event,
        }
    }
}

fn log_cut(vendor: &str, scope: &Scope, cut: &CutOff, now: Time) {
    let model = match scope {
        Scope::Vendor => "*",
        Scope::Model(model) => model,
    };
    let seconds = cut.until.until(now).as_secs();
    match cut {
        CutOff { opened: Some(_), .. } => tracing::info!(vendor, model, "a vendor gets jobs again"),
        CutOff { why: Why::Operator, .. } => tracing::error!(
            vendor,
            model,
            seconds,
            "a vendor gets no jobs: it refuses our key or our balance, and the operator has to look"
        ),
        CutOff { why, times, .. } => {
            tracing::warn!(vendor, model, seconds, times, why = ?why, "a vendor gets no jobs for a while");
        }
    }
}
