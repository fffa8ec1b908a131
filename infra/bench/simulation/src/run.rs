//! One day, event by event: orders arrive, letters travel, vendors work, and the real code decides.
//!
//! The catalogue chooses, `jobs::advance` and `jobs::next_step` live the jobs, `letter_delay` says when a vendor is asked
//! again, and every front desk and poller has a real `Watch` over one store that all share. What is played is the world
//! around them: traffic, queues, vendors. Letters are never lost here (the model test in `testkit` does that), so there is
//! no reconciler; copies of files succeed at once, and nothing is limited by an account.

use crate::{
    chance::Chance,
    day::{Day, bustle, hours},
    figures::{Fates, Figures, How, Met, Polled},
    orders::Orders,
    vendors::{self, Search, Task},
};
use catalogue::{Catalogue, Knowledge, Refusal, World};
use jobs::{
    AccountId, Event, FaultKind, Job, JobId, Mode, Plan, State, Time, advance,
    health::{Picture, Probe, Standing, Watch},
    life::NewJob,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};
use testkit::{Memory, builders::START};

/// Processes of the front desk.
pub(crate) const DESKS: usize = 4;
/// Processes of each vendor's poller.
const POLLERS: usize = 3;
/// A call that asks, and one that orders.
const ASKING: Duration = Duration::from_millis(150);
const ORDERING: Duration = Duration::from_millis(400);
/// A letter without a delay, at the median.
const LETTER: f64 = 0.020;
/// Pauses up to this long are kept to the millisecond; as `cloud` has it.
const LONGEST_EXACT: Duration = Duration::from_secs(10);
/// The pause after which a callback is worked: it is a letter like any other, behind a request.
const CALLBACK: Duration = Duration::from_secs(1);
/// Callbacks that never come.
const LOST_CALLBACKS: f64 = 0.01;
/// Every so many choices one is timed.
const TIMED: usize = 16;

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Order,
    Letter(u64),
    Answer,
    Callback,
}

/// A job under way.
pub(super) struct Live {
    pub(super) job: Job,
    sort: usize,
    /// How much longer or shorter than usual its making takes, wherever it is made.
    luck: f64,
    polls: u32,
    pub(super) task: Option<Task>,
    pub(super) news: Option<Event>,
    met: Option<(usize, How)>,
}

/// A day being played.
pub(crate) struct Run<'a> {
    pub(super) day: &'a Day,
    pub(super) catalogue: &'static Catalogue,
    orders: &'a Orders,
    pub(super) live_vendors: BTreeSet<String>,
    pub(super) memory: Memory,
    desks: Vec<Watch>,
    pollers: BTreeMap<String, Vec<Watch>>,
    pub(super) chance: Chance,
    happenings: BinaryHeap<Reverse<(Time, u32, u32, Happening)>>,
    count: u32,
    jobs: Vec<Option<Box<Live>>>,
    account: AccountId,
    pub(super) figures: Figures,
}

/// Plays a day.
pub(crate) fn play(day: &Day, orders: &Orders, seed: u64) -> Figures {
    let catalogue = Catalogue::built_in();
    let live_vendors: BTreeSet<String> = catalogue.vendors().into_iter().map(str::to_owned).collect();
    let watches = |count| (0..count).map(|_| Watch::default()).collect();
    let mut run = Run {
        day,
        catalogue,
        orders,
        pollers: live_vendors.iter().map(|vendor| (vendor.clone(), watches(POLLERS))).collect(),
        live_vendors,
        memory: Memory::new(),
        desks: watches(DESKS),
        chance: Chance::new(seed),
        happenings: BinaryHeap::new(),
        count: 0,
        jobs: Vec::new(),
        account: AccountId::from_random([7; 16]),
        figures: Figures { tens: vec![(0, 0); 144], ..Figures::default() },
    };
    run.after(START, Duration::ZERO, 0, Happening::Order);
    while let Some(Reverse((now, _, number, happening))) = run.happenings.pop() {
        run.happen(number as usize, happening, now);
    }
    assert!(run.jobs.iter().all(Option::is_none), "a job never ended");
    run.figures
}

