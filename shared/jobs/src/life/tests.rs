//! Stories of one job, and every order of events.
