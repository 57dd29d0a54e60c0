//! Tests that an error in a YAML front matter names what is really wrong.

use super::*;

#[test]
fn a_line_that_is_not_indented_like_the_one_before_it_is_told_so() {
    let unlike = |front: &str, line: usize, what: &str| {
        let message = format!(
            "This line is not indented like the {what} before it; begin both with the same number of blanks."
        );
        assert_fails(&format!("---\n{front}\n---\n"), line, &message);
    };
    unlike("variables:\n  a: [x]\n   b: [y]", 4, "key");
    unlike("variables:\n    a: [x]\n  b: [y]", 4, "key");
    unlike("variables:\n    a: [x]\n  b:\n    - y", 4, "key");
    unlike("  system: a\nlabel: b", 3, "key");
    unlike("variables:\n  a:\n    - x\n   - y", 5, "item");
}

#[test]
fn the_character_that_needs_quotes_is_named() {
    let quotes = |value: &str, first: char| {
        let message = format!("A text that begins with `{first}` must stand in quotes.");
        assert_fails(&format!("---\nvariables:\n  a: {value}\n---\n"), 3, &message);
    };
    quotes("[&x y]", '&');
    quotes("[z, !t y]", '!');
    quotes("&x [y]", '&');
    quotes("[{x: y}]", '{');
}

#[test]
fn a_list_or_keys_where_none_can_stand_are_told_so() {
    let told = |front: &str, line: usize, message: &str| {
        assert_fails(&format!("---\n{front}\n---\n"), line, message);
    };
    told("system:\n  - a", 3, "`system` is one text, not a list; write its value after `system:`.");
    told("label:\n  a: b", 3, "`label` has no keys of its own; write its value after `label:`.");
    told("variables:\n  a:\n    b: c", 4, "`a` has no keys of its own; write its value after `a:`.");
    let keys = "An item is one text, not keys with values; put it in quotes.";
    told("variables:\n  a:\n    - x: y\n      z: w", 4, keys);
    told("variables:\n  a: ['x': y]", 3, "A comma is missing in the list before `: y]`.");
    let after = "`: y` stands after the end of the value; delete it.";
    told("variables:\n  a:\n    - 'x': y", 4, after);
}

#[test]
fn a_tab_before_the_text_of_a_block_and_a_line_without_a_key_are_told_so() {
    let tab = "The line is indented with a tab; use blanks.";
    assert_fails("---\nsystem: |\n\ta\n---\n", 3, tab);
    assert_fails("---\nsystem: |-\n\n\ta\n---\n", 4, tab);
    assert_fails("---\nsystem: |\n  a\nlabel: |\n\t\n  b\n---\n", 5, tab);
    let no_key = "`: : :` is no `key: value`; write a key and a colon with a blank after it.";
    assert_fails("---\n: : :\n---\n", 2, no_key);
}