/// The outcome of a future that has nothing to wait for.
pub(super) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => unreachable!("the ports in memory never wait"),
    }
}

impl Run<'_> {
    fn after(&mut self, now: Time, span: Duration, number: usize, happening: Happening) {
        self.count = self.count.wrapping_add(1);
        self.happenings.push(Reverse((now.plus(span), self.count, number as u32, happening)));
    }

    fn happen(&mut self, number: usize, happening: Happening, now: Time) {
        if happening == Happening::Order {
            return self.order(now);
        }
        let Some(mut live) = self.jobs.get_mut(number).and_then(Option::take) else {
            self.figures.stale_letters += 1;
            return;
        };
        match happening {
            Happening::Letter(version) if version != live.job.version => self.figures.stale_letters += 1,
            Happening::Letter(_) => self.step(number, &mut live, now),
            Happening::Answer => {
                if let Some(event) = live.news.take() {
                    self.note(number, &mut live, event, now);
                }
            }
            // Two questions at once are one too many: who is heard already is not asked.
            Happening::Callback if live.news.is_some() => {}
            Happening::Callback => {
                if matches!(live.job.state, State::Running { .. })
                    && live.task.is_some_and(|task| task.ready <= now)
                {
                    self.step(number, &mut live, now);
                }
            }
            Happening::Order => {}
        }
        if live.job.has_ended() {
            self.finish(&live, now);
        } else if let Some(place) = self.jobs.get_mut(number) {
            *place = Some(live);
        }
    }

    /// The next order, and when the one after it comes.
    fn order(&mut self, now: Time) {
        let number = self.jobs.len();
        if number + 1 < self.day.orders {
            let rate = self.day.orders as f64 / 86_400.0 * bustle(now);
            let pause = Duration::from_secs_f64(self.chance.pause() / rate);
            self.after(now, pause, 0, Happening::Order);
        }
        self.jobs.push(None);
        let orders = self.orders;
        let sort_number = orders.draw(&mut self.chance);
        let Some(sort) = orders.sorts.get(sort_number) else { return };
        let luck = self.chance.normal();
        let desk = self.chance.below(DESKS);
        let ours = sort.is_ours();
        self.fates(ours).orders += 1;
        if ours && let Some(ten) = self.figures.tens.get_mut((hours(now) * 6.0) as usize) {
            ten.0 += 1;
        }
        let Ok(mut plan) = self.choose(desk, sort_number, now) else {
            self.fates(ours).turned_away += 1;
            return;
        };
        self.figures.sent(&plan.vendor, &plan.model);
        // Told to callers, and of no use here.
        plan.candidates = Vec::new();
        let healthy = &sort.healthy;
        let met = vendors::outage(self.day, &healthy.vendor, &healthy.model, now).map(|(outage, _)| {
            let there = (&plan.vendor, &plan.model) == (&healthy.vendor, &healthy.model);
            (outage, if there { How::Unharmed } else { How::Diverted })
        });
        let mut id = [0; 16];
        id.iter_mut().zip((number as u64).to_le_bytes()).for_each(|(place, byte)| *place = byte);
        let new = NewJob {
            id: JobId::from_random(id),
            account: self.account.clone(),
            mode: Mode::Live,
            order: sort.order.clone(),
            plan,
            retention: Duration::from_secs(86_400),
        };
        let job = Job::accepted(new, false, now);
        let live = Live { job, sort: sort_number, luck, polls: 0, task: None, news: None, met };
        self.send(number, &live.job, Duration::ZERO, now);
        if let Some(place) = self.jobs.get_mut(number) {
            *place = Some(Box::new(live));
        }
    }

    /// As the front desk chooses.
    fn choose(&mut self, desk: usize, sort: usize, now: Time) -> Result<Plan, Refusal> {
        let orders = self.orders;
        let (Some(watch), Some(sort)) = (self.desks.get(desk), orders.sorts.get(sort)) else {
            unreachable!("desks and sorts are drawn from those that there are")
        };
        let picture = match self.day.watched {
            true => at_once(watch.picture(&self.memory, now)).0,
            false => Arc::new(Picture::default()),
        };
        self.figures.desk_looks(desk, &picture, now);
        let world = |tries_out| World {
            mode: Mode::Live,
            live_vendors: &self.live_vendors,
            latency_scale: 1.0,
            knowledge: Some(Knowledge { picture: &picture, now, tries_out }),
        };
        let begun = self.jobs.len().is_multiple_of(TIMED).then(Instant::now);
        let chosen = self.catalogue.choose(&sort.order, &world(true));
        if let Some(begun) = begun {
            self.figures.choosing.push(u32::try_from(begun.elapsed().as_nanos()).unwrap_or(u32::MAX));
        }
        let plan = chosen?;
        if !matches!(picture.standing(&plan.vendor, &plan.model, now), Standing::TriedOut { .. }) {
            return Ok(plan);
        }
        match at_once(watch.probe(&self.memory, &picture, &plan.vendor, &plan.model, now)) {
            Ok(Probe::Granted) => {
                self.figures.probes += 1;
                Ok(plan)
            }
            _ => self.catalogue.choose(&sort.order, &world(false)),
        }
    }

    /// The next letter of a job's chain.
    pub(super) fn send(&mut self, number: usize, job: &Job, delay: Duration, now: Time) {
        let travel = Duration::from_secs_f64(LETTER * (0.6 * self.chance.normal()).exp());
        // A queue delays by whole seconds; what is missing of a short pause is waited for where the letter is read.
        let arrives = match delay <= LONGEST_EXACT {
            true => (Duration::from_secs(delay.as_secs()) + travel).max(delay),
            false => Duration::from_secs(delay.as_millis().div_ceil(1000) as u64) + travel,
        };
        self.after(now, arrives, number, Happening::Letter(job.version));
    }

    /// What the vendor says is heard after a while.
    pub(super) fn hear(&mut self, number: usize, live: &mut Live, event: Event, after: Duration, now: Time) {
        live.news = Some(event);
        self.after(now, after, number, Happening::Answer);
    }

    /// The paid call.
    pub(super) fn submit(&mut self, number: usize, live: &mut Live, now: Time) {
        let Ok(change) = advance(&live.job, Event::Submitting, now) else { return };
        live.job = change.job;
        live.task = None;
        let plan = &live.job.plan;
        let median = self.orders.sorts.get(live.sort).and_then(|sort| sort.medians.get(&plan.model));
        let median = median.copied().unwrap_or(plan.median.as_secs_f64());
        let at_once = vendors::answers_at_once(plan, live.job.order.kind);
        let timeout = plan.submit_timeout;
        let call = vendors::order(self.day, plan, now, &mut self.chance);
        if matches!(call, vendors::Call::Taken | vendors::Call::Lost { arrived: true }) {
            live.task = Some(vendors::task(
                self.day,
                &live.job,
                median,
                live.luck,
                now.plus(ORDERING),
                &mut self.chance,
            ));
        }
        match (call, live.task) {
            (vendors::Call::Refused(fault), _) => {
                self.hear(number, live, Event::Refused(fault), ORDERING / 2, now);
            }
            (vendors::Call::Taken, Some(task)) if at_once && task.took < timeout => {
                let news = match task.news() {
                    Event::Failed(fault) => Event::Refused(fault),
                    news => news,
                };
                self.hear(number, live, news, ORDERING + task.took, now);
            }
            (vendors::Call::Taken, Some(task)) if !at_once => {
                self.hear(
                    number,
                    live,
                    Event::Accepted { ticket: jobs::Ticket(String::new()) },
                    ORDERING,
                    now,
                );
                if self.day.callbacks && !self.chance.happens(LOST_CALLBACKS) {
                    self.after(task.ready, CALLBACK, number, Happening::Callback);
                }
            }
            _ => self.hear(number, live, Event::SubmitLost, timeout, now),
        }
    }

    /// What came of a lost submit.
    pub(super) fn search(&mut self, live: &Live, now: Time) -> Event {
        let State::Submitting { lost, .. } = &live.job.state else { return Event::NoAnswer };
        if !vendors::can_be_asked(self.day, &live.job, now) {
            return Event::NoAnswer;
        }
        let at_once = vendors::answers_at_once(&live.job.plan, live.job.order.kind);
        match (vendors::search(&live.job.plan.vendor), live.task) {
            (Search::Found, Some(task)) if at_once && task.ready <= now => task.news(),
            (Search::Found, Some(_)) if !at_once => Event::Accepted { ticket: jobs::Ticket(String::new()) },
            (Search::Found, _) if lost.is_none_or(|lost| lost.looked < 2) => Event::NotFound,
            (Search::Found, _) => Event::SubmitAgain,
            (Search::Repeated, _) if live.job.resubmits < 1 => Event::SubmitAgain,
            _ => Event::Failed(jobs::Fault::new(FaultKind::OutcomeUnknown, "it could not be found again")),
        }
    }

    /// A poller's knowledge.
    pub(super) fn poller(&self, vendor: &str, number: usize) -> Option<&Watch> {
        self.pollers.get(vendor)?.get(number % POLLERS)
    }

    /// The job met an outage.
    pub(super) fn meets(&self, live: &mut Live, how: How, now: Time) {
        if let Some((outage, _)) = vendors::outage(self.day, &live.job.plan.vendor, &live.job.plan.model, now)
        {
            live.met = Some((outage, how));
        }
    }

    pub(super) fn asked(live: &mut Live) -> Duration {
        live.polls += 1;
        ASKING
    }

    fn fates(&mut self, ours: bool) -> &mut Fates {
        if ours { &mut self.figures.ours } else { &mut self.figures.named }
    }

    fn finish(&mut self, live: &Live, now: Time) {
        let orders = self.orders;
        let Some(sort) = orders.sorts.get(live.sort) else { return };
        let (job, ours) = (&live.job, sort.is_ours());
        let failed = match &job.state {
            State::Failed { fault, .. } => Some(fault.kind),
            _ => None,
        };
        let fates = self.fates(ours);
        match failed {
            None => fates.completed += 1,
            Some(FaultKind::Moderation) => fates.forbidden += 1,
            Some(_) => fates.failed += 1,
        }
        let total = now.since(job.created).as_secs_f64();
        if let Some((outage, how)) = live.met {
            let usual = sort.medians.get(&sort.healthy.model).copied().unwrap_or_default();
            let usual = vendors::time(usual, job.order.kind, live.luck, None, job.created);
            let added = failed.is_none().then_some(total - usual);
            let there = self.day.outages.get(outage).is_some_and(|outage| outage.vendor == job.plan.vendor);
            self.figures.met.entry(outage).or_default().push(Met { how, ours, added, failed, there });
        }
        // Forbidden content is nobody's fault, and counts as if it had been made.
        let well = matches!(failed, None | Some(FaultKind::Moderation));
        if ours
            && well
            && let Some(ten) = self.figures.tens.get_mut((hours(job.created) * 6.0) as usize)
        {
            ten.1 += 1;
        }
        if failed.is_some() {
            return;
        }
        self.figures.spend(job.order.priority, job.charged.0, sort.cheapest.0);
        if let Some(task) = live.task {
            let vendor = task.took.as_secs_f64();
            let one = Polled { kind: job.order.kind, polls: live.polls, added: total - vendor, vendor };
            let at_once = vendors::answers_at_once(&job.plan, job.order.kind);
            if at_once { &mut self.figures.others } else { &mut self.figures.polled }.push(one);
        }
    }
}
