//! What one process knows of the vendors' health, and what it has to tell: read and written every few seconds at most.

use super::{CutOff, Heard, PROBE_PAUSE, Picture, Sample, Scope, Standing, Tally};
use crate::{
    Time,
    ports::{Trouble, Vendors},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How old a picture may be.
const FRESH: Duration = Duration::from_secs(5);

/// How old the speeds may be: they change slowly and are more to read.
const FRESH_SPEEDS: Duration = Duration::from_secs(120);

/// How long good news waits for more of it. Much shorter than any pause, so that what this process knows of pauses is good
/// enough for as long.
const GATHERING: Duration = Duration::from_secs(3);

/// Durations kept until they are written; more are not worth the memory.
const MOST_SAMPLES: usize = 100;

/// The knowledge of one process.
#[derive(Default)]
pub struct Watch {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    picture: Arc<Picture>,
    read: Option<Time>,
    speeds_read: Option<Time>,
    counts: BTreeMap<Scope, Tally>,
    /// What was cut off when the counts were written last.
    cut_off: BTreeSet<Scope>,
    samples: Vec<Sample>,
    written: Option<Time>,
}

/// What came of asking to try something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// This job is the one that goes there.
    Granted,
    /// Another one went there a moment ago; the next may at this moment.
    Taken(Time),
}

impl Watch {
    /// The picture, read anew if it is older than some seconds. If it can't be read, the old one has to do: a table that
    /// is out of order must keep nobody from working. The trouble is told beside it, for the log.
    pub async fn picture(&self, vendors: &impl Vendors, now: Time) -> (Arc<Picture>, Result<(), Trouble>) {
        let (old, read_speeds) = {
            let mut kept = self.lock();
            if kept.read.is_some_and(|read| now.since(read) < FRESH) {
                return (kept.picture.clone(), Ok(()));
            }
            // Whoever comes while this one reads is content with the old picture.
            kept.read = Some(now);
            let read_speeds = kept.speeds_read.is_none_or(|read| now.since(read) >= FRESH_SPEEDS);
            (kept.picture.clone(), read_speeds)
        };
        let read = async {
            let records = vendors.healths().await?;
            let speeds = if read_speeds { Some(vendors.speeds().await?) } else { None };
            Ok((records, speeds))
        };
        let (records, speeds) = match read.await {
            Ok(read) => read,
            Err(trouble) => return (old, Err(trouble)),
        };
        let mut kept = self.lock();
        if speeds.is_some() {
            kept.speeds_read = Some(now);
        }
        let speeds = speeds.map_or_else(|| old.speeds.clone(), Arc::new);
        kept.picture = Arc::new(Picture { vendors: records, speeds });
        (kept.picture.clone(), Ok(()))
    }

    /// Asks to be the job that tries out a model whose pause is over. Of all processes one is granted it every few
    /// seconds.
    ///
    /// # Errors
    /// When the port fails.
    pub async fn probe(
        &self,
        vendors: &impl Vendors,
        picture: &Picture,
        vendor: &str,
        model: &str,
        now: Time,
    ) -> Result<Probe, Trouble> {
        let Some(health) = picture.vendors.get(vendor) else { return Ok(Probe::Granted) };
        for scope in [Scope::Vendor, Scope::Model(model.to_owned())] {
            let Standing::TriedOut { next } = health.standing_of(&scope, now) else { continue };
            if now < next {
                return Ok(Probe::Taken(next));
            }
            let Some(before) = health.cuts.get(&scope).copied() else { continue };
            let after = CutOff { probed: Some(now), ..before };
            let granted = vendors.set_cut(vendor, &scope, Some(&before), &after).await?;
            // Whoever was quicker has gone there; what they find out is read with the next picture.
            self.learn(vendor, &scope, after);
            if !granted {
                return Ok(Probe::Taken(now.plus(PROBE_PAUSE)));
            }
        }
        Ok(Probe::Granted)
    }

    /// Notes what became of a job. Bad news is written at once, and so is good news of something that is cut off, for it may
    /// open it; other good news waits for what comes after it. What the news changes about who gets jobs is told, for the
    /// log.
    ///
    /// # Errors
    /// When the port fails. The news is then lost, which a count can bear.
    pub async fn note(
        &self,
        vendors: &impl Vendors,
        vendor: &str,
        model: &str,
        news: Heard,
        now: Time,
    ) -> Result<Option<(Scope, CutOff)>, Trouble> {
        let Heard { outcome, begun, sample } = news;
        let (counts, samples) = {
            let mut kept = self.lock();
            let scope = outcome.scope(model);
            let fresh = kept.written.is_some_and(|written| now.since(written) < GATHERING);
            let can_wait = outcome.is_good() && fresh && !kept.cut_off.contains(&scope);
            kept.counts.entry(scope).or_default().add(outcome);
            if kept.samples.len() < MOST_SAMPLES {
                kept.samples.extend(sample);
            }
            if can_wait {
                return Ok(None);
            }
            kept.written = Some(now);
            (mem::take(&mut kept.counts), mem::take(&mut kept.samples))
        };
        let health = vendors.count(vendor, &counts, now).await?;
        self.lock().cut_off = health
            .cuts
            .iter()
            .filter(|(_, cut)| cut.opened.is_none())
            .map(|(scope, _)| scope.clone())
            .collect();
        let mut changed = None;
        if let Some((scope, after)) = health.judge(model, outcome, begun, now) {
            // Who was quicker has judged the same news.
            if vendors.set_cut(vendor, &scope, health.cuts.get(&scope), &after).await? {
                self.learn(vendor, &scope, after);
                changed = Some((scope, after));
            }
        }
        if !samples.is_empty() {
            vendors.remember(&samples).await?;
        }
        Ok(changed)
    }

    fn learn(&self, vendor: &str, scope: &Scope, cut: CutOff) {
        let mut kept = self.lock();
        match cut.opened {
            None => kept.cut_off.insert(scope.clone()),
            Some(_) => kept.cut_off.remove(scope),
        };
        let picture = Arc::make_mut(&mut kept.picture);
        picture.vendors.entry(vendor.to_owned()).or_default().cuts.insert(scope.clone(), cut);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
