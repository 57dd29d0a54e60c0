"""Records, read by Argilla's own reader and checked against its settings, without a server."""

from types import SimpleNamespace

import argilla
from argilla.records._io import JsonIO
from common import check, main


@check("argilla", "argilla")
def records(exported):
    path = exported.file("argilla.json")
    found = JsonIO._records_from_json(path)
    settings = argilla.Settings(
        fields=[argilla.TextField("text")],
        questions=[argilla.LabelQuestion("label", labels=sorted(exported.labels))],
    )
    pairs, answers = [], 0
    for record in found:
        record._dataset = SimpleNamespace(settings=settings, name="rowsmith")
        record.api_model()
        suggested = record.suggestions["label"]
        answered = [answer.value for answer in record.responses["label"]]
        values = [value for value in [suggested and suggested.value, *answered] if value is not None]
        assert values, f"{record.id} has neither a suggestion nor an answer"
        assert set(values) <= set(exported.labels), f"{record.id} has the labels {values}"
        answers += len(answered)
        pairs.append((record.fields["text"], values[-1]))
    return f"{exported.same_texts(pairs)}, {answers} answers, the rest suggestions"


if __name__ == "__main__":
    main()
