use std::path::Path;

use super::*;
use crate::app::fixtures::Harness;
use crate::app::guide::help;
use crate::app::keymap::Found;
use crate::config::UserConfig;
use crate::domain::StateKind;

fn keymap(text: &str) -> Result<Keymap, WrongKey> {
    Keymap::with_own(&UserConfig::parse(text, Path::new("config.toml")).unwrap().keys)
}

fn said(text: &str) -> (usize, String) {
    let wrong = keymap(text).unwrap_err();
    (wrong.line, wrong.message)
}

#[test]
fn without_keys_of_the_users_own_the_default_ones_hold() {
    assert_eq!(keymap("theme = 'mono'\n"), Ok(Keymap::default()));
    assert_eq!(keymap("[keys.rows]\n"), Ok(Keymap::default()));
}

#[test]
fn a_key_is_added_bound_to_another_command_or_taken_away() {
    let keymap =
        keymap("[keys.rows]\nA = 'accept-row'\nx = 'skip-row'\nt = 'none'\n'g a' = 'accept-matching'\n")
            .unwrap();
    let find = |keys: &str| {
        let keys: Vec<Key> = keys.split(' ').map(|key| key.parse().unwrap()).collect();
        keymap.find(Context::Rows.chain(), &keys)
    };

    assert_eq!(find("A"), Found::Command(Command::AcceptRow));
    assert_eq!(find("a"), Found::Command(Command::AcceptRow));
    assert_eq!(find("x"), Found::Command(Command::SkipRow));
    assert_eq!(find("t"), Found::Nothing);
    assert_eq!(find("g"), Found::Prefix);
    assert_eq!(find("g a"), Found::Command(Command::AcceptMatching));
    assert_eq!(keymap.keys_of(Command::AcceptRow), ["A", "a"]);
    assert_eq!(keymap.keys_of(Command::SkipRow), ["x", "space"]);
    assert_eq!(keymap.keys_in(Context::Rows.chain(), Command::RejectRow), Vec::<String>::new());
    assert_eq!(help(&keymap)[0].rows[0].keys, "A, a");
}

#[test]
fn a_key_that_was_taken_away_may_begin_others() {
    let text =
        "[keys.bench]\n'c' = 'none'\n[keys.rows]\n'c a' = 'accept-matching'\n'c x' = 'reject-matching'\n";
    assert!(keymap(text).is_ok());
}

#[test]
fn every_default_line_may_be_written_again() {
    let default = Keymap::default();
    let quoted = |binding: &Binding| format!("{:?} = {:?}\n", binding.written(), binding.command.name());
    for scope in Scope::ALL {
        let of = default.bindings().iter().filter(|binding| binding.scope == scope);
        let lines: String = of.map(quoted).collect();
        assert_eq!(keymap(&format!("[keys.{}]\n{lines}", scope.name())), Ok(default.clone()));
    }
}

#[test]
fn unknown_names_are_told_with_their_line_and_what_was_meant() {
    let text = "\n[keys.rwos]\n";
    assert_eq!(
        said(text),
        (2, "[keys.rwos] names no place where keys go; did you mean [keys.rows]?".to_owned())
    );
    assert!(said("[keys.sky]\na = 'undo'").1.contains("there are `rows`, `bench`, `anywhere`"));
    let wrong = said("[keys.rows]\n\nA = 'acept-row'");
    let words = "`A` in [keys.rows] asks for `acept-row`, which is no command; did you mean `accept-row`?";
    assert_eq!(wrong, (3, words.to_owned()));
    assert!(said("[keys.rows]\nA = 'fly'").1.contains("`rowsmith keys` lists the commands"));
    assert!(said("[keys.rows]\nA = ''").1.contains("`none` takes a key away"));
    let (line, words) = said("[keys.rows]\nA = 'undo'\n'pagedown' = 'undo'");
    assert_eq!(line, 3);
    assert!(words.starts_with("in [keys.rows], `pagedown` names no key") && words.contains("`page-down`?"));
    assert!(said("[keys.rows]\n'' = 'undo'").1.contains("`` names no key"));
}

#[test]
fn keys_in_each_others_way_are_refused() {
    let twice = "[keys.rows]\n'ctrl-a' = 'undo'\n'ctrl-A' = 'redo'\n";
    let words = "`ctrl-a` in [keys.rows] is bound in line 2 already; take one of the two out";
    assert_eq!(said(twice), (3, words.to_owned()));
    // `g b` is of another table, and works in the same place.
    let (line, words) = said("[keys.bench]\ng = 'undo'");
    assert_eq!(line, 2);
    assert!(words.contains("`g` in [keys.bench] would hide `g g`, which asks for `first-row`"), "{words}");
    assert!(words.ends_with("with `\"g g\" = \"none\"` in [keys.rows]"), "{words}");
    let (_, words) = said("[keys.rows]\n'u u' = 'undo'");
    assert!(words.contains("cannot be pressed to its end: `u` asks for `undo` before"), "{words}");
    let (line, words) = said("[keys.rows]\n'v v' = 'undo'\nv = 'redo'");
    assert!(line == 2 && words.contains("`v` asks for `redo` before"), "{words}");
    assert!(said("[keys.rows]\nZ = 'none'").1.contains("no command that could be taken away"));
}

