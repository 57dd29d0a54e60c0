//! The figures of diversity, as text and as JSON.

use crate::home::{Home, text};

#[test]
fn the_figures_of_accepted_rows_stand_beside_those_of_real_rows_and_too_few_rows_are_said() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "40"]);
    home.ok(&["accept", "tickets", "--filter", "state:pending"]);
    home.ok(&["sample", "tickets", "-n", "3"]);

    let found = home.ok(&["metrics", "tickets", "--json"]).json();

    assert!(found["real_rows"].as_u64().unwrap() >= 20, "{found}");
    let [accepted, pending, version] = found["groups"].as_array().unwrap().as_slice() else {
        panic!("{found}")
    };
    let names = [accepted, pending, version].map(|group| text(group, "group"));
    assert_eq!(names, ["accepted", "pending", "v1"]);
    assert_eq!((&accepted["rows"], &pending["rows"]), (&40.into(), &3.into()));
    let figures = accepted["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 14);
    for figure in figures {
        assert!(figure["value"].is_f64() && figure["real"].is_f64() && figure["limit"].is_f64(), "{figure}");
    }
    assert!(text(pending, "remark").ends_with("there are 3."), "{pending}");
    assert!(pending.get("figures").is_none(), "{pending}");

    let printed = home.ok(&["metrics", "tickets"]).out;
    assert!(printed.lines().all(|line| line.chars().count() <= 80), "{printed}");
    assert!(printed.contains("distinct-2") && printed.contains("pending: 3 rows"), "{printed}");
    assert_eq!(home.run(&["metrics", "nowhere"]).code, 2);
}
