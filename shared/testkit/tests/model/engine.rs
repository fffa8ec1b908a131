//! A poller, a postman and a caller in few words: what the functions do around the same heart, without their wires.

use crate::{
    stage::Stage,
    vendor::{News, VENDORS, Vendor, most_at_once},
};
use jobs::{
    CancelKind, Change, Credits, Event, Fault, FaultKind, Job, JobId, Letter, Plan, State, Step, Webhook,
    advance,
    aftermath::{after_end, keep_waiting, letter_delay, record, send_letter},
    health::{Picture, Standing, heard},
    letter::{TryOutcome, after_try},
    life::{NewJob, may_fail_over},
    next_step,
    ports::{Accepted, Accounts, Jobs, Saved, Trouble},
};
use std::time::Duration;
use testkit::builders::{admission, output};

/// Works a letter of a vendor's queue.
pub(crate) async fn work(stage: Stage, vendor: Vendor, letter: Letter) -> Result<(), Trouble> {
    let Some(job) = stage.load(&letter.job).await? else { return Ok(()) };
    if job.version != letter.version {
        return Ok(());
    }
    let engine = Engine { stage, vendor };
    let now = engine.stage.clock.now();
    match next_step(&job, now) {
        Step::Wait(_) => engine.write_on(&job).await,
        Step::Submit => engine.submit(&job).await,
        Step::Recover => engine.recover(&job).await,
        Step::Poll { last } => engine.poll(&job, last).await,
        Step::Cancel => match engine.vendor.stop(&job).await {
            News::Event(event) => engine.note(&job, event).await,
            News::Finished | News::AskLater => engine.note(&job, Event::NotCancelable).await,
        },
        Step::Expire => engine.note(&job, Event::DeadlinePassed).await,
        Step::Wake | Step::Deliver | Step::Rest => Ok(()),
    }
}

struct Engine {
    stage: Stage,
    vendor: Vendor,
}

impl Engine {
    async fn submit(&self, job: &Job) -> Result<(), Trouble> {
        let now = self.stage.clock.now();
        let Ok(mut change) = advance(job, Event::Submitting, now) else { return Ok(()) };
        if let Some(most) = most_at_once(&job.plan.vendor) {
            change = change.within(most);
        }
        match self.stage.save(&change, u32::MAX).await? {
            Saved::Done => {}
            Saved::NoSlot => {
                let waited = now.since(job.queued_since()) / 4;
                let pause = waited.clamp(Duration::from_secs(2), Duration::from_secs(30));
                return send_letter(&self.stage, job, pause).await;
            }
            Saved::LostRace | Saved::NoPlace => return Ok(()),
        }
        let event = self.vendor.submit(&change.job, now.plus(job.plan.submit_timeout)).await;
        self.note(&change.job, event).await
    }

    async fn recover(&self, job: &Job) -> Result<(), Trouble> {
        let State::Submitting { since, lost } = &job.state else { return Ok(()) };
        if self.stage.clock.now().since(*since) > job.plan.deadline {
            let fault = Fault::new(FaultKind::OutcomeUnknown, "it could not be found again");
            return self.note(job, Event::Failed(fault)).await;
        }
        let last = job.gives_up_at().is_some_and(|end| self.stage.clock.now() >= end);
        let in_vain = |event| if last { Event::DeadlinePassed } else { event };
        match self.vendor.recover(job, lost.map_or(0, |lost| lost.looked)).await {
            News::Event(Event::NotFound) => self.note(job, in_vain(Event::NotFound)).await,
            News::Event(event) => self.note(job, event).await,
            News::Finished | News::AskLater => self.note(job, in_vain(Event::NoAnswer)).await,
        }
    }

    async fn poll(&self, job: &Job, last: bool) -> Result<(), Trouble> {
        match self.vendor.poll(job).await {
            News::Finished => match self.vendor.copy(job).await {
                Ok(()) => self.note(job, Event::Stored(vec![output()])).await,
                Err(_) if last && matches!(job.state, State::Storing { .. }) => {
                    self.keep_waiting(job, last).await
                }
                Err(fault) => self.note(job, Event::CopyFailed(fault)).await,
            },
            News::Event(Event::StillRunning { progress, .. }) => {
                let now = self.stage.clock.now();
                let ahead = progress.is_some_and(|told| told >= job.progress_at(now).saturating_add(15));
                let storing = matches!(job.state, State::Storing { .. });
                if (ahead || storing) && !last {
                    return self.note(job, Event::StillRunning { progress, ticket: None }).await;
                }
                self.keep_waiting(job, last).await
            }
            News::Event(event) => self.note(job, event).await,
            News::AskLater => self.keep_waiting(job, last).await,
        }
    }

    async fn keep_waiting(&self, job: &Job, last: bool) -> Result<(), Trouble> {
        if last {
            if job.plan.cancel != CancelKind::Never {
                self.vendor.stop(job).await;
            }
            return self.note(job, Event::DeadlinePassed).await;
        }
        keep_waiting(&self.stage, &self.stage, job, None, self.stage.clock.now()).await
    }

