//! The lines of requests, and their distribution to files within the limits of who takes them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{BatchError, CustomId};
use crate::domain::BatchTarget;

/// What a folder of requests says of itself, in `batch.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The program that wrote it.
    pub(crate) program: String,
    /// The session's name.
    pub(crate) session: String,
    /// The run.
    pub(crate) run: u32,
    /// Who answers.
    pub(crate) to: BatchTarget,
    /// The model that is asked.
    pub(crate) model: String,
    /// How many requests there are.
    pub(crate) requests: u64,
    /// All files of the folder but this one.
    pub(crate) files: Vec<String>,
}

/// The limits of a file of requests.
#[derive(Debug, Clone, Copy)]
struct Limits {
    requests: u64,
    bytes: usize,
    service: &'static str,
}

const fn limits(to: BatchTarget) -> Limits {
    match to {
        BatchTarget::OpenAi => Limits { requests: 50_000, bytes: 200_000_000, service: "the Batch API" },
        BatchTarget::Anthropic => {
            Limits { requests: 100_000, bytes: 256_000_000, service: "the Message Batches API" }
        }
        // It holds a file in memory.
        BatchTarget::Vllm => Limits { requests: 50_000, bytes: 200_000_000, service: "vllm run-batch" },
        // Workers take a file each.
        BatchTarget::Ray => Limits { requests: 5_000, bytes: 50_000_000, service: "Ray" },
    }
}

/// Where the requests of Ray lie within their folder: what is beside them is no request.
const FOLDER_OF_RAY: &str = "requests";

/// Writes requests to files within a folder.
pub(crate) struct Shards<'a> {
    folder: &'a Path,
    to: BatchTarget,
    path: String,
    limits: Limits,
    open: Option<Shard>,
    names: Vec<String>,
    requests: u64,
}

struct Shard {
    at: PathBuf,
    file: BufWriter<File>,
    requests: u64,
    bytes: usize,
}

#[derive(Serialize)]
struct OpenAiLine<'a> {
    custom_id: String,
    method: &'static str,
    url: &'a str,
    body: &'a RawValue,
}

#[derive(Serialize)]
struct AnthropicLine<'a> {
    custom_id: String,
    params: &'a RawValue,
}

/// What Anthropic's body begins and ends with: a file is the body of one request to the service.
const OPENING: &[u8] = b"{\"requests\":[\n";
const CLOSING: &[u8] = b"\n]}\n";

impl<'a> Shards<'a> {
    /// Begins in an empty folder; `path` is that of the requests on their server, such as `chat/completions`.
    pub(crate) fn new(folder: &'a Path, to: BatchTarget, path: &str) -> Self {
        let path = format!("/v1/{path}");
        Self { folder, to, path, limits: limits(to), open: None, names: vec![], requests: 0 }
    }

    /// Adds a request.
    ///
    /// # Errors
    ///
    /// It is larger than a file may be, or the disk refuses it.
    pub(crate) fn add(&mut self, id: &CustomId, body: &RawValue) -> Result<(), BatchError> {
        let custom_id = id.to_string();
        let line = match self.to {
            BatchTarget::Anthropic => serde_json::to_string(&AnthropicLine { custom_id, params: body }),
            _ => serde_json::to_string(&OpenAiLine { custom_id, method: "POST", url: &self.path, body }),
        };
        let line = line.map_err(|error| BatchError::io(self.folder, "written to")(error.into()))?;
        let Limits { requests, bytes: most, service } = self.limits;
        let around = OPENING.len() + CLOSING.len() + 2;
        if line.len() + around > most {
            return Err(BatchError::TooLarge { bytes: line.len(), most, service });
        }
        let is_full = |shard: &Shard| shard.requests >= requests || shard.bytes + line.len() + around > most;
        if self.open.as_ref().is_some_and(is_full) {
            self.close()?;
        }
        let is_anthropic = self.to == BatchTarget::Anthropic;
        let shard = if let Some(shard) = &mut self.open {
            shard
        } else {
            self.open.insert(Self::begin(self.folder, self.to, &mut self.names)?)
        };
        let between: &[u8] = match (is_anthropic, shard.requests) {
            (true, 0) => OPENING,
            (true, _) => b",\n",
            (false, _) => b"",
        };
        let end: &[u8] = if is_anthropic { b"" } else { b"\n" };
        for part in [between, line.as_bytes(), end] {
            shard.file.write_all(part).map_err(BatchError::io(&shard.at, "written"))?;
            shard.bytes += part.len();
        }
        shard.requests += 1;
        self.requests += 1;
        Ok(())
    }

