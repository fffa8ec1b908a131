//! How much a process holds at a time of what is large: files of callers on their way to a vendor, and vendors' messages
//! with files in them. Jobs worked side by side wait here for each other, so that the function's memory is enough however
//! many of them a batch has. Files that stream need none of it (`cloud::Upload` has its own).
//!
//! Nobody waits in one room for another while others wait the other way round: material comes first, then messages, then
//! parts, and who has room for parts never waits again.

use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// Room for so many bytes.
pub struct Room {
    kilobytes: u32,
    free: Semaphore,
}

/// What was taken of a room, until it is dropped.
pub struct Share(SemaphorePermit<'static>);

/// For the files that callers give along. A vendor gets them in a request that holds them once more, so that twice as
/// much is in memory, and a third more where it wants base64.
pub static MATERIAL: Room = Room::of_megabytes(10);

/// For messages with a file in them. While one is read, the message and the file are both there.
pub static MESSAGES: Room = Room::of_megabytes(24);

/// For conversations that keep parts of a file until the last one is there: three at a time.
pub static PARTS: Room = Room { kilobytes: 3, free: Semaphore::const_new(3) };

impl Room {
    const fn of_megabytes(megabytes: u32) -> Room {
        Room { kilobytes: megabytes * 1024, free: Semaphore::const_new(megabytes as usize * 1024) }
    }

    /// Takes room for so many bytes if there is that much now. Who needs more than there is at all gets all of it.
    pub fn take_now(&'static self, bytes: u64) -> Option<Share> {
        self.free.try_acquire_many(self.kilobytes_of(bytes)).ok().map(Share)
    }

    /// The same, and waits for it: in the order of asking, and no longer than this.
    pub async fn take(&'static self, bytes: u64, longest: Duration) -> Option<Share> {
        let taken = timeout(longest, self.free.acquire_many(self.kilobytes_of(bytes))).await;
        taken.ok()?.ok().map(Share)
    }

    fn kilobytes_of(&self, bytes: u64) -> u32 {
        u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, self.kilobytes)
    }
}

impl Share {
    /// Gives back what is more than so many bytes.
    pub fn shrink_to(&mut self, bytes: u64) {
        let kept = usize::try_from(bytes.div_ceil(1024)).unwrap_or(usize::MAX);
        // Dropped, it is free again.
        let _rest = self.0.num_permits().checked_sub(kept).and_then(|more| self.0.split(more));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn room_is_given_out_no_more_than_once_and_comes_back() {
        static TEN: Room = Room::of_megabytes(10);
        const MB: u64 = 1024 * 1024;
        let mut large = TEN.take_now(8 * MB).unwrap();
        let small = TEN.take_now(2 * MB).unwrap();
        assert!(TEN.take_now(1).is_none());
        assert!(TEN.take(1, Duration::from_millis(10)).await.is_none());
        large.shrink_to(3 * MB);
        let next = TEN.take_now(5 * MB).unwrap();
        assert!(TEN.take_now(1).is_none());
        // Shrinking to more than it is changes nothing.
        large.shrink_to(100 * MB);
        drop((small, next, large));
        // More than there is at all is all of it.
        let all = TEN.take_now(u64::MAX).unwrap();
        assert!(TEN.take_now(1).is_none());
        drop(all);
        assert!(TEN.take(10 * MB, Duration::from_millis(10)).await.is_some());
    }
}
