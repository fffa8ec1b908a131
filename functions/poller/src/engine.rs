//! One step of one job: load it, ask what is to be done, do it, record what came of it, write the next letter.

mod callback;
mod health;

use crate::{
    access::AccessCard,
    inputs::{self, NoMaterial},
    keys::KeyRing,
    store::{self, CopyProblem},
    vendor::{self, Conversation},
};
use catalogue::Catalogue;
use cloud::{Outputs, Watched};
use jobs::{
    CancelKind, Change, Event, Fault, FaultKind, Job, Letter, State, Step, Ticket, Time, advance,
    aftermath::{self, after_end, letter_delay, record, send_letter},
    health::Watch,
    life::{LONGEST_DARKNESS, may_outlast},
    next_step,
    ports::{Accounts, Jobs, Queues, Saved, Trouble, Vendors},
    scrub::{chain, scrubbed},
};
use outbound::Door;
use providers::{Access, Adapter, News, Question, Task};
use std::{collections::BTreeSet, time::Duration};

/// Everything that a step needs.
pub struct Engine<J, A, Q, V> {
    /// The jobs.
    pub jobs: J,
    /// Their accounts.
    pub accounts: A,
    /// The queues.
    pub queues: Q,
    /// What all processes know of the vendors.
    pub vendors: V,
    /// What this process knows of them.
    pub watch: Watch,
    /// Who else could take over.
    pub others: Others,
    /// Where finished files go.
    pub outputs: Outputs,
    /// The way to the vendor.
    pub door: Door,
    /// The vendor's protocol.
    pub adapter: &'static dyn Adapter,
    /// The credential.
    pub access: AccessCard,
    /// The vendor's public keys.
    pub keys: KeyRing,
    /// Where vendors reach us, without a slash at its end; nothing where they can't.
    pub callback_base: Option<String>,
    /// What time it is.
    pub clock: fn() -> Time,
}

/// Whether a letter carries the job's chain on. One that does not must leave the next letter to the one that does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chain {
    Ours,
    Another,
}

/// Who could take over where this vendor can't make it.
pub struct Others {
    /// What can be made, with what the operator changes of it.
    pub catalogue: Watched<Catalogue>,
    /// Vendors that have a poller.
    pub live_vendors: BTreeSet<String>,
    /// Multiplies the usual times of all models.
    pub latency_scale: f64,
}

/// How long a job waits until it asks again for a place at a vendor that is full: a share of what it has waited already.
const SLOT_PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(30));

/// The pause between two questions to a vendor that can't be asked, once the model's time is up.
const DARK_PAUSE: Duration = Duration::from_secs(60);

/// A vendor's own figure for progress is worth a write when it is ahead of what callers are shown by this much.
const PROGRESS_WORTH_A_WRITE: u8 = 15;

impl<J: Jobs, A: Accounts, Q: Queues, V: Vendors> Engine<J, A, Q, V> {
    /// Works one letter.
    ///
    /// # Errors
    /// When our own side fails (a table, a queue). The letter then comes back; whatever the vendor was told is recorded
    /// or found out about later, so working it again is safe.
    pub async fn work(&self, letter: &Letter) -> Result<(), Trouble> {
        let Some(job) = self.jobs.load(&letter.job).await? else {
            tracing::warn!(job.id = %letter.job, "put aside a letter about a job that does not exist");
            return Ok(());
        };
        if let Some(callback) = &letter.callback {
            return self.called_back(&job, callback).await;
        }
        if job.version != letter.version {
            tracing::debug!(job.id = %job.id, version = job.version, "put aside a letter that is out of date");
            return Ok(());
        }
        let now = (self.clock)();
        match next_step(&job, now) {
            Step::Wait(_) => self.write_on(&job).await,
            Step::Submit => self.submit(&job).await,
            Step::Recover => self.recover(&job, now).await,
            Step::Poll { last } => self.poll(&job, last, Chain::Ours).await,
            Step::Cancel => self.cancel(&job).await,
            Step::Expire => self.note(&job, Event::DeadlinePassed).await,
            Step::Wake | Step::Deliver | Step::Rest => Ok(()),
        }
    }

