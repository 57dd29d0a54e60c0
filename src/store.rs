//! The journal, and the sled store that follows it.
