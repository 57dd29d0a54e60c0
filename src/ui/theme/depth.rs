//! Reduces colours for terminals that show fewer.

use ratatui::style::{Color, Style};

use super::Theme;

/// The colours that a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 24-bit colours.
    True,
    /// The 256 colours of xterm.
    Indexed,
}

/// The brightness of the six steps of xterm's colour cube, 0 to 255.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Theme {
    /// Returns the theme with colours that a terminal of this depth can show.
    #[must_use]
    pub fn at_depth(mut self, depth: Depth) -> Self {
        if depth == Depth::Indexed {
            for style in &mut self.styles {
                *style = Style { fg: style.fg.map(indexed), bg: style.bg.map(indexed), ..*style };
            }
        }
        self
    }
}

/// Returns the nearest colour of xterm's cube or grey ramp.
fn indexed(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    let step = |value: u8| {
        let near = STEPS.iter().enumerate().min_by_key(|(_, step)| step.abs_diff(value));
        near.map_or((0, 0), |(index, step)| (u8::try_from(index).unwrap_or_default(), *step))
    };
    let ((ri, rs), (gi, gs), (bi, bs)) = (step(r), step(g), step(b));
    let cube = (distance((r, g, b), (rs, gs, bs)), 16 + 36 * ri + 6 * gi + bi);
    let grey =
        |index: u8| (distance((r, g, b), (8 + 10 * index, 8 + 10 * index, 8 + 10 * index)), 232 + index);
    let best = (0..24).map(grey).fold(cube, |best, next| if next.0 < best.0 { next } else { best });
    Color::Indexed(best.1)
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let part = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    part(a.0, b.0) + part(a.1, b.1) + part(a.2, b.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_becomes_the_nearest_that_the_terminal_has() {
        assert_eq!(indexed(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(indexed(Color::Rgb(26, 27, 38)), Color::Indexed(234));
        assert_eq!(indexed(Color::Rgb(254, 254, 254)), Color::Indexed(231));
        assert_eq!(indexed(Color::Blue), Color::Blue);
    }

    #[test]
    fn a_theme_with_fewer_colours_has_no_others() {
        for name in Theme::names() {
            let theme = Theme::load(name).unwrap().at_depth(Depth::Indexed);

            let is_rgb = |color: Option<Color>| matches!(color, Some(Color::Rgb(..)));
            assert!(!theme.styles.iter().any(|style| is_rgb(style.fg) || is_rgb(style.bg)), "{name}");
        }
    }
}