    async fn note(&self, job: &Job, event: Event) -> Result<(), Trouble> {
        let stage = &self.stage;
        for news in heard(job, &event, stage.clock.now()) {
            let (vendor, model) = (&job.plan.vendor, &job.plan.model);
            // News of a vendor that gets lost harms nobody.
            let _ = stage.watch.note(stage, vendor, model, news, stage.clock.now()).await;
        }
        let event = self.hand_over(job, event).await;
        let Some(Change { job, .. }) = record(stage, job, &event, stage.clock.now()).await? else {
            return Ok(());
        };
        if job.has_ended() {
            return after_end(stage, stage, stage, &job, stage.clock.now()).await;
        }
        self.write_on(&job).await
    }

    /// Whether another vendor takes over instead of what would follow.
    async fn hand_over(&self, job: &Job, event: Event) -> Event {
        let (Event::Refused(fault) | Event::Failed(fault)) = &event else { return event };
        if !may_fail_over(job, &event, true) {
            return event;
        }
        let now = self.stage.clock.now();
        let (picture, _) = self.stage.watch.picture(&self.stage, now).await;
        let now = self.stage.clock.now();
        let standing = picture.standing(&job.plan.vendor, &job.plan.model, now);
        if !may_fail_over(job, &event, standing != Standing::Open) {
            return event;
        }
        match other_plan(job, &picture, now) {
            Some(plan) => Event::HandedOver { fault: fault.clone(), plan: Box::new(plan) },
            None => event,
        }
    }

    async fn write_on(&self, job: &Job) -> Result<(), Trouble> {
        match letter_delay(job, None, self.stage.clock.now()) {
            Some(delay) => send_letter(&self.stage, job, delay).await,
            None => Ok(()),
        }
    }
}

/// The first vendor that has not had the job and gets jobs now, each a credit cheaper than the one before.
fn other_plan(job: &Job, picture: &Picture, now: jobs::Time) -> Option<Plan> {
    let had = |vendor: &&str| job.attempts.iter().any(|attempt| attempt.provider == **vendor);
    let open = |vendor: &&str| picture.standing(vendor, vendor, now) == Standing::Open;
    let vendor = VENDORS.iter().find(|vendor| !had(vendor) && open(vendor))?;
    Some(Plan {
        provider: (*vendor).to_owned(),
        model: (*vendor).to_owned(),
        vendor: (*vendor).to_owned(),
        cost: job.plan.cost.less(Credits(1)),
        ..job.plan.clone()
    })
}

/// Works a letter of the postman's queue.
pub(crate) async fn deliver(stage: Stage, vendor: Vendor, letter: Letter) -> Result<(), Trouble> {
    let Some(job) = stage.load(&letter.job).await? else { return Ok(()) };
    if job.version != letter.version {
        return Ok(());
    }
    let engine = Engine { stage, vendor };
    match next_step(&job, engine.stage.clock.now()) {
        Step::Deliver => {}
        Step::Wait(_) => return engine.write_on(&job).await,
        _ => return Ok(()),
    }
    let Webhook::Due { tries, .. } = job.webhook else { return Ok(()) };
    let heard = engine.vendor.tell(&job).await;
    let outcome = if heard { TryOutcome::Accepted } else { TryOutcome::Refused { retry_after: None } };
    let now = engine.stage.clock.now();
    let event = Event::WebhookTried(after_try(tries, outcome, now, 0.5));
    match record(&engine.stage, &job, &event, now).await? {
        Some(change) => engine.write_on(&change.job).await,
        None => Ok(()),
    }
}

/// A caller who places an order and repeats it under its key until the answer comes; whether it was accepted.
pub(crate) async fn place(stage: Stage, new: NewJob) -> Result<bool, Trouble> {
    let mut held = false;
    for _ in 0..4 {
        let now = stage.clock.now();
        let Some(account) = stage.account(&new.account).await.unwrap_or_default() else { continue };
        let job = Job::accepted(new.clone(), held, now);
        match stage.accept(&job, &admission(account.limits, now)).await {
            Ok(Accepted::New) => {
                if !held {
                    // The job stands without its letter, too.
                    let _ = send_letter(&stage, &job, Duration::ZERO).await;
                }
                return Ok(true);
            }
            Ok(Accepted::Exists(_)) => return Ok(true),
            Ok(Accepted::Refused(account)) => {
                held = account.running >= account.limits.concurrent || account.waiting > 0
            }
            Err(_) => {}
        }
    }
    Ok(false)
}

/// A caller who wants to stop a job; whether it was or will be stopped.
pub(crate) async fn cancel(stage: Stage, id: JobId) -> Result<bool, Trouble> {
    let Some(job) = stage.load(&id).await? else { return Ok(false) };
    if job.has_ended() || job.cancel_asked.is_some() {
        return Ok(!job.has_ended());
    }
    let now = stage.clock.now();
    let Some(change) = record(&stage, &job, &Event::CancelAsked, now).await? else { return Ok(false) };
    if change.job.has_ended() {
        after_end(&stage, &stage, &stage, &change.job, now).await?;
    } else if let Some(delay) = letter_delay(&change.job, None, now) {
        send_letter(&stage, &change.job, delay).await?;
    }
    Ok(true)
}
