#!/bin/sh
# Label Studio's SDK cannot check a task that has predictions: `validate_task` fails on every one, right or wrong.
#
# Libraries: label-studio-sdk 2.1.2 (PyPI), the one that Label Studio 1.23.2 asks for.
#
# Behaviour: `LabelInterface.validate_task` returns True for a task with data alone. With the key `predictions` or
# `annotations`, it ends with a TypeError, "missing 1 required positional argument", whatever stands there: it calls
# `validate_prediction()` without the prediction. `validate_prediction(prediction, return_errors=True)` works, one by one,
# and says what is wrong, such as a `from_name` that the label config does not have.
#
# Why it surprises: it is the function that is named for the check, and pre-annotated tasks are what it would be needed
# for. A TypeError looks like a wrong file.
#
# What Rowsmith does: tests/readers checks each prediction and annotation by itself, after checking the data.
#
# Output seen: below, behind `seen`.

set -eu
command -v python3 >/dev/null 2>&1 || { echo "skipped: there is no python3"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
export HF_HUB_OFFLINE=1 HF_HOME="$work/cache" PYTHONWARNINGS=ignore

cat >seen <<'END'
task without predictions  True
task with predictions     TypeError: LabelInterface.validate_prediction() missing 1 required positional argument: 'prediction'
task with annotations     TypeError: LabelInterface.validate_annotation() missing 1 required positional argument: 'annotation'
prediction, right         []
prediction, wrong name    ["Region 0: 'from_name' 'lable' not found in configuration"]
END

cat >read.py <<'END'
from label_studio_sdk.label_interface import LabelInterface

interface = LabelInterface("""
<View>
  <Text name="text" value="$text"/>
  <Choices name="label" toName="text"><Choice value="spam"/><Choice value="ham"/></Choices>
</View>
""")


def prediction(from_name):
    return {"result": [{"from_name": from_name, "to_name": "text", "type": "choices", "value": {"choices": ["spam"]}}]}


def said(check, *arguments, **named):
    try:
        return check(*arguments, **named)
    except TypeError as error:
        return f"TypeError: {error}"


right, wrong, data = prediction("label"), prediction("lable"), {"text": "hello"}
print("task without predictions ", said(interface.validate_task, {"data": data}))
print("task with predictions    ", said(interface.validate_task, {"data": data, "predictions": [right]}))
print("task with annotations    ", said(interface.validate_task, {"data": data, "annotations": [right]}))
print("prediction, right        ", said(interface.validate_prediction, right, return_errors=True))
print("prediction, wrong name   ", said(interface.validate_prediction, wrong, return_errors=True))
END

python3 -m venv venv
pip="venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all:"
if ! { $pip label-studio-sdk==2.1.2; } >pip.log 2>&1; then
    tail -3 pip.log
    echo "skipped: the package index cannot be reached"
    exit 0
fi
venv/bin/python read.py >now 2>error.log || { tail -3 error.log; exit 1; }
cat now
diff seen now >differences || {
    echo "The behaviour is another one now (< was seen, > is seen now):"
    cat differences
    exit 1
}
