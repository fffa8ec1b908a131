//! vendors-sim
