use ratatui::style::{Color, Modifier};

use super::*;

/// Slots that are drawn as shapes: a contrast of 3 to 1 is enough.
const SHAPES: [Slot; 6] = [
    Slot::BorderFocused,
    Slot::OverlayBorder,
    Slot::BarReal,
    Slot::BarAccepted,
    Slot::Gauge,
    Slot::Scrollbar,
];
/// Slots that only separate areas, and may be faint.
const FAINT: [Slot; 2] = [Slot::Border, Slot::BarTrack];
/// Slots whose background is behind text of other slots.
const GROUNDS: [Slot; 5] =
    [Slot::Ground, Slot::Overlay, Slot::Selected, Slot::SelectedUnfocused, Slot::OverlaySelected];

/// Returns the relative luminance of WCAG 2.1, 0 to 1.
fn luminance(color: Color) -> f64 {
    let Color::Rgb(r, g, b) = color else { panic!("{color} is not red, green and blue") };
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

/// Returns the contrast ratio of WCAG 2.1, 1 to 21.
fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn faults(name: &str, least: f64) -> Vec<String> {
    let theme = Theme::load(name).unwrap();
    let mut faults = Vec::new();
    for slot in Slot::ALL.iter().filter(|slot| !FAINT.contains(slot)) {
        let wanted = if SHAPES.contains(slot) { 3.0 } else { least };
        let style = theme[*slot];
        let fg = style.fg.or(theme[Slot::Ground].fg).unwrap();
        let grounds: Vec<_> = match style.bg {
            Some(bg) => vec![(slot.name(), bg)],
            None => GROUNDS.iter().filter_map(|slot| Some((slot.name(), theme[*slot].bg?))).collect(),
        };
        for (ground, bg) in grounds {
            let ratio = contrast(fg, bg);
            if ratio < wanted {
                faults.push(format!("{name}: {} on {ground} has {ratio:.2}, not {wanted}", slot.name()));
            }
        }
    }
    faults
}

#[test]
fn black_on_white_has_the_contrast_that_the_standard_says() {
    let ratio = contrast(Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));

    assert!((ratio - 21.0).abs() < 1e-9);
}

