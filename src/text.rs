//! Words, shingles, similarity, and text made safe for a screen.
