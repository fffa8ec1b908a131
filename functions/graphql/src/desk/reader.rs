//! An account's generations one after the other, newest first.
//!
//! The index holds keys alone, so they come by a query for places and a batch of reads. So that a rare match does not
//! mean a long request, one request looks at [`MOST_LOOKED_AT`] generations at most.

use crate::error::ApiError;
use jobs::{Account, Job, JobId, Place, Stretch, ports::Jobs};
use std::collections::{HashMap, VecDeque};

/// Generations looked at by one request.
const MOST_LOOKED_AT: u32 = 500;

/// Reads as far as it is asked to.
pub(super) struct Reader<'a, J> {
    jobs: &'a J,
    account: &'a Account,
    /// What comes next; its `most` is how many are read at once.
    stretch: Stretch,
    read: VecDeque<(Place, Option<Job>)>,
    looked_at: u32,
    at_the_end: bool,
}

impl<'a, J: Jobs> Reader<'a, J> {
    /// Of this stretch, reading `stretch.most` at once.
    pub(super) fn new(jobs: &'a J, account: &'a Account, stretch: Stretch) -> Reader<'a, J> {
        Reader { jobs, account, stretch, read: VecDeque::new(), looked_at: 0, at_the_end: false }
    }

    /// The next place, and the generation if it is still there. Nothing at the end of the list, or once this request
    /// has looked at enough: [`Reader::at_the_end`] tells which.
    pub(super) async fn next(&mut self) -> Result<Option<(Place, Option<Job>)>, ApiError> {
        if self.read.is_empty() && !self.at_the_end && self.looked_at < MOST_LOOKED_AT {
            self.read_on().await?;
        }
        Ok(self.read.pop_front())
    }

    /// Whether there is nothing more to read.
    pub(super) fn at_the_end(&self) -> bool {
        self.at_the_end && self.read.is_empty()
    }

    async fn read_on(&mut self) -> Result<(), ApiError> {
        let places = self.jobs.list(&self.account.id, &self.stretch).await?;
        let ids: Vec<JobId> = places.iter().filter_map(|place| JobId::parse(place.name())).collect();
        let found = self.jobs.peek_all(&ids).await?.into_iter().map(|job| (job.id.as_str().to_owned(), job));
        let mut found: HashMap<String, Job> = found.collect();
        self.at_the_end = places.len() < usize::try_from(self.stretch.most).unwrap_or(usize::MAX);
        self.looked_at = self.looked_at.saturating_add(self.stretch.most);
        self.stretch.after = places.last().cloned().or(self.stretch.after.take());
        self.read.extend(places.into_iter().map(|place| {
            let job = found.remove(place.name());
            (place, job)
        }));
        Ok(())
    }
}
