//! A bounded collection by id: the oldest things make room for new ones.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Locks, whatever happened to a holder before: all our data is whole between two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Things by id, in the order of their coming.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    by_id: HashMap<String, Arc<T>>,
    order: VecDeque<String>,
    most: usize,
}

impl<T> Shelf<T> {
    pub(crate) fn holding(most: usize) -> Self {
        Self { by_id: HashMap::new(), order: VecDeque::new(), most }
    }

    /// Puts a thing on the shelf. Returns what fell off.
    pub(crate) fn put(&mut self, id: String, thing: Arc<T>) -> Option<Arc<T>> {
        if self.by_id.insert(id.clone(), thing).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() <= self.most {
            return None;
        }
        let oldest = self.order.pop_front()?;
        self.by_id.remove(&oldest)
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<T>> {
        self.by_id.get(id).cloned()
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<T>> {
        self.order.retain(|other| other != id);
        self.by_id.remove(id)
    }

    /// The newest first.
    pub(crate) fn newest(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> {
        self.order.iter().rev().filter_map(|id| self.by_id.get(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_falls_off() {
        let mut shelf = Shelf::holding(2);
        for number in 0..3 {
            shelf.put(number.to_string(), Arc::new(number));
        }
        assert!(shelf.get("0").is_none());
        assert_eq!(shelf.newest().map(|number| **number).collect::<Vec<_>>(), [2, 1]);
        shelf.remove("2");
        assert_eq!(shelf.newest().map(|number| **number).collect::<Vec<_>>(), [1]);
    }
}
