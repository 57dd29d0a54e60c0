//! Groups of rows that are equal or nearly equal, through the real binary.

use crate::home::{Home, text};

const ROWS: &str = r#"{"text":"Our courier left your parcel with a neighbour at number twelve this morning, please fetch it before the evening or call us back","label":"leave"}
{"text":"Where is the reset button on this box?","label":"ask"}
{"text":"Our courier left your parcel with a neighbour at number twenty this morning, please fetch it before the evening or call us back","label":"leave"}
{"text":"Where is the RESET button on this box","label":"ask"}
{"text":"Our courier left your parcel with a neighbour at number eleven this morning, please fetch it before the evening or call us back","label":"leave"}
"#;

#[test]
fn groups_are_listed_and_merged_by_one_operation_that_one_undo_takes_back() {
    let home = Home::new();
    let session = home.small_session();
    home.write("labels.jsonl", ROWS);
    home.ok(&["import", &session, "labels.jsonl"]);
    let rows = home.lines(&["rows", &session, "--json", "--filter", "flag:near-duplicate"]);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0]["flags"].to_string().contains("near-duplicate"), "{}", rows[0]);

    let groups = home.lines(&["duplicates", &session, "--json"]);
    let counts: Vec<_> = groups.iter().map(|group| group["rows"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [3, 2]);
    assert_eq!(text(&groups[0], "best"), text(&groups[0]["rows"][0], "id"));
    let listed = home.ok(&["duplicates", &session]);
    assert!(listed.out.contains("Group 1, 3 rows\n  keep  "), "{}", listed.out);
    assert!(
        listed.said.contains("2 groups. `--merge` keeps the best row of each and rejects 3 rows."),
        "{}",
        listed.said
    );

    let last = text(&groups[0]["rows"][2], "id").to_owned();
    home.ok(&["accept", &session, &last, "--rating", "5"]);
    home.ok(&["accept", &session, "--filter", "number<=1"]);
    let merged = home.ok(&["duplicates", &session, "--merge", "--filter", "label:leave"]).said;
    assert!(
        merged.contains("2 rows rejected, the best of 1 group kept; 1 of the rejected ones was accepted."),
        "{merged}"
    );
    let rejected = home.lines(&["rows", &session, "--json", "--filter", "state:rejected"]);
    assert_eq!(rejected.iter().map(|row| text(row, "reason")).collect::<Vec<_>>(), ["near-duplicate"; 2]);
    assert!(rejected.iter().all(|row| text(row, "id") != last));

    home.ok(&["undo", &session]);
    assert!(home.lines(&["rows", &session, "--json", "--filter", "state:rejected"]).is_empty());
    home.ok(&["duplicates", &session, "--merge"]);
    let none = home.ok(&["duplicates", &session, "--merge"]).said;
    assert!(none.contains("at most one is left that is not rejected. Nothing was changed."), "{none}");
    assert!(home.ok(&["store", "verify", &session]).out.starts_with("whole: "));
}
