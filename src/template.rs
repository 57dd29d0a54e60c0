//! Prompt templates: checked, rendered and coloured.
