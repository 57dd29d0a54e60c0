use std::time::Duration;

use super::*;
use crate::text::Stop as Stopper;

/// A person's settings with one profile for each kind.
const CONFIG: &str = "[profiles.gate]\nbase_url = 'https://gate.example/v1'\nmodel = 'm'\napi_key_env = 'GATE_KEY'\n\
    [profiles.printed]\nbase_url = 'https://gate.example/v1'\nmodel = 'm'\napi_key_cmd = 'echo printed'\n\
    [profiles.work]\nprovider = 'openai'\nmodel = 'gpt-4o'\napi_key_cmd = 'echo k'\n\
    [profiles.model]\nmodel = 'other'\n";

/// What may happen to a key.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// This variable's key is sent to this server, unasked.
    Sent(&'static str),
    /// Nothing is sent before this was allowed for this server.
    Asked(&'static str, &'static str),
    /// No key is sent.
    Nothing,
}

use Fate::{Asked, Nothing, Sent};

/// A session in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
    config: UserConfig,
    allowed: Allowances,
}

impl Place {
    fn new(dotenv: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), dotenv).unwrap();
        let config = UserConfig::parse(CONFIG, Path::new("config.toml")).unwrap();
        Self { folder, config, allowed: Allowances::default() }
    }

    fn around(&self) -> Surroundings<'_> {
        let limit = Duration::from_secs(20);
        Surroundings {
            folder: Some(self.folder.path()),
            config: &self.config,
            allowed: &self.allowed,
            network: true,
            patience: Patience { limit, silent: limit, say: Arc::new(|| ()), stop: Stopper::never() },
        }
    }

    /// Returns the settings of a session file with these lines in its `[generator]`.
    fn session(&self, lines: &str) -> GeneratorSettings {
        let text = format!(
            "[dataset]\npath = 'd.csv'\ntext = 't'\nlabel = 'l'\n[target]\nlabel = 'x'\n[generator]\n{lines}\n"
        );
        std::fs::write(self.folder.path().join("session.toml"), &text).unwrap();
        load(self.folder.path()).unwrap().session.generator
    }

    fn prepare(
        &self,
        lines: &str,
        profile: Option<&str>,
        flags: &Overrides,
    ) -> Result<Prepared, WorkbenchError> {
        prepare(&self.around(), &self.session(lines), profile, flags)
    }
}

