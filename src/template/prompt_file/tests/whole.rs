//! Files that hold a whole version.

use super::{assert_fails, parsed};
use crate::template::PromptFile;

#[test]
fn a_whole_version_has_its_name_its_number_and_its_parent() {
    let file = PromptFile {
        name: Some("spam: short".into()),
        number: Some(7),
        parent: Some("0123456789abcdef".into()),
        user: "Write {{ n }}.".into(),
        ..PromptFile::default()
    };
    let written =
        "---\nname: \"spam: short\"\nnumber: 7\nparent: \"0123456789abcdef\"\n---\n\nWrite {{ n }}.\n";
    assert_eq!(file.to_text(), written);
    assert_eq!(parsed(written), file);
    assert_eq!(parsed("+++\nname = 'a'\nnumber = 2\n+++\nx").number, Some(2));
    assert_fails(
        "---\nname: a\nnumber: v2\n---\nx",
        3,
        "`number` is the number of a version, such as 3, not `v2`.",
    );
    assert_fails(
        "---\nuser: a\n---\n\nx",
        4,
        "`user` and the text below the front matter are both the user part; delete one of them.",
    );
}