#[test]
fn every_text_is_legible_on_every_ground_that_it_may_stand_on() {
    let wanted = [("dusk", 4.5), ("ember", 4.5), ("paper", 4.5), ("contrast", 7.0)];
    let faults: Vec<_> = wanted.into_iter().flat_map(|(name, least)| faults(name, least)).collect();

    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn coloured_themes_paint_their_own_ground() {
    for name in Theme::names().filter(|name| *name != "mono") {
        let ground = Theme::load(name).unwrap()[Slot::Ground];

        assert!(ground.fg.is_some() && ground.bg.is_some(), "{name}");
    }
}

#[test]
fn the_theme_without_colours_has_none_and_still_tells_things_apart() {
    let theme = Theme::mono();

    assert!(Slot::ALL.iter().all(|slot| theme[*slot].fg.is_none() && theme[*slot].bg.is_none()));
    assert_ne!(theme[Slot::Selected], theme[Slot::Text]);
    assert_ne!(theme[Slot::TabActive], theme[Slot::Tab]);
    assert!(theme[Slot::Cursor].add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn an_unknown_theme_is_told_with_those_there_are() {
    let error = Theme::load("dawn").unwrap_err().to_string();

    assert_eq!(error, "There is no theme `dawn`; there are dusk, ember, paper, contrast, mono.");
}

#[test]
fn a_child_theme_that_only_renames_colours_recolours_its_parents_slots() {
    let text =
        "inherits = \"dusk\"\n[palette]\nground = \"#010203\"\n[slots]\nborder.focused = { bold = true }\n";

    let theme = Theme::from_text("own", text).unwrap();

    assert_eq!(theme[Slot::Ground].bg, Some(Color::Rgb(1, 2, 3)));
    assert_eq!(theme[Slot::Muted], Theme::load("dusk").unwrap()[Slot::Muted]);
    assert!(theme[Slot::BorderFocused].add_modifier.contains(Modifier::BOLD));
}

#[test]
fn a_wrong_theme_is_told_with_its_line() {
    let wrong = |text: &str| Theme::from_text("own", text).unwrap_err().to_string();

    for (text, expected) in [
        (
            "[slots]\nbordr = \"red\"",
            "The theme `own` is wrong in line 2. There is no slot `bordr`; did you mean `border`?",
        ),
        (
            "[slots]\n\ntext = \"rde\"",
            "The theme `own` is wrong in line 3. There is no colour `rde`; did you mean `red`?",
        ),
        (
            "[palette]\na = \"#12345\"",
            "The theme `own` is wrong in line 2. `#12345` is no colour: write \"#rrggbb\" or a name such as \"bright-blue\".",
        ),
        (
            "[slots]\ntext = { fgg = \"red\" }",
            "The theme `own` is wrong in line 2. There is no property `fgg`; did you mean `fg`?",
        ),
        ("[slots]\ntext = { bold = 1 }", "The theme `own` is wrong in line 2. `bold` must be true or false."),
        (
            "[slots]\ntext = 7",
            "The theme `own` is wrong in line 2. A slot that is no colour must be a table.",
        ),
        (
            "[slots]\ntext = 1979-05-27",
            "The theme `own` is wrong in line 2. A slot that is no colour must be a table.",
        ),
        (
            "[slots]\nmarker = { bol = true }",
            "The theme `own` is wrong in line 2. There is no property `bol`; did you mean `bold`?",
        ),
        ("slots = { a = 1 }", "The theme `own` is wrong in line 1. There is no slot `a`."),
        ("\n[[slots]]\ntext = \"red\"", "The theme `own` is wrong in line 2. `[slots]` must be a table."),
        ("[[palette]]\n", "The theme `own` is wrong in line 1. `[palette]` must be a table."),
        ("palette = [[1]]", "The theme `own` is wrong in line 1. `[palette]` must be a table."),
        ("slots = 1979-05-27", "The theme `own` is wrong in line 1. `[slots]` must be a table."),
        ("palette = []", "The theme `own` is wrong in line 1. `[palette]` must be a table."),
        ("inherits = 1979-05-27", "The theme `own` is wrong in line 1. `inherits` must be a text in quotes."),
        (
            "[slots]\ntext = { bold = [1] }",
            "The theme `own` is wrong in line 2. `bold` must be true or false.",
        ),
        (
            "inherit = \"dusk\"",
            "The theme `own` is wrong in line 1. There is no entry `inherit`; did you mean `inherits`?",
        ),
        (
            "\ninherits = \"dawn\"",
            "The theme `own` is wrong in line 2. `inherits` names the theme `dawn`. There is no theme `dawn`; there are dusk, ember, paper, contrast, mono.",
        ),
    ] {
        assert_eq!(wrong(text), expected);
    }
    assert!(wrong("text = [").starts_with("The theme `own` is wrong in line 1. This is not TOML: "));
    assert!(wrong("[slots]\nzzzzzzzz = \"red\"").ends_with("There is no slot `zzzzzzzz`."));
}

#[test]
fn a_theme_that_inherits_from_itself_is_refused() {
    let find = |name: &str| match name {
        "a" => Some("inherits = \"b\""),
        "b" => Some("\ninherits = \"a\""),
        _ => None,
    };

    let error = resolve("a", "inherits = \"b\"", &find).unwrap_err().to_string();

    assert_eq!(error, "The theme `b` is wrong in line 2. It inherits from itself: `a`, `b` and `a` again.");
}

#[test]
fn a_theme_may_have_the_name_of_the_bundled_one_that_it_starts_from() {
    let theme = Theme::from_text("dusk", "inherits = \"dusk\"\n[slots]\ntext = \"red\"").unwrap();

    assert_eq!(theme[Slot::Text].fg, Some(Color::Red));
}
