//! The screen's state and how messages change it; no I/O.
