"""Tasks, checked by the label interface that Label Studio checks predictions with when it imports them."""

import json

from common import check, main
from label_studio_sdk.label_interface import LabelInterface


@check("label-studio", "label-studio-sdk")
def tasks(exported):
    config = exported.file("label-studio.json").with_name("label-studio.label-config.xml")
    interface = LabelInterface(config.read_text(encoding="utf-8"))
    interface.validate()
    (control,) = interface.controls
    assert sorted(control.labels) == sorted(exported.labels), f"the config has the labels {control.labels}"
    found = json.loads(exported.file("label-studio.json").read_text(encoding="utf-8"))
    answered, others = [], []
    for task in found:
        for item in interface.objects:
            assert item.value_name in task["data"], f"the task has no {item.value_name}"
        for result in (*task.get("predictions", []), *task.get("annotations", [])):
            wrong = interface.validate_prediction(result, return_errors=True)
            assert not wrong, wrong[0]
        text = task["data"]["text"]
        given = [each["result"] for each in task.get("annotations", []) if not each["was_cancelled"]]
        if given:
            answered.append((text, given[0][0]["value"]["choices"][0]))
        else:
            others.append(text)
    rejected = {row["text"] for row in exported.decided if row["state"] == "rejected"}
    assert rejected <= set(others), "a rejected row has an annotation"
    return f"{exported.same_texts(answered)}, {len(others)} others without an answer, all valid for the label config"


if __name__ == "__main__":
    main()
