//! Whole orders through the whole catalogue.
