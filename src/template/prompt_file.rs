//! x
#[derive(Debug)]
pub struct PromptFile;
#[derive(Debug)]
pub struct PromptFileError;
