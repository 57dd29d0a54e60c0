"""Records, read by Argilla's own reader and checked against its settings, without a server."""

from types import SimpleNamespace
from unittest.mock import MagicMock

import argilla
from argilla.records._io import JsonIO
from common import check, main

# Settings want a client, and do not ask it before they are sent.
argilla.Argilla._default_client = MagicMock()


@check("argilla", "argilla")
def records(exported):
    settings = argilla.Settings.from_json(exported.file("argilla.json").with_name("argilla.settings.json"))
    (question,) = settings.questions
    assert sorted(question.labels) == sorted(exported.labels), f"the question has the labels {question.labels}"
    submitted, others = [], []
    for record in JsonIO._records_from_json(exported.file("argilla.json")):
        record._dataset = SimpleNamespace(settings=settings, name="rowsmith")
        # What is sent to a server is made here, and checked by Argilla's models.
        record.api_model()
        answers = record.responses["label"]
        given = [answer.value for answer in (*answers, *record.suggestions)]
        assert given and set(given) <= set(exported.labels), f"{record.id} has the labels {given}"
        if any(answer.status == "submitted" for answer in answers):
            submitted.append((record.fields["text"], answers[0].value))
        else:
            others.append(record.fields["text"])
    rejected = {row["text"] for row in exported.decided if row["state"] == "rejected"}
    assert rejected <= set(others), "a rejected row was submitted"
    return f"{exported.same_texts(submitted)}, {len(others)} others not submitted, settings fit"


if __name__ == "__main__":
    main()
