//! What the product can do, once.
