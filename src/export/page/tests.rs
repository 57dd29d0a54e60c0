use super::*;
use crate::domain::{
    Arm, ArmFigures, ClassFigures, Classifier, CurvePoint, EvaluationWarning, Figures, Interval, LeftOut,
    McNemar, Spread, Timestamp, VersionGain,
};

const EVIL: &str = "<script>alert('1')</script>&\"\u{1b}[31m";

fn arm(arm: Arm, mean: f64) -> ArmFigures {
    let class = |label: &str| ClassFigures {
        label: label.into(),
        rows: 30,
        precision: 0.5,
        recall: 0.25,
        f1: 1.0 / 3.0,
    };
    let spread = Spread { mean, sd: 0.01 };
    ArmFigures {
        arm,
        added: 40,
        figures: Figures { pr_auc: spread, tuned_f1: Some(spread), ..Figures::default() },
        pr_auc_interval: Interval { low: mean - 0.05, high: mean + 0.05 },
        classes: vec![class("ham"), class(EVIL)],
        confusion: vec![vec![20, 10], vec![3, 27]],
    }
}

fn evaluation() -> Evaluation {
    let point = |share, rows, mean| CurvePoint {
        share,
        rows,
        pr_auc: Spread { mean, sd: 0.01 },
        f1: Spread::default(),
    };
    Evaluation {
        at: Timestamp(1_700_000_000_000),
        target: EVIL.into(),
        model: Classifier::Lr,
        seeds: 10,
        train_rows: 100,
        train_target: 12,
        test_rows: 60,
        test_target: 30,
        accepted: 40,
        accepted_other: 0,
        left_out: LeftOut { duplicates: 2, ..LeftOut::default() },
        arms: vec![arm(Arm::Real, 0.6), arm(Arm::Accepted, 0.7), arm(Arm::Copies, 0.61)],
        gain: 0.1,
        interval: Interval { low: 0.02, high: 0.2 },
        mcnemar: McNemar { only_real: 3, only_accepted: 9, p: 0.146 },
        curve: vec![point(0.0, 0, 0.6), point(0.5, 20, 0.65), point(1.0, 40, 0.7)],
        versions: vec![VersionGain { version: EVIL.into(), rows: 40, gain: Spread { mean: 0.1, sd: 0.02 } }],
        detectability: Some(0.95),
        opened: 3,
        verdict: Verdict::Helps,
        control: None,
        warnings: vec![EvaluationWarning::Detectable { roc_auc: 0.95 }],
        seconds: 1.5,
    }
}

#[test]
fn nothing_of_a_session_is_markup_and_nothing_is_requested() {
    let page = page(&evaluation(), EVIL);

    assert!(!page.contains("<script") && !page.contains('\u{1b}'), "{page}");
    assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
    for request in ["http://", "https://", "src=", "url(", "@import"] {
        assert!(!page.contains(request), "{request}");
    }
}

#[test]
fn a_page_holds_every_part_and_every_tag_is_closed() {
    let page = page(&evaluation(), "mail");

    for part in [
        "The accepted rows help",
        "gain +.100",
        "Warnings",
        "What was left out",
        "McNemar",
        "copies",
        "opened 3 times",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for tag in
        ["section", "table", "tr", "td", "svg", "g", "text", "title", "div", "p", "ul", "li", "body", "html"]
    {
        let count = |mark: &str| page.matches(mark).count();
        let opened = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
        assert_eq!(opened, count(&format!("</{tag}>")), "{tag}");
    }
    assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
}

#[test]
fn a_page_that_is_there_stays_unless_it_is_to_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("page.html");
    place_page(&out, Existing::Keep, "one").unwrap();

    assert!(matches!(check_page(&out, Existing::Keep), Err(ExportError::Exists { .. })));
    assert!(matches!(place_page(&out, Existing::Keep, "two"), Err(ExportError::Exists { .. })));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "one");
    place_page(&out, Existing::Replace, "two").unwrap();
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "two");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
