use std::collections::HashSet;

use super::*;

#[test]
fn names_are_unique_and_kebab_case_and_every_command_is_explained() {
    let mut names = HashSet::new();
    for command in Command::ALL {
        let name = command.name();
        assert!(names.insert(name), "{name} is there twice");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
        assert!(!command.doc().is_empty() && !command.doc().ends_with('.'), "{name}");
        assert_eq!(name.parse(), Ok(*command));
    }
}

#[test]
fn a_name_that_no_command_has_is_refused() {
    assert_eq!("fly".parse::<Command>().unwrap_err().to_string(), "There is no command `fly`.");
}

#[test]
fn every_scope_has_a_table_of_its_name() {
    for scope in Scope::ALL {
        assert_eq!(Scope::from_name(scope.name()), Some(scope));
        let keymap = crate::app::Keymap::default();
        assert!(keymap.bindings().iter().any(|binding| binding.scope == scope), "{scope:?} has no key");
    }
}
