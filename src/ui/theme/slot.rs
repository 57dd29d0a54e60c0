//! The slots of a theme, named by the purpose of a style and not by its look.

/// Declares the slots once: variant, name in a theme's file, meaning.
macro_rules! slots {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// The purpose of a style; widgets ask for a slot and never for a colour.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Slot {
            $(#[doc = $doc] $variant,)*
        }

        impl Slot {
            /// All slots, in the order of the variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the slot's name in a theme's file.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

slots! {
    Ground "ground" "The whole screen: its background, and the colour of plain text.";
    Text "text" "Text to be read.";
    Strong "strong" "Text that stands out, such as a heading.";
    Muted "muted" "Text that may be passed over.";
    Border "border" "The border of a pane.";
    BorderFocused "border.focused" "The border of the pane that has the keys.";
    Title "title" "A pane's title.";
    TitleFocused "title.focused" "The title of the pane that has the keys.";
    Brand "brand" "The product's name.";
    Target "target" "The session's target in the header.";
    Tab "tab" "A tab that is not shown.";
    TabActive "tab.active" "The tab that is shown.";
    Pending "pending" "The mark and count of rows that wait.";
    Accepted "accepted" "The mark and count of rows kept.";
    Rejected "rejected" "The mark and count of rows dropped.";
    Skipped "skipped" "The mark and count of rows left open.";
    Rating "rating" "Stars.";
    Dropped "dropped" "The text of a row that was rejected or skipped.";
    Flag "flag" "A flag that a person should look at.";
    FlagSevere "flag.severe" "A flag that spoils a dataset.";
    Version "version" "A version's number.";
    Label "label" "A label.";
    Tag "tag" "A tag.";
    Selected "selected" "The selected line.";
    SelectedUnfocused "selected.unfocused" "The selected line of a pane without the keys.";
    Marker "marker" "The bar before the selected line.";
    Match "match" "The letters that were searched for.";
    Cursor "cursor" "The cell under the text cursor.";
    Selection "selection" "Text that is marked in an editor.";
    TemplateDelimiter "template.delimiter" "`{{`, `}}`, `{%` and `%}`.";
    TemplateKeyword "template.keyword" "`for`, `in`, `endif` …";
    TemplateName "template.name" "A variable.";
    TemplateFilter "template.filter" "A filter or a function.";
    TemplateString "template.string" "A quoted text.";
    TemplateNumber "template.number" "A number.";
    TemplateOperator "template.operator" "An operator or a bracket.";
    TemplateComment "template.comment" "A comment.";
    TemplateError "template.error" "The place of a problem.";
    Role "role" "Who speaks in a rendered request.";
    BarReal "bar.real" "The part of a bar that real rows make.";
    BarAccepted "bar.accepted" "The part of a bar that accepted rows make.";
    BarTrack "bar.track" "The empty part of a bar or gauge.";
    Gauge "gauge" "The part of a gauge that is done.";
    Scrollbar "scrollbar" "The thumb of a scroll bar.";
    Spinner "spinner" "The sign that something is going on.";
    Figure "figure" "A number that matters.";
    Good "good" "Something that is as it should be.";
    Notice "notice" "A sentence about what just happened.";
    Warning "warning" "A sentence to be careful about.";
    Error "error" "A sentence about what went wrong.";
    Key "key" "A key to press.";
    KeyLabel "key.label" "What a key does.";
    Overlay "overlay" "The ground of what lies over the screen.";
    OverlayBorder "overlay.border" "Its border.";
    OverlayTitle "overlay.title" "Its title.";
    OverlaySelected "overlay.selected" "The selected line in it.";
    Behind "behind" "The screen behind an overlay that must be answered.";
    Input "input" "A line to type into.";
    Button "button" "An answer that may be given.";
    ButtonActive "button.active" "The answer that `enter` gives.";
}

impl Slot {
    /// Returns the slot with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|slot| slot.name() == name)
    }

    /// Returns the slot whose style replaces a missing one: `border` for `border.focused`, else
    /// `text`, and the background for that.
    #[must_use]
    pub fn fallback(self) -> Option<Self> {
        match self {
            Self::Ground => None,
            Self::Text => Some(Self::Ground),
            _ => {
                let parent = self.name().rsplit_once('.').and_then(|(parent, _)| Self::from_name(parent));
                Some(parent.unwrap_or(Self::Text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_found_by_its_name() {
        for (index, slot) in Slot::ALL.iter().enumerate() {
            assert_eq!(*slot as usize, index);
            assert_eq!(Slot::from_name(slot.name()), Some(*slot));
        }
    }

    #[test]
    fn a_slot_without_a_style_has_that_of_the_wider_one() {
        assert_eq!(Slot::BorderFocused.fallback(), Some(Slot::Border));
        assert_eq!(Slot::Muted.fallback(), Some(Slot::Text));
        assert_eq!(Slot::Ground.fallback(), None);
    }
}
