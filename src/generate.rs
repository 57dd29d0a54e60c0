//! What turns a request into rows.
