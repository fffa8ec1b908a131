//! What is stored is read back.
