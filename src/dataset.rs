//! The user's own labelled data: read once, split once.
