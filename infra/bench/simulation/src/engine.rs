//! One step of one job, as the poller makes it.

use crate::{
    figures::{Cut, How},
    run::{DESKS, Live, Run, at_once},
    vendors,
};
use catalogue::{Knowledge, World};
use jobs::{
    Event, Fault, FaultKind, Job, Mode, State, Step, Time, advance,
    aftermath::letter_delay,
    cadence,
    health::{Standing, heard},
    life::{LONGEST_DARKNESS, may_fail_over, may_outlast},
    next_step,
};
use std::time::Duration;

/// The pause between two questions to a vendor that can't be asked, once the model's time is up; as the poller has it.
const DARK_PAUSE: Duration = Duration::from_secs(60);

impl Run<'_> {
    /// Does what is to be done about a job.
    pub(super) fn step(&mut self, number: usize, live: &mut Live, now: Time) {
        match next_step(&live.job, now) {
            Step::Wait(_) => self.write_on(number, live, None, now),
            Step::Submit => self.submit(number, live, now),
            Step::Recover => self.recover(number, live, now),
            Step::Poll { last } => self.poll(number, live, last, now),
            Step::Expire => self.note(number, live, Event::DeadlinePassed, now),
            Step::Cancel | Step::Wake | Step::Deliver | Step::Rest => {}
        }
    }

    fn recover(&mut self, number: usize, live: &mut Live, now: Time) {
        let State::Submitting { since, .. } = &live.job.state else { return };
        let event = if now.since(*since) > live.job.plan.deadline + LONGEST_DARKNESS {
            Event::Failed(Fault::new(FaultKind::OutcomeUnknown, "it could not be found again"))
        } else {
            self.search(live, now)
        };
        let asking = Self::asked(live);
        self.hear(number, live, event, asking, now);
    }

    fn poll(&mut self, number: usize, live: &mut Live, last: bool, now: Time) {
        let asking = Self::asked(live);
        if !vendors::can_be_asked(self.day, &live.job, now) {
            self.meets(live, How::UnderWay, now);
            let heard = now.plus(asking);
            if last && may_outlast(&live.job, heard) {
                return self.write_on(number, live, Some(DARK_PAUSE), heard);
            }
            return self.keep_waiting(number, live, last, heard);
        }
        match live.task {
            Some(task) if task.ready <= now => self.hear(number, live, task.news(), asking, now),
            _ => self.keep_waiting(number, live, last, now.plus(asking)),
        }
    }

    fn keep_waiting(&mut self, number: usize, live: &mut Live, last: bool, now: Time) {
        if last {
            return self.note(number, live, Event::DeadlinePassed, now);
        }
        self.write_on(number, live, None, now);
    }

    /// Notes what the vendor said: what it tells about the vendor, then what it means to the job.
    pub(super) fn note(&mut self, number: usize, live: &mut Live, event: Event, now: Time) {
        if matches!(event, Event::Refused(_) | Event::Failed(_) | Event::SubmitLost) {
            self.meets(live, How::Refused, now);
        }
        if self.day.watched {
            self.tell(number, &live.job, &event, now);
        }
        let event = self.hand_over(number, &live.job, event, now);
        if matches!(event, Event::HandedOver { .. }) {
            self.figures.handed_over += 1;
        }
        let Ok(change) = advance(&live.job, event, now) else { return };
        live.job = change.job;
        if !live.job.has_ended() {
            self.write_on(number, live, None, now);
        }
    }

    fn tell(&mut self, number: usize, job: &Job, event: &Event, now: Time) {
        let plan = &job.plan;
        for news in heard(job, event, now) {
            let Some(watch) = self.poller(&plan.vendor, number) else { continue };
            let noted = watch.note(&self.memory, &plan.vendor, &plan.model, news, now);
            match at_once(noted) {
                Ok(Some((_, cut))) if cut.opened.is_some() => self.figures.openings += 1,
                Ok(Some((scope, cut))) => {
                    let written = Cut { at: now, vendor: plan.vendor.clone(), scope, times: cut.times };
                    self.figures.cut(written, cut.until, DESKS);
                }
                _ => {}
            }
        }
    }

    /// Whether another provider takes over instead of what would follow.
    fn hand_over(&mut self, number: usize, job: &Job, event: Event, now: Time) -> Event {
        let (Event::Refused(fault) | Event::Failed(fault)) = &event else { return event };
        if !self.day.watched || !may_fail_over(job, &event, true) {
            return event;
        }
        let Some(watch) = self.poller(&job.plan.vendor, number) else { return event };
        let (picture, _) = at_once(watch.picture(&self.memory, now));
        let standing = picture.standing(&job.plan.vendor, &job.plan.model, now);
        if !may_fail_over(job, &event, standing != Standing::Open) {
            return event;
        }
        let world = World {
            mode: Mode::Live,
            live_vendors: &self.live_vendors,
            latency_scale: 1.0,
            knowledge: Some(Knowledge { picture: &picture, now, tries_out: false }),
        };
        match self.catalogue.next_provider(job, &world) {
            Some(mut plan) => {
                plan.candidates = Vec::new();
                Event::HandedOver { fault: fault.clone(), plan: Box::new(plan) }
            }
            None => event,
        }
    }

    fn write_on(&mut self, number: usize, live: &Live, patience: Option<Duration>, now: Time) {
        let job = &live.job;
        let Some(delay) = letter_delay(job, patience, now) else { return };
        let delay = match &job.state {
            State::Running { since, .. } if self.day.callbacks => {
                let floor = job.plan.poll_floor.max(patience.unwrap_or_default());
                let look = cadence::next_look(now.since(*since), job.plan.median, floor);
                job.gives_up_at().filter(|end| *end > now).map_or(look, |end| end.until(now).min(look))
            }
            _ => delay,
        };
        self.send(number, job, delay, now);
    }
}
