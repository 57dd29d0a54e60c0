use std::fs;

use super::*;
use crate::config::Profile;
use crate::domain::{Limits, Schema};

const LEAST: &str = "[dataset]\npath = \"a.csv\"\ntext = \"t\"\nlabel = \"l\"\n[target]\nlabel = \"spam\"\n";

fn said(text: &str) -> String {
    parse(text, Path::new("demo/session.toml")).unwrap_err().to_string()
}

fn with(more: &str) -> String {
    said(&format!("{LEAST}{more}"))
}

#[test]
fn the_bundled_session_is_read_whole() {
    let session =
        parse(include_str!("../../../sessions/tickets/session.toml"), Path::new("tickets/session.toml"))
            .unwrap();

    assert_eq!((session.name.as_str(), session.target.label.as_str()), ("tickets", "cancel"));
    assert_eq!(session.target.goal, Some(150));
    assert_eq!(session.dataset.path, Path::new("tickets.csv"));
    assert_eq!(session.dataset.id.as_deref(), Some("id"));
    assert!((session.dataset.test_fraction - 0.3).abs() < 1e-12);
    assert_eq!(session.generator, GeneratorSettings::default());
    assert_eq!(session.schema.text_bounds(), (Some(10), Some(320)));
    assert_eq!((session.variables["motive"].len(), session.variables["mood"].len()), (6, 6));
    assert_eq!(session.examples.count, 5);
    assert!(session.system.starts_with("You write short messages"));
    assert!(session.user.contains("{{ example.text }}"));
    assert!(session.guidelines.contains("Accept a row"));
}

#[test]
fn what_is_left_out_has_a_default() {
    let session = parse(LEAST, Path::new("demo/session.toml")).unwrap();

    assert_eq!(session.name, "demo");
    assert_eq!(session.generator, GeneratorSettings::default());
    assert_eq!(session.schema, Schema::default());
    assert_eq!((session.dataset.test_fraction.to_string().as_str(), session.dataset.seed), ("0.2", 42));
    assert_eq!(session.examples, ExampleSettings::default());
    assert_eq!(session.user, default_user(None, &[]));
}

