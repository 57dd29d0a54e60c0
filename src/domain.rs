//! The vocabulary of the workbench: prompts, versions, runs, rows, decisions.
