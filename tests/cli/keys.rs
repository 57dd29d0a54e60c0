//! The user's own keys, `[keys.SCOPE]`, through the real binary.

use crate::home::Home;

#[test]
fn the_keys_that_are_printed_are_those_of_the_settings() {
    let home = Home::new();
    let default = home.ok(&["keys"]).out;
    assert!(default.contains("\n  t                       tag-row               Tag the row\n"), "{default}");
    assert!(default.starts_with("Rows [keys.rows]\n  a                       accept-row "), "{default}");

    home.write("own.toml", "[keys.rows]\n\"A\" = \"accept-matching\"\n\"t\" = \"none\"\n");
    let own = home.ok(&["keys", "--config", "own.toml"]).out;

    assert!(own.contains("\n  A                       accept-matching       Accept every row"), "{own}");
    let without = own.split("Without a key\n").nth(1).unwrap();
    assert!(without.contains("tag-row") && !without.contains("accept-matching"), "{own}");
}

#[test]
fn keys_that_cannot_be_used_are_told_with_file_line_and_remedy_whatever_the_command() {
    let home = Home::new();
    for (text, wanted) in [
        (
            "[keys.rwos]\n",
            "config.toml, line 1: [keys.rwos] names no place where keys go; did you mean [keys.rows]?",
        ),
        ("[keys.rows]\nA = 'acept-row'\n", "config.toml, line 2: `A` in [keys.rows] asks for `acept-row`"),
        ("[keys.rows]\n'ctl-a' = 'undo'\n", "config.toml, line 2: in [keys.rows], `ctl-a` names no key"),
        ("[keys.rows]\n\ng = 'undo'\n", "config.toml, line 3: `g` in [keys.rows] would hide `g g`"),
        (
            "[keys.prompt]\nw = 'sample'\n",
            "config.toml, line 2: `w` in [keys.prompt] could not be typed any more",
        ),
        ("[keys.rows]\nA = 'save-edit'\n", "bind it in [keys.row-editor]"),
        (
            "[keys.rows]\nA = 3\n",
            "config.toml, line 2: `A` in [keys.rows] must be text in quotation marks, not `3`",
        ),
        ("[keys]\nA = 'undo'\n", "line 2: `A` in [keys] must be a section that begins with `[keys.A]`"),
        ("[keys.rows]\nA = 'undo'\nA = 'redo'\n", "line 3: this is not valid TOML: duplicate key"),
    ] {
        home.write(".config/rowsmith/config.toml", text);
        for command in [&["keys"][..], &["rows", "tickets"]] {
            let done = home.run(command);
            assert_eq!(done.code, 2, "{done:?}");
            assert!(done.said.contains(wanted), "{wanted:?} is not in {:?}", done.said);
        }
    }
}
