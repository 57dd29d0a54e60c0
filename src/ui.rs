//! Drawing; nothing here changes anything.