/// Returns whether the environment of the tests leaves these variables to the files of a test.
fn is_clean() -> bool {
    let names =
        ["SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "OPENAI_API_KEY"];
    let unset = |name: &&str| std::env::var_os(name).is_none_or(|value| value.is_empty());
    names
        .iter()
        .chain(&["OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GEMINI_BASE_URL", "OLLAMA_HOST"])
        .all(unset)
}

/// Returns what happens to the key of prepared settings.
fn fate(prepared: Result<Prepared, WorkbenchError>) -> Fate {
    let leak = |text: String| -> &'static str { text.leak() };
    match prepared {
        Err(WorkbenchError::NotAllowed(wanted)) => {
            let secret = match wanted.secret {
                Secret::Variable(name) => name,
                Secret::Command(command) => format!("$({command})"),
            };
            Asked(leak(secret), leak(wanted.server))
        }
        Err(error) => panic!("{error}"),
        Ok(prepared) => match prepared.provider(ProviderOptions::default()) {
            Ok(generator) => generator.key_from().map_or(Nothing, |from| Sent(leak(from.to_owned()))),
            Err(_) => Nothing,
        },
    }
}

fn at(url: &str) -> Overrides {
    Overrides { base_url: Some(url.to_owned()), ..Overrides::default() }
}

const OPENAI: &str = "provider = 'openai'\nmodel = 'm'\n";
const THEIRS: &str = "provider = 'openai'\nmodel = 'm'\nbase_url = 'https://theirs.example/v1'\n";
const LOCAL: &str = "provider = 'openai'\nmodel = 'm'\nbase_url = 'http://127.0.0.1:8080/v1'\n";

/// What the environment of a test process does not set by itself: the variables of these tests stand in a `.env`.
const KEYS: &str = "OPENAI_API_KEY=one\nGATE_KEY=two\nAWS_SECRET_ACCESS_KEY=three\nAZURE_OPENAI_API_KEY=four\n\
    OPENROUTER_API_KEY=five\nOLLAMA_API_KEY=six\n";

#[test]
fn a_sessions_files_send_no_key_that_nobody_allowed() {
    let none = Overrides::default();
    let place = Place::new(KEYS);
    let named = |lines: &str, name: &str| format!("{lines}api_key_env = '{name}'");
    for (lines, expected) in [
        // The provider's own variable goes to the provider.
        (OPENAI.to_owned(), Sent("OPENAI_API_KEY")),
        (named(OPENAI, "OPENAI_API_KEY"), Sent("OPENAI_API_KEY")),
        (format!("{OPENAI}base_url = 'https://api.openai.com/v1'"), Sent("OPENAI_API_KEY")),
        (format!("{OPENAI}base_url = 'https://openrouter.ai/api/v1'"), Sent("OPENROUTER_API_KEY")),
        // Another variable does not, and neither does it go to a host that only looks like it.
        (named(OPENAI, "AWS_SECRET_ACCESS_KEY"), Asked("AWS_SECRET_ACCESS_KEY", "https://api.openai.com")),
        (named(OPENAI, "HOME"), Asked("HOME", "https://api.openai.com")),
        (named(OPENAI, "PATH"), Asked("PATH", "https://api.openai.com")),
        (format!("{OPENAI}base_url = 'http://api.openai.com/v1'"), Nothing),
        (format!("{OPENAI}base_url = 'https://api.openai.com.theirs.example/v1'"), Nothing),
        (
            format!(
                "{OPENAI}base_url = 'https://theirs.openai.azure.com/openai/deployments/d?api-version=1'"
            ),
            Asked("AZURE_OPENAI_API_KEY", "https://theirs.openai.azure.com"),
        ),
        // A usual key goes to no server that the session names; one that it names is asked for.
        (THEIRS.to_owned(), Nothing),
        (LOCAL.to_owned(), Nothing),
        ("provider = 'ollama'\nmodel = 'm'\nbase_url = 'http://theirs.example/v1'\n".to_owned(), Nothing),
        ("provider = 'anthropic'\nmodel = 'm'\nbase_url = 'http://theirs.example/v1'\n".to_owned(), Nothing),
        (named(THEIRS, "OPENAI_API_KEY"), Asked("OPENAI_API_KEY", "https://theirs.example")),
        (named(THEIRS, "AWS_SECRET_ACCESS_KEY"), Asked("AWS_SECRET_ACCESS_KEY", "https://theirs.example")),
        (named(LOCAL, "GATE_KEY"), Asked("GATE_KEY", "http://127.0.0.1:8080")),
        // A command is asked for before it runs, wherever its key would go.
        (format!("{OPENAI}api_key_cmd = 'exit 7'"), Asked("$(exit 7)", "https://api.openai.com")),
        (format!("{THEIRS}api_key_cmd = 'exit 7'"), Asked("$(exit 7)", "https://theirs.example")),
        // A profile's server and key stand together.
        ("profile = 'gate'".to_owned(), Sent("GATE_KEY")),
        (format!("{THEIRS}profile = 'gate'"), Sent("GATE_KEY")),
        (named(&format!("{THEIRS}profile = 'gate'\n"), "AWS_SECRET_ACCESS_KEY"), Sent("GATE_KEY")),
        (format!("{THEIRS}profile = 'printed'"), Sent("OPENAI_API_KEY")),
        // One without a server leaves the session's, and with it the session's rules.
        (format!("{THEIRS}profile = 'model'"), Nothing),
        (
            named(&format!("{THEIRS}profile = 'model'\n"), "GATE_KEY"),
            Asked("GATE_KEY", "https://theirs.example"),
        ),
    ] {
        assert_eq!(fate(place.prepare(&lines, None, &none)), expected, "{lines}");
    }
}

#[test]
fn a_profile_of_a_key_alone_gives_it_to_no_server_of_a_session() {
    let place = Place::new(KEYS);
    let text = "[profiles.alone]\napi_key_env = 'GATE_KEY'\n";
    let config = UserConfig::parse(text, Path::new("config.toml")).unwrap();
    let place = Place { config, ..place };

    let outcome = place.prepare(&format!("{THEIRS}profile = 'alone'"), None, &Overrides::default());

    assert!(matches!(outcome, Err(WorkbenchError::Config(_))));
}

#[test]
fn what_a_person_names_themself_is_allowed_there_and_a_sessions_variable_is_not() {
    let place = Place::new(KEYS);
    let typed = at("https://mine.example/v1");
    for (lines, profile, flags, expected) in [
        ("", None, &typed, Sent("OPENAI_API_KEY")),
        (THEIRS, None, &typed, Sent("OPENAI_API_KEY")),
        (THEIRS, Some("gate"), &Overrides::default(), Sent("GATE_KEY")),
        (THEIRS, Some("gate"), &at("https://gate.example/v2"), Sent("GATE_KEY")),
        (THEIRS, Some("gate"), &at("https://other.example/v2"), Sent("OPENAI_API_KEY")),
        // The same server as the session's: the variable is still the session's choice.
        (
            "provider = 'openai'\nmodel = 'm'\nbase_url = 'https://mine.example/v2'\napi_key_env = 'GATE_KEY'\n",
            None,
            &typed,
            Asked("GATE_KEY", "https://mine.example"),
        ),
    ] {
        assert_eq!(fate(place.prepare(lines, profile, flags)), expected, "{lines} {profile:?} {flags:?}");
    }
    let named = place.prepare(THEIRS, None, &typed).unwrap().named.unwrap();
    assert_eq!(named.server, "https://mine.example", "it is remembered for the run that goes on");
}

#[test]
fn what_was_chosen_at_an_earlier_use_lies_in_the_folder_and_counts_as_the_sessions() {
    let place = Place::new(KEYS);
    let mut settings = place.session(OPENAI);

    at("https://theirs.example/v1").lay_over(&mut settings, NamedBy::Session);

    assert_eq!(fate(prepare_resolved(&place.around(), settings)), Nothing);
}

#[test]
fn an_address_in_a_env_file_gets_the_key_beside_it_and_no_other() {
    if !is_clean() {
        return;
    }
    let none = Overrides::default();
    let address = "OPENAI_BASE_URL=https://theirs.example/v1\n";
    let beside = Place::new(&format!("{address}OPENAI_API_KEY=one\nGATE_KEY=two\n"));
    assert_eq!(fate(beside.prepare(OPENAI, None, &none)), Sent("OPENAI_API_KEY"));
    // A variable that the session names is asked for all the same.
    let named = format!("{OPENAI}api_key_env = 'GATE_KEY'");
    assert_eq!(fate(beside.prepare(&named, None, &none)), Asked("GATE_KEY", "https://theirs.example"));
    // What a profile's command prints comes from elsewhere.
    let alone = Place::new(address);
    let asked = Asked("$(echo k)", "https://theirs.example");
    assert_eq!(fate(alone.prepare(OPENAI, Some("work"), &none)), asked);
    for (name, lines) in [
        ("ANTHROPIC_BASE_URL", "provider = 'anthropic'\nmodel = 'm'\n"),
        ("GEMINI_BASE_URL", "provider = 'gemini'\nmodel = 'm'\n"),
        ("OLLAMA_HOST", "provider = 'ollama'\nmodel = 'm'\n"),
        ("OPENAI_RESPONSES_BASE_URL", OPENAI),
    ] {
        let place = Place::new(&format!("{name}=https://theirs.example/v1\n"));
        let lines = format!("{lines}api_key_cmd = 'exit 7'");
        let asked = Asked("$(exit 7)", "https://theirs.example");
        assert_eq!(fate(place.prepare(&lines, None, &none)), asked, "{name}");
    }
}

#[test]
fn a_proxy_and_certificates_of_a_env_file_are_part_of_what_is_allowed() {
    let none = Overrides::default();
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/authority.pem");
    if !is_clean() {
        return;
    }
    for line in [
        "HTTPS_PROXY=http://ann:s3cret@theirs.example:3128",
        "all_proxy=socks5://theirs.example",
        &format!("SSL_CERT_FILE={authority}"),
    ] {
        let place = Place::new(&format!("{line}\n"));
        let Err(WorkbenchError::NotAllowed(wanted)) = place.prepare("", Some("work"), &none) else {
            panic!("{line}");
        };
        let said = wanted.sentence();
        assert!(said.contains(line.split('=').next().unwrap()) && !said.contains("s3cret"), "{said}");

        place.allowed.remember(&wanted).unwrap();
        assert_eq!(fate(place.prepare("", Some("work"), &none)), Sent("OPENAI_API_KEY"), "{line}");
        // Another one at the same place is another permission.
        let file = place.folder.path().join(".env");
        std::fs::write(file, "HTTPS_PROXY=http://other.example:3128\n").unwrap();
        assert!(matches!(fate(place.prepare("", Some("work"), &none)), Asked(..)), "{line}");
    }
    // The key beside it is the file's own.
    let place = Place::new(&format!("SSL_CERT_FILE={authority}\nOPENAI_API_KEY=one\n"));
    assert_eq!(fate(place.prepare(OPENAI, None, &none)), Sent("OPENAI_API_KEY"));
}

#[test]
fn what_was_allowed_goes_and_a_changed_session_asks_again() {
    let none = Overrides::default();
    let place = Place::new(KEYS);
    let lines = format!("{THEIRS}api_key_env = 'GATE_KEY'");
    let Err(WorkbenchError::NotAllowed(wanted)) = place.prepare(&lines, None, &none) else { panic!() };
    place.allowed.remember(&wanted).unwrap();

    assert_eq!(fate(place.prepare(&lines, None, &none)), Sent("GATE_KEY"));
    for changed in [
        format!("{THEIRS}api_key_env = 'AWS_SECRET_ACCESS_KEY'"),
        format!("{LOCAL}api_key_env = 'GATE_KEY'"),
        format!("{THEIRS}api_key_env = 'GATE_KEZ'\napi_key_cmd = 'exit 7'"),
    ] {
        assert!(matches!(fate(place.prepare(&changed, None, &none)), Asked(..)), "{changed}");
    }
}

#[test]
fn a_usual_key_goes_to_a_sessions_server_once_that_was_allowed() {
    let place = Place::new(KEYS);
    let kept = place.prepare(LOCAL, None, &Overrides::default()).unwrap();
    assert!(kept.asks().unwrap().contains("the key of OPENAI_API_KEY stays here"), "{:?}", kept.asks());
    let wanted = permission_wanted(place.folder.path(), &place.session(LOCAL)).unwrap();
    assert_eq!(kept.kept_back.as_ref(), Some(&wanted));

    place.allowed.remember(&wanted).unwrap();

    assert_eq!(fate(place.prepare(LOCAL, None, &Overrides::default())), Sent("OPENAI_API_KEY"));
}

#[test]
fn a_command_runs_only_where_it_was_allowed_and_where_somebody_is_asked() {
    let none = Overrides::default();
    let place = Place::new("");
    let ran = place.folder.path().join("ran");
    let lines = format!("{THEIRS}api_key_cmd = 'touch \"{}\"; echo k'", ran.display());
    let Err(WorkbenchError::NotAllowed(wanted)) = place.prepare(&lines, None, &none) else { panic!() };
    assert!(!ran.exists(), "it ran unasked");
    place.allowed.remember(&wanted).unwrap();

    let offline = Surroundings { network: false, ..place.around() };
    let session = place.session(&lines);
    assert!(prepare(&offline, &session, None, &none).is_ok());
    let provider = Overrides { provider: Some(Provider::Offline), ..Overrides::default() };
    assert!(place.prepare(&lines, None, &provider).is_ok());
    assert!(!ran.exists(), "nobody is asked, so no key is needed");

    let made = place.prepare(&lines, None, &none).unwrap();
    assert!(ran.exists());
    assert_eq!(made.settings.api_key_cmd, None, "a run keeps no command");
    assert!(made.asks().is_some_and(|said| said.ends_with("with the key that `api_key_cmd` prints.")));
    assert_eq!(made.left_out(&session), None, "it is sent");
    let again = prepare_run(&place.around(), made.settings).unwrap();
    assert_eq!(fate(Ok(again)), Sent("OPENAI_API_KEY"));
}

#[test]
fn a_run_of_somebody_elses_store_sends_nothing_that_was_not_allowed() {
    let place = Place::new(KEYS);
    place.session(OPENAI);
    let run = |base_url: Option<&str>, key: Option<&str>, profile: Option<&str>| GeneratorSettings {
        provider: Provider::Openai,
        model: Some("m".into()),
        base_url: base_url.map(str::to_owned),
        api_key_env: key.map(str::to_owned),
        profile: profile.map(str::to_owned),
        ..GeneratorSettings::default()
    };
    let theirs = Some("https://theirs.example/v1");
    for (settings, expected) in [
        (run(theirs, None, None), Nothing),
        (run(theirs, Some("GATE_KEY"), None), Asked("GATE_KEY", "https://theirs.example")),
        (run(theirs, Some("GATE_KEY"), Some("gate")), Asked("GATE_KEY", "https://theirs.example")),
        (run(theirs, None, Some("printed")), Nothing),
        (run(None, Some("GATE_KEY"), None), Asked("GATE_KEY", "https://api.openai.com")),
        // The person's own goes on as it began.
        (run(Some("https://gate.example/v1"), Some("GATE_KEY"), Some("gate")), Sent("GATE_KEY")),
        (run(None, None, None), Sent("OPENAI_API_KEY")),
    ] {
        let shown = format!("{settings:?}");
        assert_eq!(fate(prepare_run(&place.around(), settings)), expected, "{shown}");
    }
}

#[test]
fn a_run_is_kept_without_its_command_and_another_address_has_no_list_price() {
    if !is_clean() {
        return;
    }
    let place = Place::new("OPENAI_BASE_URL=https://gate.example/v1\n");
    let none = Overrides::default();
    let Err(WorkbenchError::NotAllowed(wanted)) = place.prepare("", Some("work"), &none) else { panic!() };
    place.allowed.remember(&wanted).unwrap();

    let made = place.prepare("", Some("work"), &none).unwrap();

    assert_eq!((made.settings.api_key_cmd.as_ref(), made.settings.price), (None, None));
    assert_eq!(made.settings.base_url.as_deref(), Some("https://gate.example/v1"));
    assert_eq!(made.environment.get("OPENAI_API_KEY").as_deref(), Some("k"));
    let again = prepare_run(&place.around(), made.settings.clone()).unwrap();
    assert_eq!(again.environment.get("OPENAI_API_KEY").as_deref(), Some("k"));
    let moved = "[profiles.work]\nbase_url = 'https://other.example/v1'\napi_key_cmd = 'echo other'\n";
    let config = UserConfig::parse(moved, Path::new("config.toml")).unwrap();
    let elsewhere = prepare_run(&Surroundings { config: &config, ..place.around() }, made.settings).unwrap();
    assert_ne!(elsewhere.environment.get("OPENAI_API_KEY").as_deref(), Some("other"));
}
