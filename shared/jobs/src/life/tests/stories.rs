//! State, event, and what comes of them.

use super::{accepted, after, at, fault, new_job, still_running, stored};
use crate::{
    CancelKind, Event, FaultKind, Job, Mode, State, Step, Time, Webhook, advance,
    life::{AccountChange, Lost, gives_up_in_tests, when_due},
    next_step,
};
use std::time::Duration;
