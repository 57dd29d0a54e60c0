"""Two prompts in a race against a real model, with a fixed rule as the rater; and 100 rows of each beside it."""

import json

PROMPTS = {
    "plain": "Write {{ n }} {{ what }}. Use words only, no numbers.",
    "numbers": "Write {{ n }} {{ what }}. Each has a phone number and a price, such as: call 08001234567, only 9.99.",
}
DECISIONS = 200
ROWS = 100
TRIES = 12


def is_good(text):
    """The rule: a row with a digit is accepted."""
    return any(letter.isdigit() for letter in text)


def race(session, add):
    """Lets the two prompts race, and returns a line that says which one won and what 100 rows of each show."""
    versions = {name: add(text, name) for name, text in PROMPTS.items()}
    code, out, err = session.run("race", "start", session.at, *versions.values(), "--decisions", DECISIONS, "--seed", 7, "--json")
    assert code in (0, 1), f"rowsmith race start exited with {code}: {err.strip()}"
    state, tries = json.loads(out), 0
    while state["state"] == "racing":
        assert "sides" not in state, f"a race that goes on tells its versions apart: {state}"
        for row in state.get("rows", []):
            verb = "accept" if is_good(row["fields"]["text"]) else "reject"
            session.must(verb, session.at, row["id"])
        state = json.loads(session.must("race", "status", session.at, "--json"))
        if state["state"] != "racing":
            break
        # So small a model has unlucky streaks: a person tries again.
        code, out, err = session.run("race", "next", session.at, "--json")
        tries += code == 1
        assert code in (0, 1) and tries <= TRIES, f"rowsmith race next exited with {code}: {err.strip()}"
        state = json.loads(out)
    shares = {}
    for name, version in versions.items():
        code, out, err = session.run("sample", session.at, "-n", ROWS, "--prompt", version, "--json")
        for _ in range(TRIES):
            if code == 0:
                break
            code, out, err = session.run("sample", session.at, "--resume", "--json")
        rows = session.rows(f"run:{json.loads(out)['run']}")
        assert len(rows) == ROWS, f"{name} has {len(rows)} of {ROWS} rows: {err.strip()}"
        shares[name] = sum(is_good(row["fields"]["text"]) for row in rows) / len(rows)
    better = max(shares, key=shares.get)
    told = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    made = state["decisions"]["made"]
    sides = ", ".join(f"{side['prompt']} {side['accepted']} of {side['accepted'] + side['rejected']}" for side in state["sides"])
    said = f"race {state['state']} after {made} decisions ({sides}); of {ROWS} rows each: {told}. Accepted: a digit"
    if state["state"] == "best":
        assert state["best"] == versions[better], f"the race named {state['best']}; {said}"
        return f"winner {state['best']} in both; {said}"
    return f"no winner named; {said}"