#[test]
fn how_a_dataset_is_read_can_be_said() {
    let more = "separator = \"\\t\"\nquotes = \"none\"\njoin = true\nskip_unlabelled = true\n[target]";
    let session = parse(&LEAST.replace("[target]", more), Path::new("demo/session.toml")).unwrap();

    let read = session.dataset;
    assert_eq!((read.separator, read.quotes), (Some('\t'), Some(Quotes::None)));
    assert!(read.join && read.skip_unlabelled);
    for (wrong, says) in [
        ("separator = \"tab\"", "`separator` in [dataset] must be the one character between cells"),
        ("separator = \"\"", "the one character between cells"),
        ("separator = \"ü\"", "the one character between cells"),
        ("quotes = \"yes\"", "`csv`"),
        ("join = 1", "`join`"),
    ] {
        let said = said(&LEAST.replace("[target]", &format!("{wrong}\n[target]")));
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn an_unknown_key_names_its_line_and_what_was_meant() {
    assert_eq!(
        with("[generator]\nrows_per_reqest = 5\n"),
        "demo/session.toml, line 8: unknown key `rows_per_reqest` in [generator]; did you mean `rows_per_request`?"
    );
    assert_eq!(
        with("[generatr]\n"),
        "demo/session.toml, line 7: unknown key `generatr`; did you mean `generator`?"
    );
    for section in ["dataset", "target"] {
        let text = LEAST.replace(&format!("[{section}]"), &format!("[{section}]\nzzz = 1"));
        assert!(said(&text).contains(&format!("unknown key `zzz` in [{section}]")), "{}", said(&text));
    }
    assert!(with("[examples]\ncuont = 1").contains("did you mean `count`?"));
    assert!(with("[prompt]\nusers = ''").contains("did you mean `user`?"));
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(
        said("name = 'x'"),
        "demo/session.toml: the section [dataset] is missing; add it with `path = \"FILE\"`, `text = \"COL\"`, `label = \"COL\"`"
    );
    for key in ["path", "text", "label"] {
        let text = LEAST.replacen(&format!("{key} = "), &format!("# {key} = "), 1);
        let missing = format!("demo/session.toml, line 1: `{key}` is missing in [dataset]; add `{key} = ");
        assert!(said(&text).starts_with(&missing), "{}", said(&text));
    }
    let text = LEAST.replace("label = \"spam\"", "");
    assert_eq!(
        said(&text),
        "demo/session.toml, line 5: `label` is missing in [target]; add `label = \"LABEL\"`"
    );
    assert!(said(&LEAST.replace("spam", " ")).contains("line 6: `label` in [target] is empty"));
}

#[test]
fn malformed_toml_names_its_line() {
    let text = with("[generator\nprovider = \"offline\"");
    assert!(text.starts_with("demo/session.toml, line 7: this is not valid TOML: "), "{text}");
    let twice = with("[target]\nlabel = 'x'");
    assert!(
        twice.starts_with("demo/session.toml, line 7: this is not valid TOML: duplicate key `target`; "),
        "{twice}"
    );
    let twice = with("description = 'a'\ndescription = 'b'");
    assert!(twice.ends_with("duplicate key `description`; remove or rename one of the two"), "{twice}");
    let open = with("name = \"\"\"\nno end");
    assert!(open.contains("this is not valid TOML"), "{open}");
}

#[test]
fn each_wrong_value_is_shown_with_what_it_must_be() {
    for (more, says) in [
        (
            "[generator]\nprovider = 'open-ai'",
            "line 8: there is no provider `open-ai`; there are `offline`, `openai`, `anthropic`, `gemini` and `ollama`",
        ),
        (
            "[generator]\nprovider = 3",
            "line 8: `provider` in [generator] must be text in quotation marks, not `3`",
        ),
        ("[generator]\nrows_per_request = 0", "must be a whole number from 1, not `0`"),
        ("[generator]\nconcurrency = 1.5", "must be a whole number from 1, not `1.5`"),
        ("[generator]\nmax_tokens = 0", "`max_tokens` in [generator] must be a whole number from 1, not `0`"),
        ("[generator]\nrequests_per_minute = 'many'", "must be a whole number from 1, not `'many'`"),
        ("[generator]\ntokens_per_minute = 0", "must be a whole number from 1, not `0`"),
        ("[generator]\nconnect_seconds = 0", "must be a whole number from 1, not `0`"),
        ("[generator]\nfirst_byte_seconds = -3", "must be a whole number from 1, not `-3`"),
        ("[generator]\nidle_seconds = 2.5", "must be a whole number from 1, not `2.5`"),
        (
            "[generator]\nidle_secnds = 2",
            "unknown key `idle_secnds` in [generator]; did you mean `idle_seconds`?",
        ),
        ("[generator]\nbase_url = 'https://ann:s3cret@h/v1'", "`base_url` holds a password"),
        ("[generator]\nbase_url = 'https://h/v1?api_key=x'", "`base_url` holds a key behind `api_key=`"),
        (
            "[generator]\n\nprice_output = 1",
            "line 9: unknown key `price_output` in [generator]; it belongs to a profile",
        ),
        (
            "[generator]\nprovider = {}",
            "`provider` in [generator] must be text in quotation marks, not a section",
        ),
        ("[generator]\ntemperature = -0.1", "must be a number from 0, such as 1.0, not `-0.1`"),
        ("[generator]\ntemperature = nan", "must be a number from 0, such as 1.0, not `nan`"),
        ("[generator]\ntemperature = inf", "must be a number from 0, such as 1.0, not `inf`"),
        ("[generator]\ntemperature = \"hot\"", "not `\"hot\"`"),
        ("[generator]\nbase_url = 'localhost:8080'", "must be an address that begins with http://"),
        ("[generator]\nmodel = ''", "`model` in [generator] is empty; write something or leave it out"),
        ("[examples]\nstrategy = 'nearest'", "there is no strategy `nearest`; there are `random`"),
        ("[examples]\ncount = -1", "must be a whole number from 0, not `-1`"),
        ("[variables]\ntopic = []", "`topic` in [variables] is an empty list"),
        ("[variables]\ntopic = 'bank'", "`topic` in [variables] must be a list such as"),
        ("[variables]\nexamples = ['x']", "a variable cannot be called `examples`"),
        ("[prompt]\nuser = ' '", "`user` in [prompt] is empty"),
        ("[fields.tone]\ntype = 'string'", "[fields] must declare `text`"),
    ] {
        assert!(with(more).contains(says), "{more}\nsaid: {}", with(more));
    }
    for fraction in ["0", "1", "1.0", "-0.2", "nan", "'much'"] {
        let text = LEAST.replace("[target]", &format!("test_fraction = {fraction}\n[target]"));
        assert!(
            said(&text).contains("line 5: `test_fraction` in [dataset] must be a number above 0 and below 1"),
            "{fraction}"
        );
    }
    for (section, rest) in [("prompt", ""), ("target", "label = 'spam'"), ("generator", ""), ("examples", "")]
    {
        let least = LEAST.split("[target]").next().filter(|_| section == "target").unwrap_or(LEAST);
        let says = format!("`{section}` must be a section that begins with `[{section}]`, not ");
        let tables = said(&format!("{least}[[{section}]]\n{rest}"));
        assert!(tables.contains(&format!("{says}`[[{section}]]`")), "{tables}");
        for value in ["[]", "['a', 'b']", "[2]", "1979-05-27"] {
            let said = said(&format!("{section} = {value}\n{least}"));
            assert!(said.contains(&format!("line 1: {says}`{value}`")), "{said}");
        }
    }
    for value in ["{ openai = {} }", "{ openai = 1 }", "{ a = 1 }"] {
        let words = "must be text in quotation marks, not a section";
        assert!(with(&format!("[generator]\nprovider = {value}")).contains(words));
        assert!(with(&format!("[examples]\nstrategy = {value}")).contains(words));
    }
    let listed = with("[generator]\nzzzzzz = 1");
    assert!(listed.contains("`profile`") && !listed.contains("price"), "{listed}");
    assert!(said("variables = 1979-05-27").contains("`[variables]`, not `1979-05-27`"));
    assert!(
        said("dataset = 3").contains("`dataset` must be a section that begins with `[dataset]`, not `3`")
    );
}

#[test]
fn a_session_bounds_replies_and_pace_and_a_profile_comes_over_it() {
    let text = format!(
        "{LEAST}[generator]\nmax_tokens = 100\nrequests_per_minute = 60\ntokens_per_minute = 9000\n\
         connect_seconds = 5\nfirst_byte_seconds = 6\nidle_seconds = 7\n"
    );
    let session = parse(&text, Path::new("demo/session.toml")).unwrap().generator;
    let limits = Limits {
        requests_per_minute: Some(60),
        tokens_per_minute: Some(9000),
        connect_seconds: 5,
        first_byte_seconds: 6,
        idle_seconds: 7,
    };
    assert_eq!((session.max_tokens, session.limits), (Some(100), limits));

    let profile = Profile { reply_tokens: Some(9), idle_seconds: Some(70), ..Profile::default() };
    let over = profile.over(&session);
    assert_eq!((over.max_tokens, over.limits), (Some(9), Limits { idle_seconds: 70, ..limits }));
}

#[test]
fn a_key_in_place_of_its_variable_is_refused_and_not_shown() {
    let said = with("[generator]\napi_key_env = \"sk-secret-123\"");
    assert!(said.contains("never the key itself") && !said.contains("secret"), "{said}");
    let said = with("[generator]\napi_key_env = \"gsk_abcdefghijklmnopqrstuv\"");
    assert!(said.contains("never the key itself") && !said.contains("abcdef"), "{said}");
}

#[test]
fn a_session_is_loaded_from_its_folder_or_its_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE_NAME), LEAST).unwrap();

    let by_folder = load(folder.path()).unwrap();
    let by_file = load(&folder.path().join(FILE_NAME)).unwrap();

    assert_eq!(by_folder, by_file);
    assert_eq!(by_folder.folder, folder.path());
    assert_eq!(by_folder.session.target.label, "spam");
}

