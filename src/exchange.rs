//! Rows leaving the workbench, and their JSON.