#[test]
fn a_command_that_does_nothing_there_is_refused() {
    let (line, words) = said("[keys.rows]\nA = 'save-edit'");
    assert_eq!(
        (line, words.as_str()),
        (
            2,
            "`A` in [keys.rows] asks for `save-edit`, which does nothing there; bind it in [keys.row-editor]",
        )
    );
    assert!(keymap("[keys.prompt]\n'f2' = 'sample'\n'f3' = 'show-commands'\n'f4' = 'undo-typing'").is_ok());
    assert!(keymap("[keys.rows]\nJ = 'scroll-down'\n'f2' = 'show-help'").is_ok());
    assert!(keymap("[keys.question]\nz = 'accept-row'").is_err());
}

#[test]
fn a_key_that_types_is_refused_where_people_type() {
    for scope in ["prompt", "typing", "everywhere"] {
        let (line, words) = said(
            &format!("[keys.{scope}]\nw = 'show-help'")
                .replace("typing]\nw = 'show-help", "typing]\nw = 'line-end"),
        );
        assert_eq!(line, 2);
        assert!(words.contains("could not be typed any more; bind a key such as `ctrl-x`"), "{words}");
    }
    // The blank is bound in the settings, where nothing needs one.
    assert!(keymap("[keys.settings]\nspace = 'next-value'").is_ok());
}

#[test]
fn the_last_key_out_of_a_place_is_kept() {
    let (line, words) = said("[keys.question]\nesc = 'none'\nn = 'none'");
    assert_eq!(
        (line, words.as_str()),
        (
            2,
            "`esc` in [keys.question] is the last key for `answer-no`, and without one there is no way out; bind \
             another key to `answer-no` in [keys.question] as well",
        )
    );
    for (taken, command) in [
        ("[keys.question]\ny = 'none'\nenter = 'answer-no'", "answer-yes"),
        ("[keys.overlay]\nesc = 'none'\nq = 'none'\nenter = 'none'\n'?' = 'none'", "close"),
        ("[keys.line]\nesc = 'none'", "leave-line"),
        ("[keys.line]\nesc = 'confirm-line'", "leave-line"),
        ("[keys.settings]\nesc = 'none'", "leave-settings"),
        ("[keys.row-editor]\nesc = 'none'", "leave-row-editor"),
        ("[keys.prompt]\nesc = 'none'", "leave-editor"),
        ("[keys.everywhere]\n'ctrl-c' = 'none'", "stop-or-quit"),
        ("[keys.rows]\n'ctrl-c' = 'undo'\n[keys.anywhere]\nq = 'none'", "stop-or-quit"),
    ] {
        let (_, words) = said(taken);
        assert!(words.contains(&format!("is the last key for `{command}`")), "{taken}\n{words}");
    }
    for kept in [
        "[keys.question]\nesc = 'none'\ny = 'none'",
        "[keys.line]\nesc = 'none'\n'ctrl-q' = 'leave-line'",
        "[keys.everywhere]\n'ctrl-c' = 'none'\n'ctrl-q' = 'stop-or-quit'",
        "[keys.anywhere]\nq = 'none'",
    ] {
        assert!(keymap(kept).is_ok(), "{kept}\n{:?}", keymap(kept));
    }
}

#[test]
fn keys_and_arguments_that_could_not_work_are_told() {
    assert!(said("[keys.rows]\n' ' = 'undo'").1.ends_with("did you mean `space`?"));
    for (key, sent) in [("ctrl-i", "tab"), ("ctrl-m", "enter"), ("ctrl-[", "esc"), ("ctrl-I", "tab")] {
        let (_, words) = said(&format!("[keys.rows]\n'{key}' = 'undo'"));
        assert!(words.contains(&format!("as `{sent}`; bind another key")), "{words}");
    }
    let words = "`Z` in [keys.rows] asks for `goto 41`, but a key runs a command without an argument; write `goto` \
                 alone, or give the argument in the palette";
    assert_eq!(said("[keys.rows]\nZ = 'goto 41'").1, words);
}

#[test]
fn a_rebound_key_works_and_is_what_footer_help_and_palette_show() {
    let mut harness = Harness::with_rows(3);
    harness.model.keymap = keymap("[keys.rows]\nK = 'accept-row'\na = 'none'\n'B s' = 'skip-row'").unwrap();

    harness.keys("a K B");

    let state = |row: u32| harness.model.shown().state(crate::domain::RowNumber(row)).kind();
    assert_eq!((state(0), state(1)), (StateKind::Accepted, StateKind::Pending));
    let next: Vec<_> =
        harness.model.which_key().into_iter().map(|(key, command)| (key.to_string(), command)).collect();
    assert_eq!(next, [("s".to_owned(), Command::SkipRow)]);
    let hints = harness.model.hints();
    assert_eq!((hints[0].keys.as_str(), hints[0].label), ("K", "accept"));
    assert_eq!(help(&harness.model.keymap)[0].rows[0].keys, "K");
}