    async fn submit(&self, job: &Job) -> Result<(), Trouble> {
        let access = match self.access().await? {
            Ok(access) => access,
            Err(fault) => return self.refuse(job, fault).await,
        };
        let material = match inputs::fetch_all(&self.door, self.adapter.needs(job)).await {
            Ok(material) => material,
            Err(NoMaterial::NoRoom) => return send_letter(&self.queues, job, SLOT_PAUSE.1).await,
            Err(NoMaterial::Refused(fault)) => return self.refuse(job, fault).await,
        };
        let callback = self.callback_address(job).await?;
        let now = (self.clock)();
        // Written before the paid call: after a crash it is known that the call may have been made.
        let Ok(mut change) = advance(job, Event::Submitting, now) else { return Ok(()) };
        if let Some(most) = self.others.catalogue.current().max_in_flight(&job.plan.vendor) {
            change = change.within(most);
        }
        match self.jobs.save(&change, u32::MAX).await? {
            Saved::Done => {}
            Saved::NoSlot => {
                let pause = (now.since(job.queued_since()) / 4).clamp(SLOT_PAUSE.0, SLOT_PAUSE.1);
                return send_letter(&self.queues, job, pause).await;
            }
            Saved::LostRace | Saved::NoPlace => return Ok(()),
        }
        let job = change.job;
        let task = Task {
            job: &job,
            access: &access,
            now: (self.clock)(),
            media: &material.media,
            callback: callback.as_deref(),
        };
        let (news, conversation) = vendor::talk(&self.door, self.adapter, &task, Question::Submit).await;
        // The vendor has it, and others wait for the room.
        drop(material);
        match news {
            News::Event(event) => self.note(&job, event).await,
            News::Finished(files) => match self.copy(&job, files, conversation).await {
                Ok(outputs) => self.note(&job, Event::Stored(outputs)).await,
                // All of it came, and it is not what was ordered: what the vendor made is known.
                Err(problem) if problem.is_of_a_whole => {
                    self.note(&job, Event::Failed(problem.fault())).await
                }
                // It was made and paid for, and the answer that carried it is gone: find it, don't make it again.
                Err(_) => self.note(&job, Event::SubmitLost).await,
            },
            News::AskLater { detail, .. } => {
                tracing::warn!(job.id = %job.id, detail = scrubbed(&detail), "the vendor's answer to the submit was not understood");
                self.note(&job, Event::SubmitLost).await
            }
        }
    }

    /// Nothing was sent: our own set-up does not allow it, or the caller's material can't be had.
    async fn refuse(&self, job: &Job, fault: Fault) -> Result<(), Trouble> {
        let Ok(change) = advance(job, Event::Submitting, (self.clock)()) else { return Ok(()) };
        if self.jobs.save(&change, u32::MAX).await? != Saved::Done {
            return Ok(());
        }
        let refused = Event::Refused(fault);
        // A caller's file that can't be had says nothing about the vendor.
        match &refused {
            Event::Refused(Fault { kind: FaultKind::InvalidInput, .. }) => {
                self.settle(&change.job, refused).await
            }
            _ => self.note(&change.job, refused).await,
        }
    }