#[test]
fn where_no_session_is_the_sentence_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    for asked in [folder.path().to_owned(), folder.path().join("nowhere"), folder.path().join("x.toml")] {
        let said = load(&asked).unwrap_err().to_string();
        assert!(said.starts_with(&format!("There is no session at `{}`", asked.display())), "{said}");
        assert!(said.contains("rowsmith new DIR"), "{said}");
    }
    let data = folder.path().join("data.csv");
    fs::write(&data, "text,label\n").unwrap();
    assert!(matches!(load(&data), Err(ConfigError::NotASession { .. })));
}

#[test]
fn a_seed_is_one_that_every_reader_of_json_keeps() {
    let with = |seed: u64| LEAST.replace("[target]", &format!("seed = {seed}\n[target]"));
    let said = said(&with((1 << 53) + 1));
    assert!(said.contains("`seed` in [dataset] must be a whole number from 0 to 9007199254740992"), "{said}");
    assert!(parse(&with(1 << 53), Path::new("session.toml")).is_ok());
}

#[test]
fn a_prompt_that_no_editor_could_show_is_refused() {
    let session = |length: usize| {
        let text = format!(
            "[dataset]\npath = \"a.csv\"\ntext = \"text\"\nlabel = \"label\"\n[target]\nlabel = \"a\"\n[prompt]\nuser = \"{}\"\n",
            "x".repeat(length)
        );
        parse(&text, Path::new("s/session.toml"))
    };
    assert!(session(256 << 10).is_ok());
    let said = session((256 << 10) + 1).unwrap_err().to_string();
    assert!(said.contains("line 8: `user` in [prompt]") && said.contains("longer than the 256 kB"), "{said}");
}