    fn begin(folder: &Path, to: BatchTarget, names: &mut Vec<String>) -> Result<Shard, BatchError> {
        let number = names.len() + 1;
        let name = match to {
            BatchTarget::Anthropic => format!("requests-{number:04}.json"),
            BatchTarget::Ray => format!("{FOLDER_OF_RAY}/requests-{number:04}.jsonl"),
            BatchTarget::OpenAi | BatchTarget::Vllm => format!("requests-{number:04}.jsonl"),
        };
        let at = folder.join(&name);
        if to == BatchTarget::Ray && number == 1 {
            let inner = folder.join(FOLDER_OF_RAY);
            std::fs::create_dir(&inner).map_err(BatchError::io(&inner, "made"))?;
        }
        let file = File::create_new(&at).map_err(BatchError::io(&at, "made"))?;
        names.push(name);
        Ok(Shard { at, file: BufWriter::with_capacity(1 << 18, file), requests: 0, bytes: 0 })
    }

    fn close(&mut self) -> Result<(), BatchError> {
        let Some(mut shard) = self.open.take() else { return Ok(()) };
        let end: &[u8] = if self.to == BatchTarget::Anthropic { CLOSING } else { b"" };
        let written = shard.file.write_all(end).and_then(|()| shard.file.flush());
        written.and_then(|()| shard.file.get_ref().sync_all()).map_err(BatchError::io(&shard.at, "written"))
    }

    /// Ends the last file; returns the names of all, and how many requests they hold.
    ///
    /// # Errors
    ///
    /// The disk refuses it.
    pub(crate) fn finish(mut self) -> Result<(Vec<String>, u64), BatchError> {
        self.close()?;
        Ok((self.names, self.requests))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::domain::RunNumber;

    fn written(to: BatchTarget, limits: Limits, count: u32) -> (tempfile::TempDir, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let mut shards = Shards::new(dir.path(), to, "chat/completions");
        shards.limits = limits;
        let body = RawValue::from_string(r#"{"model":"m"}"#.into()).unwrap();
        for index in 0..count {
            shards.add(&CustomId::new(RunNumber(1), index, 5, &"a".repeat(64), "01234567"), &body).unwrap();
        }
        let (names, requests) = shards.finish().unwrap();
        assert_eq!(requests, u64::from(count));
        (dir, names)
    }

    fn read(dir: &tempfile::TempDir, name: &str) -> String {
        std::fs::read_to_string(dir.path().join(name)).unwrap()
    }

    #[test]
    fn files_are_full_at_their_limit_of_requests() {
        let few = Limits { requests: 2, bytes: 1 << 20, service: "a test" };
        let (dir, names) = written(BatchTarget::OpenAi, few, 5);

        assert_eq!(names, ["requests-0001.jsonl", "requests-0002.jsonl", "requests-0003.jsonl"]);
        let lines: Vec<Value> = names
            .iter()
            .flat_map(|name| {
                read(&dir, name)
                    .lines()
                    .map(|line| serde_json::from_str(line).unwrap())
                    .collect::<Vec<Value>>()
            })
            .collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0]["custom_id"], "rowsmith-R1-0-5-aaaaaaaaaaaa-01234567");
        assert_eq!((&lines[4]["method"], &lines[4]["url"]), (&"POST".into(), &"/v1/chat/completions".into()));
        assert_eq!(lines[4]["body"]["model"], "m");
    }

    #[test]
    fn files_stay_within_their_bytes_and_a_larger_request_is_refused() {
        let small = Limits { requests: 100, bytes: 400, service: "a test" };
        for to in [BatchTarget::Vllm, BatchTarget::Anthropic] {
            let (dir, names) = written(to, small, 9);
            assert!(names.len() > 2, "{names:?}");
            assert!(names.iter().all(|name| read(&dir, name).len() <= 400));
        }
        let dir = tempfile::tempdir().unwrap();
        let mut shards = Shards::new(dir.path(), BatchTarget::OpenAi, "messages");
        shards.limits = Limits { bytes: 90, ..small };
        let body = RawValue::from_string("{}".into()).unwrap();
        let refused = shards.add(&CustomId::new(RunNumber(1), 0, 5, &"a".repeat(64), "01234567"), &body);
        assert!(matches!(refused, Err(BatchError::TooLarge { most: 90, .. })), "{refused:?}");
    }

    #[test]
    fn a_file_for_anthropic_is_the_body_of_its_request() {
        let few = Limits { requests: 2, bytes: 1 << 20, service: "a test" };
        let (dir, names) = written(BatchTarget::Anthropic, few, 3);

        assert_eq!(names, ["requests-0001.json", "requests-0002.json"]);
        let first: Value = serde_json::from_str(&read(&dir, &names[0])).unwrap();
        assert_eq!(first["requests"].as_array().unwrap().len(), 2);
        assert_eq!(first["requests"][1]["params"]["model"], "m");
        let last: Value = serde_json::from_str(&read(&dir, &names[1])).unwrap();
        assert_eq!(last["requests"].as_array().unwrap().len(), 1);
    }
}
