//! The figures a person judges a prompt by.
