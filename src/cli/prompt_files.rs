//! `prompt add` and `prompt export`: versions from files, and in files.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

use super::args::{AddPromptArgs, ExportPromptArgs};
use super::{CliError, Context, Out, out};
use crate::engine::clock;
use crate::own_files::{self, Over};
use crate::template::{FoundPrompt, prompts_in};
use crate::workbench::{AddFault, Added, ExportedPrompt, WorkbenchError};

/// A prompt with the file that it is in, as sentences name it.
struct Found {
    place: String,
    prompt: FoundPrompt,
}

/// Adds the prompts of files as versions: all of them, or none.
pub(super) fn add(context: &Context, args: &AddPromptArgs, out: &mut Out) -> Result<(), CliError> {
    let given = values(&args.variable)?;
    let mut found = Vec::new();
    for path in files(&args.files)? {
        found.extend(read(&path)?);
    }
    let mut added = Vec::new();
    for Found { prompt, .. } in &found {
        let mut values = prompt.values.clone();
        values.extend(given.clone());
        added.push(Added { file: prompt.file.clone(), values });
    }
    let mut bench = context.open(&args.session)?;
    let operation = bench.next_operation();
    let versions = bench
        .add_versions(added, args.name.as_deref(), operation, clock::now())
        .map_err(|fault| refused(fault, &found))?;
    bench.commit()?;
    let mut said: Vec<&str> = Vec::new();
    for (Found { prompt, .. }, (id, is_new)) in found.iter().zip(versions) {
        let remark = prompt.remark.as_deref().filter(|remark| !said.contains(remark));
        remark.iter().for_each(|remark| out::say(remark));
        said.extend(remark);
        let version = bench
            .projection()
            .version(id)
            .ok_or_else(|| WorkbenchError::Usage("The version was not made.".into()))?;
        let name = format!("{}@v{}", version.name, version.number);
        out.line(&format!("{name} {id}"))?;
        if !is_new {
            out::say("A version with these words is there already; nothing was added.");
        }
        bench.remarks_on_new(&name).iter().for_each(|remark| out::say(remark));
    }
    Ok(())
}

/// Returns the error for a prompt that cannot be added, with its file where there are several.
fn refused(AddFault { place, error }: AddFault, found: &[Found]) -> CliError {
    let at = found.get(place);
    if let (WorkbenchError::Prompt(_), Some(found)) = (&error, at)
        && error.to_string().contains("is not defined")
    {
        return CliError::Usage(format!(
            "{}: {error} A variable gets its values by `--variable NAME=VALUE`, or by `variables:` in a front matter. \
             Nothing was added.",
            found.place
        ));
    }
    match at {
        Some(found) => CliError::Usage(format!("{}: {error} Nothing was added.", found.place)),
        None => error.into(),
    }
}

/// Returns the values that were given on the command line.
fn values(given: &[String]) -> Result<BTreeMap<String, Vec<String>>, CliError> {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for pair in given {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(CliError::Usage(format!(
                "`{pair}` is no NAME=VALUE; write `--variable topic=bank`."
            )));
        };
        values.entry(name.to_owned()).or_default().push(value.to_owned());
    }
    Ok(values)
}

/// Returns the files, with those of a folder in the order of their names.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |error: io::Error| {
            CliError::Usage(format!("The folder {} cannot be read: {error}.", path.display()))
        };
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            inside.extend(Some(file).filter(|file| file.extension().is_some_and(|ending| ending == "j2")));
        }
        if inside.is_empty() {
            return Err(CliError::Usage(format!("The folder {} has no `.j2` file.", path.display())));
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// Reads the prompts in a file.
fn read(path: &Path) -> Result<Vec<Found>, CliError> {
    let text = crate::files::read_named(path).map_err(|error| {
        CliError::Usage(format!("The prompt file {} cannot be read: {error}.", path.display()))
    })?;
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let prompts = prompts_in(&text, &ending)
        .map_err(|error| CliError::Usage(format!("{}, {error}", path.display())))?;
    let mut found = Vec::new();
    for prompt in prompts {
        let line = prompt.line.map(|line| format!(", line {line}")).unwrap_or_default();
        let place = format!("{}{line}", path.display());
        if prompt.file.user.trim().is_empty() {
            return Err(CliError::Usage(format!(
                "{place} has no user part; write what the model is asked, after the front matter if there is one."
            )));
        }
        found.push(Found { place, prompt });
    }
    Ok(found)
}

/// Writes versions to files.
pub(super) fn export(context: &Context, args: &ExportPromptArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let prompts = bench.export_prompts(&args.references, args.all)?;
    if args.out == Path::new("-") {
        let prompt = only(&prompts, "standard output")?;
        return out.raw(prompt.text.as_bytes());
    }
    let is_file = !args.out.is_dir() && args.out.extension().is_some();
    let files: Vec<(PathBuf, &str)> = if is_file {
        let prompt = only(&prompts, &format!("the file {}", args.out.display()))?;
        vec![(args.out.clone(), &prompt.text)]
    } else {
        let file = |prompt: &ExportedPrompt| args.out.join(format!("{}.j2", prompt.stem));
        prompts.iter().map(|prompt| (file(prompt), prompt.text.as_str())).collect()
    };
    let mut written = Vec::new();
    for (path, text) in files {
        match fs::read(&path) {
            Ok(there) if there == text.as_bytes() => {}
            Ok(_) if !args.force => {
                return Err(CliError::Usage(format!(
                    "{} is there already and says something else; nothing was written. --force replaces it.",
                    path.display()
                )));
            }
            _ => written.push((path, text)),
        }
    }
    for (path, text) in &written {
        write(path, text)
            .map_err(|error| CliError::Failed(format!("{} cannot be written: {error}.", path.display())))?;
    }
    out::say(&sentence(prompts.len(), written.len(), &args.out));
    Ok(())
}

/// Returns how many versions were written, in a sentence.
fn sentence(all: usize, written: usize, out: &Path) -> String {
    let versions =
        |count: usize| if count == 1 { "1 version".to_owned() } else { format!("{count} versions") };
    let place = out.display();
    match all - written {
        0 => format!("{} written to {place}.", versions(all)),
        same if same == all => format!("{place} has {} already; nothing was written.", versions(all)),
        same => format!("{} written to {place}; {same} were there already.", versions(written)),
    }
}

/// Returns the one version to write.
fn only<'a>(prompts: &'a [ExportedPrompt], place: &str) -> Result<&'a ExportedPrompt, CliError> {
    match prompts {
        [prompt] => Ok(prompt),
        several => Err(CliError::Usage(format!(
            "There are {} versions to write, and {place} takes one; name it, or give a folder.",
            several.len()
        ))),
    }
}

/// Writes a file in one piece, with its folder.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => folder.to_owned(),
        None => env::current_dir()?,
    };
    fs::create_dir_all(&folder)?;
    let mut file = own_files::temporary(&folder, own_files::FILE)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    own_files::put(file.into_temp_path(), path, Over::Same).map(drop)
}