    async fn recover(&self, job: &Job, now: Time) -> Result<(), Trouble> {
        let State::Submitting { since, lost } = &job.state else { return Ok(()) };
        tracing::warn!(job.id = %job.id, looked = lost.map_or(0, |lost| lost.looked), "looking for a lost job at the vendor");
        if now.since(*since) > job.plan.deadline + LONGEST_DARKNESS {
            let fault = Fault::new(
                FaultKind::OutcomeUnknown,
                "contact with the vendor was lost after the order was sent, and it could not be found again",
            );
            return self.note(job, Event::Failed(fault)).await;
        }
        let access = match self.access().await? {
            Ok(access) => access,
            Err(_) => return self.note(job, Event::NoAnswer).await,
        };
        let question = Question::Recover { looked: lost.map_or(0, |lost| lost.looked) };
        // The address is one of a kind, so a vendor that tells it again tells which of its tasks is ours.
        let callback = self.callback_address(job).await?;
        let task =
            Task { job, access: &access, now: (self.clock)(), media: &[], callback: callback.as_deref() };
        let (news, conversation) = vendor::talk(&self.door, self.adapter, &task, question).await;
        match news {
            News::Event(event) => self.note(job, event).await,
            News::Finished(files) => match self.copy(job, files, conversation).await {
                Ok(outputs) => self.note(job, Event::Stored(outputs)).await,
                Err(problem) => self.note(job, Event::CopyFailed(problem.fault())).await,
            },
            News::AskLater { .. } => self.note(job, Event::NoAnswer).await,
        }
    }

    async fn poll(&self, job: &Job, last: bool, chain: Chain) -> Result<(), Trouble> {
        let Some(ticket) = ticket_of(job) else { return Ok(()) };
        let access = match self.access().await? {
            Ok(access) => access,
            Err(fault) => return self.wait_in_the_dark(job, last, fault.retry_after).await,
        };
        let (news, conversation) = self.talk(job, &access, Question::Poll(ticket)).await;
        match news {
            News::Finished(files) => match self.copy(job, files, conversation).await {
                Ok(outputs) => self.note(job, Event::Stored(outputs)).await,
                Err(problem) => self.note(job, Event::CopyFailed(problem.fault())).await,
            },
            News::Event(Event::StillRunning { progress, ticket: noted }) => {
                let shown = job.progress_at((self.clock)());
                let ahead = progress.is_some_and(|told| told >= shown.saturating_add(PROGRESS_WORTH_A_WRITE));
                let moved = noted.as_ref().is_some_and(|noted| noted != ticket);
                let storing = matches!(job.state, State::Storing { .. });
                if (ahead || moved || storing) && !last {
                    return self.note(job, Event::StillRunning { progress, ticket: noted }).await;
                }
                if chain == Chain::Another {
                    return Ok(());
                }
                self.keep_waiting(job, last, None).await
            }
            News::Event(event) => self.note(job, event).await,
            News::AskLater { retry_after, detail } => {
                tracing::warn!(job.id = %job.id, detail = scrubbed(&detail), "the vendor could not be asked how the job stands");
                if chain == Chain::Another {
                    return Ok(());
                }
                self.wait_in_the_dark(job, last, retry_after).await
            }
        }
    }

    /// The vendor could not be asked. A job whose time is up meanwhile is not given up for that alone.
    async fn wait_in_the_dark(
        &self,
        job: &Job,
        last: bool,
        patience: Option<Duration>,
    ) -> Result<(), Trouble> {
        if last && may_outlast(job, (self.clock)()) {
            let patience = patience.unwrap_or_default().max(DARK_PAUSE);
            return self.keep_waiting(job, false, Some(patience)).await;
        }
        self.keep_waiting(job, last, patience).await
    }

    /// Nothing changed, so nothing is written, except where the chain's lease needs renewing.
    async fn keep_waiting(&self, job: &Job, last: bool, patience: Option<Duration>) -> Result<(), Trouble> {
        if last {
            return self.give_up(job).await;
        }
        let patience = self.patience(job, patience);
        aftermath::keep_waiting(&self.jobs, &self.queues, job, patience, (self.clock)()).await
    }

    /// Time is up. The vendor is told where it listens, so that it stops spending our money.
    async fn give_up(&self, job: &Job) -> Result<(), Trouble> {
        if job.plan.cancel != CancelKind::Never
            && let (Some(ticket), Ok(access)) = (ticket_of(job), self.access().await?)
        {
            self.talk(job, &access, Question::Cancel(ticket)).await;
        }
        self.note(job, Event::DeadlinePassed).await
    }

