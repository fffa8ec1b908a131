"""Documents made up by schemathesis from the schema that the service tells: fuzz.py [CASES] [SEED].

A third of the cases is valid by the schema, a third breaks it somewhere, and a third is valid and names things that
exist. No answer may be a fault of the service, and each has to be an answer of GraphQL with all that was asked for, or
errors with codes. The same seed makes the same cases, ids of generations aside.
"""

import json
import random
import sys
from collections import Counter

import graphql
import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.graphql import nodes

import shape
from common import ENDPOINT, TEST_KEY, ask
from sensible import World

HEADERS = {"Authorization": f"Bearer {TEST_KEY}"}
#: What a refusal or a fault of the schema may be answered with.
STATUSES = {200, 400, 429}

_numbers = st.integers(-(2**53), 2**53).map(nodes.Int) | st.floats(allow_nan=False, allow_infinity=False).map(nodes.Float)
schemathesis.graphql.scalar("Number", _numbers)
schemathesis.graphql.scalar("OptionValue", _numbers | st.text(max_size=20).map(nodes.String) | st.booleans().map(nodes.Boolean))


def operations() -> tuple[graphql.GraphQLSchema, list]:
    schema = schemathesis.graphql.from_url(ENDPOINT, headers=HEADERS, timeout=60)
    return schema.client_schema, [found.ok() for found in schema.get_all_operations()]


def world() -> World:
    """Providers, and two generations of this run."""
    order = "mutation($text: String!) { generate(input: { type: IMAGE, input: { text: $text } }) { id } }"
    generations = [ask(TEST_KEY, order, {"text": text})["generate"]["id"] for text in ("one", "one [fail:provider]")]
    types = ("VIDEO", "IMAGE", "AUDIO", "AVATAR")
    found = {type_: ask(TEST_KEY, f"{{ providers(type: {type_}) {{ id }} }}")["providers"] for type_ in types}
    return World(generations, {type_: [provider["id"] for provider in providers] for type_, providers in found.items()})


def strategies(known: World, operation) -> list[st.SearchStrategy[str]]:
    """Documents for one root field: valid ones, broken ones, sensible ones."""
    valid, broken = (
        operation.as_strategy(generation_mode=mode).map(lambda case: case.body)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )
    return [valid, broken, st.builds(known.document, valid, st.randoms(use_true_random=False))]


def complaint(schema: graphql.GraphQLSchema, text: str, answer: requests.Response) -> str | None:
    """What is wrong with the answer."""
    # The one thing that a test key is not good enough for.
    refused = answer.status_code == 401 and "rotateWebhookSecret" in text
    if answer.status_code not in STATUSES and not refused:
        return f"status {answer.status_code}"
    if not answer.headers.get("X-Request-Id"):
        return "no X-Request-Id"
    media = answer.headers.get("Content-Type", "")
    if media.split(";")[0] not in ("application/json", "application/graphql-response+json"):
        return f"content type {media!r}"
    try:
        body = answer.json()
    except ValueError as error:
        return f"no JSON: {error}"
    if not isinstance(body, dict) or not set(body) <= {"data", "errors", "extensions"} or not body:
        return "no answer of GraphQL"
    errors = body.get("errors", [])
    if "errors" in body and not errors:
        return "an empty list of errors"
    for error in errors:
        code = error.get("extensions", {}).get("code")
        if not error.get("message") or not code or code == "INTERNAL":
            return f"an error without message or with code {code}"
    if body.get("data") is None:
        return None if errors else "neither data nor errors"
    try:
        shape.check(schema, graphql.parse(text), body["data"])
    except AssertionError as error:
        return str(error)
    return None


def main(count: int, seed: int) -> int:
    schema, all_operations = operations()
    session = requests.Session()
    passed, failures, seen, served = 0, [], Counter(), Counter()

    def attempt(text: str) -> None:
        nonlocal passed
        answer = session.post(ENDPOINT, headers=HEADERS, json={"query": text}, timeout=60)
        wrong = complaint(schema, text, answer)
        if wrong:
            failures.append(f"{wrong}\n{text}\n{answer.text[:2000]}")
        else:
            passed += 1
            errors = answer.json().get("errors")
            seen[errors[0]["extensions"]["code"] if errors else "no error"] += 1
            if not errors:
                operation = next(node for node in graphql.parse(text).definitions if isinstance(node, graphql.OperationDefinitionNode))
                served.update({field.name.value for field in operation.selection_set.selections})

    # Hypothesis draws easy examples first: one long run for each kind reaches the odd ones.
    # Where a kind has no more documents, as for a field without arguments, the others share what it leaves.
    known = world()
    jobs = [documents for operation in all_operations for documents in strategies(known, operation)]
    number, left = 0, count
    while left > 0 and jobs:
        fertile, shares = [], [left // len(jobs) + (place < left % len(jobs)) for place in range(len(jobs))]
        for documents, share in zip(jobs, shares):
            if share == 0:
                fertile.append(documents)
                continue
            quiet = settings(
                max_examples=share, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
            )
            before = passed + len(failures)
            hypothesis.seed(seed + number)(quiet(given(documents)(attempt)))()
            number += 1
            tried = passed + len(failures) - before
            left -= tried
            if tried == share:
                fertile.append(documents)
        jobs = fertile
    for failure in failures[:10]:
        print(f"FAILED  {failure}\n")
    print(f"seed {seed}, {len(all_operations)} operations, answers: {json.dumps(dict(seen.most_common()))}")
    print(f"answered without an error: {json.dumps(dict(served.most_common()))}")
    print(f"{passed} passed, {len(failures)} failed")
    return 0 if passed and not failures else 1


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    sys.exit(main(words[0] if words else 200, words[1] if len(words) > 1 else random.randrange(2**32)))
