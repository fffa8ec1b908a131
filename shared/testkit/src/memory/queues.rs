//! Letters, kept in the order in which they were sent.

use super::{Memory, Operation, Sent};
use jobs::{
    AccountId, Letter,
    life::LONGEST_DELAY,
    ports::{Address, Queues, Trouble},
};
use std::time::Duration;

impl Queues for Memory {
    async fn send(
        &self,
        to: &Address,
        letter: &Letter,
        account: &AccountId,
        delay: Duration,
    ) -> Result<(), Trouble> {
        self.call(Operation::Send, "could not send letter", |held| {
            let delay = delay.min(LONGEST_DELAY);
            held.letters.push(Sent {
                to: to.clone(),
                letter: letter.clone(),
                account: account.clone(),
                delay,
            });
            Ok(())
        })
    }
}
