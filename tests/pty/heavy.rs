//! Prompts whose rendering would not end: the screen goes on, and the preview is right once they are mended.

use std::time::{Duration, Instant};

use crate::terminal::Terminal;
use crate::{LARGE, command};

/// A template that strips a long text of each of many characters.
fn heavy() -> String {
    "Heavy {% set x = 'a' * 500000 %}{{ x.strip('b' * 500000 ~ 'a') }}".to_owned()
}

/// A template as long as that, which strips nothing.
fn light() -> String {
    heavy().replace("x.strip('b' * 500000 ~ 'a')", "n")
}

/// Opens the bundled session with a prompt, as if somebody else had written it.
fn with_prompt(prompt: &str) -> (tempfile::TempDir, Terminal) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path();
    assert_eq!(command(path, &["sample", "tickets", "-n", "5"]).0, 0);
    std::fs::write(path.join("edited.md"), prompt).unwrap();
    let editor = path.join("editor");
    std::fs::write(&editor, "#!/bin/sh\ncat \"$HOME/edited.md\" > \"$1\"\n").unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&editor, executable).unwrap();
    let editor = editor.to_str().unwrap();
    let mut terminal = Terminal::start_with(path, &["open", "tickets"], LARGE, &[("EDITOR", editor)]);
    terminal.until("5 pending");
    terminal.until("saved ✓");
    terminal.press("i");
    terminal.until("typing");
    terminal.press("\x05");
    terminal.until("Heavy");
    (home, terminal)
}

/// Types twenty words and returns how long it usually took until the screen showed one, after looking at the memory.
#[track_caller]
fn typed(terminal: &mut Terminal) -> Duration {
    let mut times: Vec<_> = (0..20)
        .map(|number| {
            let word = format!("w{number:02} ");
            let began = Instant::now();
            terminal.press(&word);
            terminal.until(&word);
            let took = began.elapsed();
            let memory: u64 = family(terminal.pid()).iter().map(|(_, memory)| memory).sum();
            assert!(memory < 200 * 1024, "{memory} KB");
            took
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

/// Returns the processes that a process started, with their memory in KB.
fn family(parent: u32) -> Vec<(u32, u64)> {
    let field = |status: &str, name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let is_member = pid == parent || field(&status, "PPid:") == Some(parent.into());
        is_member.then_some((pid, field(&status, "VmRSS:").unwrap_or(0)))
    });
    processes.collect()
}

#[test]
fn typing_goes_on_beside_a_prompt_that_does_not_end_and_the_preview_recovers() {
    let (_light, mut terminal) = with_prompt(&light());
    let usual = typed(&mut terminal);
    drop(terminal);
    let (home, mut terminal) = with_prompt(&heavy());
    let beside = typed(&mut terminal);
    // On a busy machine, the usual prompt of a debug build takes its time too.
    assert!(beside < Duration::from_millis(100).max(usual * 2), "{beside:?}, and usually {usual:?}");

    // Beside other tests it may get too little of the processor to work for two seconds.
    let ends = ["took longer than 2 s and was stopped", "because the machine is busy"];
    terminal.until_true("an end", |text| ends.iter().any(|end| text.contains(end)));
    let busy = family(terminal.pid());
    assert!(busy.len() <= 2, "what took too long is gone: {busy:?}");

    // All of the text is replaced.
    std::fs::write(home.path().join("edited.md"), "Mended: {% set a = n * 2 %}{{ a }} rows.").unwrap();
    let began = Instant::now();
    terminal.press("\x05");
    terminal.until("Mended: 10 rows.");
    assert!(began.elapsed() < Duration::from_millis(1_500), "{:?}", began.elapsed());
}

#[test]
fn a_prompt_is_mended_while_the_one_before_still_renders() {
    let (home, mut terminal) = with_prompt(&heavy());
    terminal.press("x");
    std::fs::write(home.path().join("edited.md"), "Mended: {% set a = n * 2 %}{{ a }} rows.").unwrap();
    let began = Instant::now();
    terminal.press("\x05");
    terminal.until("Mended: 10 rows.");
    assert!(began.elapsed() < Duration::from_millis(1_900), "it was not waited for: {:?}", began.elapsed());
}

#[test]
fn leaving_does_not_wait_for_a_rendering_and_nothing_stays_behind() {
    let (_home, mut terminal) = with_prompt(&heavy());
    terminal.press("x");
    std::thread::sleep(Duration::from_millis(300));
    let family = family(terminal.pid());
    assert!(family.len() > 1, "it is being rendered");
    let began = Instant::now();
    terminal.signal("TERM");
    terminal.ended();
    assert!(began.elapsed() < Duration::from_millis(1_900), "{:?}", began.elapsed());

    let is_there = |pid: u32| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.contains("rowsmith") || status.contains("exe")
    };
    let began = Instant::now();
    while family.iter().any(|(pid, _)| is_there(*pid)) {
        assert!(began.elapsed() < Duration::from_secs(5), "{family:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_rendering_ends_at_once_where_the_workbench_was_killed() {
    let (_home, mut terminal) = with_prompt(&heavy());
    terminal.press("x");
    std::thread::sleep(Duration::from_millis(300));
    let workbench = terminal.pid();
    let worker =
        family(workbench).into_iter().find(|(pid, _)| *pid != workbench).expect("it is being rendered").0;
    let began = Instant::now();
    terminal.signal("KILL");
    let is_there = || std::fs::read(format!("/proc/{worker}/cmdline")).is_ok_and(|words| !words.is_empty());
    while is_there() {
        assert!(began.elapsed() < Duration::from_secs(1), "it goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_rendering_that_is_killed_from_outside_is_told_and_the_next_one_works() {
    let (home, mut terminal) = with_prompt(&heavy());
    let began = Instant::now();
    let worker = loop {
        let found = family(terminal.pid()).into_iter().find(|(pid, _)| *pid != terminal.pid());
        if let Some((pid, _)) = found {
            break pid;
        }
        assert!(began.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(5));
    };
    let killed = std::process::Command::new("kill").args(["-9", &worker.to_string()]).status().unwrap();
    assert!(killed.success());
    terminal.until("and was stopped");
    std::fs::write(home.path().join("edited.md"), "Mended: {% set a = n * 2 %}{{ a }} rows.").unwrap();
    terminal.press("\x05");
    terminal.until("Mended: 10 rows.");
}
