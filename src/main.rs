//! The `rowsmith` program.

fn main() {}
