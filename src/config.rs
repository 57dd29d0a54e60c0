//! The session file, the user's own settings, and where things lie on disk.
