//! One real job, from the order to the file, with everything that it shows of what we believe.

use crate::{
    files::fetch_all,
    verdict::{Verdict, Verdicts},
};
use jobs::{
    AccountId, Event, Fault, FaultKind, Job, JobId, Mode, Order, Plan, State, Time, advance,
    aftermath::letter_delay, life::NewJob,
};
use outbound::Door;
use poller::{
    inputs::{self, NoMaterial},
    vendor::{Conversation, talk},
};
use providers::{Access, Adapter, News, Question, Shown, Task, VendorFile};
use std::{path::Path, time::Duration};

/// So many answers in a row that can't be read are no coincidence.
const MOST_UNREADABLE: u32 = 5;

/// What a check needs.
pub struct Means<'a> {
    /// The way to the vendor.
    pub door: &'a Door,
    /// Where the files go.
    pub folder: &'a Path,
    /// What time it is.
    pub clock: fn() -> Time,
}

/// A job that was carried out.
#[derive(Debug, Default)]
pub struct Checked {
    /// What it showed.
    pub verdicts: Verdicts,
    /// What else is worth telling: what the files are, how long it took.
    pub remarks: Vec<String>,
}

/// Carries the order out. Whatever happens is told; nothing is tried twice, because it costs money.
pub async fn check(
    means: &Means<'_>,
    adapter: &'static dyn Adapter,
    access: &Access,
    order: Order,
    plan: Plan,
) -> Checked {
    let now = (means.clock)();
    let new = NewJob {
        id: JobId::from_random(now.millis().to_be_bytes().repeat(2).try_into().unwrap_or([0; 16])),
        account: AccountId::from_random([0; 16]),
        mode: Mode::Live,
        order,
        plan,
        retention: Duration::from_secs(86_400),
    };
    let mut walk =
        Walk { means, adapter, access, job: Job::accepted(new, false, now), checked: Checked::default() };
    if let Some((files, conversation)) = walk.make().await {
        walk.fetch(files, conversation).await;
    }
    walk.checked
}

struct Walk<'a> {
    means: &'a Means<'a>,
    adapter: &'static dyn Adapter,
    access: &'a Access,
    job: Job,
    checked: Checked,
}

type Result = (Vec<VendorFile>, Conversation);

impl Walk<'_> {
    /// From the order to the vendor's result, if it comes to that.
    async fn make(&mut self) -> Option<Result> {
        let material = match inputs::fetch_all(self.means.door, self.adapter.needs(&self.job)).await {
            Ok(material) => material,
            Err(NoMaterial::Refused(fault)) => {
                self.note(Shown::Order, Verdict::NotSeen(told(&fault)));
                return None;
            }
            Err(_) => {
                let why = "there is no room for the files at the moment".to_owned();
                self.note(Shown::Order, Verdict::NotSeen(why));
                return None;
            }
        };
        self.go_on(Event::Submitting);
        let begun = (self.means.clock)();
        let task =
            Task { job: &self.job, access: self.access, now: begun, media: &material.media, callback: None };
        let (news, conversation) = talk(self.means.door, self.adapter, &task, Question::Submit).await;
        match news {
            News::Finished(files) => {
                self.note(Shown::Order, Verdict::Confirmed);
                return Some(self.finished(begun, files, conversation));
            }
            News::Event(Event::Refused(fault)) => self.note(Shown::Order, refused(&fault)),
            News::Event(accepted @ Event::Accepted { .. }) => {
                self.note(Shown::Order, Verdict::Confirmed);
                self.go_on(accepted);
                return self.wait(begun).await;
            }
            News::Event(_) | News::AskLater { .. } => {
                let why =
                    "nobody can say what came of the paid call; look at the vendor's console".to_owned();
                self.note(Shown::Order, Verdict::NotSeen(why));
            }
        }
        None
    }

    /// Asks until the vendor has an end to tell, or its time is up.
    async fn wait(&mut self, begun: Time) -> Option<Result> {
        let mut unreadable = 0;
        loop {
            let now = (self.means.clock)();
            if now.since(begun) > self.job.plan.deadline {
                let why = format!("nothing after {} s", self.job.plan.deadline.as_secs());
                self.note(Shown::Result, Verdict::Broken(why));
                return None;
            }
            tokio::time::sleep(letter_delay(&self.job, None, now).unwrap_or_default()).await;
            let State::Running { ticket, .. } = self.job.state.clone() else { return None };
            let task = Task {
                job: &self.job,
                access: self.access,
                now: (self.means.clock)(),
                media: &[],
                callback: None,
            };
            let question = Question::Poll(&ticket);
            match talk(self.means.door, self.adapter, &task, question).await {
                (News::Finished(files), conversation) => {
                    self.note(Shown::Look, Verdict::Confirmed);
                    return Some(self.finished(begun, files, conversation));
                }
                (News::Event(Event::Failed(fault)), _) => {
                    self.note(Shown::Look, Verdict::Confirmed);
                    self.note(Shown::Result, Verdict::NotSeen(told(&fault)));
                    return None;
                }
                (News::Event(event), _) => {
                    unreadable = 0;
                    self.note(Shown::Look, Verdict::Confirmed);
                    self.go_on(event);
                }
                (News::AskLater { detail, .. }, _) => {
                    unreadable += 1;
                    if unreadable >= MOST_UNREADABLE {
                        self.note(Shown::Look, Verdict::Broken(detail));
                        return None;
                    }
                }
            }
        }
    }

    fn finished(&mut self, begun: Time, files: Vec<VendorFile>, conversation: Conversation) -> Result {
        let verdict = if files.is_empty() {
            Verdict::Broken("the vendor finished without a file".to_owned())
        } else {
            Verdict::Confirmed
        };
        self.note(Shown::Result, verdict);
        let (took, usual) = ((self.means.clock)().since(begun).as_secs_f64(), self.job.plan.median.as_secs());
        self.remark(format!("it took {took:.1} s; the catalogue says {usual} s"));
        (files, conversation)
    }

    async fn fetch(&mut self, files: Vec<VendorFile>, conversation: Conversation) {
        let name = format!("{}-{}", self.job.plan.vendor, self.job.plan.model);
        match fetch_all(self.means.door, files, conversation, &self.means.folder.join(name)).await {
            Ok(files) => {
                self.note(Shown::File, Verdict::Confirmed);
                self.checked.remarks.extend(files);
                let asked: Vec<String> =
                    self.job.plan.options.0.iter().map(|(name, value)| format!("{name} {value}")).collect();
                self.remark(format!("asked for: {}", asked.join(", ")));
            }
            Err(why) => self.note(Shown::File, Verdict::Broken(why)),
        }
    }

    fn go_on(&mut self, event: Event) {
        if let Ok(change) = advance(&self.job, event, (self.means.clock)()) {
            self.job = change.job;
        }
    }

    fn note(&mut self, step: Shown, verdict: Verdict) {
        self.checked.verdicts.note(step, verdict);
    }

    fn remark(&mut self, remark: String) {
        self.checked.remarks.push(remark);
    }
}

/// What a refused order says about what we believe.
fn refused(fault: &Fault) -> Verdict {
    match fault.kind {
        // It was within the limits that the catalogue knows, and written as the adapter writes.
        FaultKind::InvalidInput | FaultKind::Vendor => Verdict::Broken(told(fault)),
        _ => Verdict::NotSeen(told(fault)),
    }
}

/// A fault with what the vendor said: whoever runs a check is the operator.
fn told(fault: &Fault) -> String {
    if fault.detail.is_empty() {
        fault.message.clone()
    } else {
        format!("{} ({})", fault.message, fault.detail)
    }
}
