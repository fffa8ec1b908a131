//! Makes files, each once: what was made stays for a while.

use crate::shelf::lock;
use crate::works::Work;
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::sync::{OnceCell, Semaphore};

/// Files that stay, at most.
const MOST_FILES: usize = 256;
/// Bytes of files that stay, at most.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Files in the making at a time: the machines of developers have few cores, and serving needs one too.
const MOST_AT_WORK: usize = 2;

/// Makes files and keeps the last ones.
#[derive(Debug)]
pub(crate) struct Studio {
    kept: Mutex<Kept>,
    at_work: Semaphore,
}

type Cell = Arc<OnceCell<Bytes>>;

#[derive(Debug, Default)]
struct Kept {
    files: HashMap<Work, Cell>,
    order: VecDeque<Work>,
}

impl Default for Studio {
    fn default() -> Self {
        Self { kept: Mutex::default(), at_work: Semaphore::new(MOST_AT_WORK) }
    }
}

impl Studio {
    /// The file, made now or before.
    pub(crate) async fn file(&self, work: &Work) -> Bytes {
        let cell = lock(&self.kept).cell(work);
        cell.get_or_init(|| self.make(work.clone())).await.clone()
    }

    async fn make(&self, work: Work) -> Bytes {
        // Never closed, so a permit always comes; without one the work would merely start earlier.
        let _permit = self.at_work.acquire().await.ok();
        let made = tokio::task::spawn_blocking(move || work.make()).await;
        made.map(Bytes::from).unwrap_or_else(|failure| {
            tracing::error!("could not make a file: {failure}");
            Bytes::new()
        })
    }
}

impl Kept {
    fn cell(&mut self, work: &Work) -> Cell {
        if let Some(cell) = self.files.get(work) {
            return Arc::clone(cell);
        }
        self.shrink();
        let cell = Cell::default();
        self.files.insert(work.clone(), Arc::clone(&cell));
        self.order.push_back(work.clone());
        cell
    }

    fn shrink(&mut self) {
        let size = |cell: &Cell| cell.get().map_or(0, Bytes::len);
        let mut bytes: usize = self.files.values().map(size).sum();
        while self.order.len() >= MOST_FILES || bytes > MOST_BYTES {
            let Some(oldest) = self.order.pop_front() else { return };
            bytes -= self.files.remove(&oldest).as_ref().map_or(0, size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(number: u32) -> Work {
        Work::Picture {
            text: String::new(),
            width: 8 + number,
            height: 8,
            seed: 1,
            format: media::PictureFormat::Png,
        }
    }

    #[tokio::test]
    async fn a_file_is_made_once_and_forgotten_late() {
        let studio = Studio::default();
        let first = studio.file(&work(0)).await;
        assert_eq!(first.as_ptr(), studio.file(&work(0)).await.as_ptr());
        assert_eq!(&first[1..4], b"PNG");
        for number in 1..=MOST_FILES as u32 {
            studio.file(&work(number)).await;
        }
        let kept = lock(&studio.kept);
        assert_eq!(kept.files.len(), MOST_FILES);
        assert!(!kept.files.contains_key(&work(0)));
    }
}
