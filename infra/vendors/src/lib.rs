//! What an operator does about vendors: reads what each can do ([`page`]), and sees with a key of their own whether what we
//! believe of it is so ([`check`]).

pub mod cheapest;
pub mod check;
pub mod files;
pub mod page;
pub mod verdict;