    async fn cancel(&self, job: &Job) -> Result<(), Trouble> {
        let Some(ticket) = ticket_of(job) else { return Ok(()) };
        let access = match self.access().await? {
            Ok(access) => access,
            Err(_) => return self.note(job, Event::NotCancelable).await,
        };
        match self.talk(job, &access, Question::Cancel(ticket)).await.0 {
            News::Event(event) => self.note(job, event).await,
            // The vendor did not say that it stopped, so it may well charge.
            News::Finished(_) | News::AskLater { .. } => self.note(job, Event::NotCancelable).await,
        }
    }

    /// Notes what the vendor said: what it tells about the vendor, then what it means to the job.
    async fn note(&self, job: &Job, event: Event) -> Result<(), Trouble> {
        self.hear(job, &event).await;
        self.settle(job, event).await
    }

    /// Records a fact and does what follows from it.
    async fn settle(&self, job: &Job, event: Event) -> Result<(), Trouble> {
        if let Event::Refused(fault) | Event::Failed(fault) = &event {
            self.report(job, fault).await;
        }
        let event = self.hand_over(job, event).await;
        let Some(Change { job, .. }) = record(&self.jobs, job, &event, (self.clock)()).await? else {
            tracing::info!(job.id = %job.id, "what the vendor said no longer matters: the job has ended");
            return Ok(());
        };
        if job.has_ended() {
            let outcome =
                job.attempts.last().and_then(|attempt| attempt.outcome.as_deref()).unwrap_or("ended");
            tracing::info!(
                job.id = %job.id, account.id = %job.account, provider = job.plan.provider, model = job.plan.model,
                outcome, charged_credits = job.charged.0,
                elapsed_ms = (self.clock)().since(job.created).as_millis() as u64, "a job has ended"
            );
            return after_end(&self.jobs, &self.accounts, &self.queues, &job, (self.clock)()).await;
        }
        self.write_on(&job).await
    }

    /// Writes the next letter of the chain.
    async fn write_on(&self, job: &Job) -> Result<(), Trouble> {
        match letter_delay(job, self.patience(job, None), (self.clock)()) {
            Some(delay) => send_letter(&self.queues, job, delay).await,
            None => Ok(()),
        }
    }

    async fn report(&self, job: &Job, fault: &Fault) {
        if fault.kind == FaultKind::Operator {
            self.access.forget().await;
            tracing::error!(
                job.id = %job.id, provider = job.plan.provider, detail = fault.detail,
                "the vendor refuses our key or our balance: the operator has to look"
            );
        } else {
            tracing::warn!(
                job.id = %job.id, provider = job.plan.provider, kind = fault.kind.name(), detail = fault.detail,
                "the vendor refused or failed"
            );
        }
    }

    async fn access(&self) -> Result<Result<Access, Fault>, Trouble> {
        Ok(self.access.get((self.clock)()).await?.ok_or_else(|| {
            Fault::new(FaultKind::Operator, "the provider is not set up here")
                .with_detail("the vendor's secret holds no apiKey")
        }))
    }

    async fn talk(&self, job: &Job, access: &Access, question: Question<'_>) -> (News, Conversation) {
        let task = Task { job, access, now: (self.clock)(), media: &[], callback: None };
        vendor::talk(&self.door, self.adapter, &task, question).await
    }

    async fn copy(
        &self,
        job: &Job,
        files: Vec<providers::VendorFile>,
        conversation: Conversation,
    ) -> Result<Vec<jobs::Output>, CopyProblem> {
        let copied = store::copy_all(&self.outputs, &self.door, job, files, conversation).await;
        copied.inspect_err(|problem| {
            let cause = problem.cause.as_deref().map(|cause| chain(cause));
            tracing::warn!(job.id = %job.id, error = %problem, cause, "could not copy the vendor's file");
        })
    }
}

fn ticket_of(job: &Job) -> Option<&Ticket> {
    match &job.state {
        State::Running { ticket, .. } | State::Storing { ticket, .. } => Some(ticket),
        _ => None,
    }
}
