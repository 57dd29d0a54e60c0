//! The event loop, the terminal, and everything that runs beside it.
