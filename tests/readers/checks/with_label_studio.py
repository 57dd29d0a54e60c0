"""Tasks, checked by the label interface that Label Studio checks predictions with when it imports them."""

import json

from common import check, main
from label_studio_sdk.label_interface import LabelInterface


@check("label-studio", "label-studio-sdk")
def tasks(exported):
    interface = LabelInterface(exported.file("label-studio.xml").read_text(encoding="utf-8"))
    interface.validate()
    (control,) = interface.controls
    assert sorted(control.labels) == sorted(exported.labels), f"the config has the labels {control.labels}"
    found = json.loads(exported.file("label-studio.json").read_text(encoding="utf-8"))
    pairs = []
    for task in found:
        for item in interface.objects:
            assert item.value_name in task["data"], f"the task has no {item.value_name}"
        results = [*task.get("predictions", []), *task.get("annotations", [])]
        assert results, "a task has neither a prediction nor an annotation"
        for result in results:
            wrong = interface.validate_prediction(result, return_errors=True)
            assert not wrong, wrong[0]
        pairs.append((task["data"]["text"], results[-1]["result"][0]["value"]["choices"][0]))
    return f"{exported.same_texts(pairs)}, each prediction valid for the label config"


if __name__ == "__main__":
    main()
