//! The command line: arguments in, documents and exit codes out.
