"""The page's GraphQL documents with their variables, in both dialects."""

import json
import re

from common import LIVE_KEY, PAGE, TEST_KEY, ask, download, run, unique, until


def examples() -> tuple[list[str], dict[str, dict]]:
    """The documents in their order, and the variables by the headings of their examples."""
    text = (PAGE / "examples.graphql.txt").read_text(encoding="utf-8")
    # The last document is printed with one brace too many, which no parser of GraphQL takes.
    assert text.endswith("\n}\n}\n")
    text = text.removesuffix("}\n")
    documents, variables, heading = [], {}, ""
    for block in text.split("\n\n"):
        lines = block.splitlines()
        comments = [line for line in lines if line.startswith("#")]
        heading = comments[0].removeprefix("# ")
        rest = "\n".join(line for line in lines if not line.startswith("#"))
        if rest.startswith("{"):
            variables[heading] = json.loads(rest)
        else:
            documents.append(block)
    assert (len(documents), len(variables)) == (4, 6)
    return documents, variables


(GENERATE, STATUS, CANCEL, PROVIDERS), VARIABLES = examples()


def first_dialect(document: str) -> str:
    """The same document for clients that read `error` and `metadata` as objects."""
    document = re.sub(r"^ +metadata$", "metadata { width height duration format resolution }", document, flags=re.MULTILINE)
    return re.sub(r"^ +error$", "error { code message }", document, flags=re.MULTILINE)


def made(key: str, variables: dict) -> None:
    order = variables["input"]
    for dialect, told in ((lambda document: document, str.lower), (first_dialect, str.upper)):
        accepted = ask(key, dialect(GENERATE), variables)["generate"]
        assert accepted["type"] == order["type"] and accepted["creditCost"] > 0, accepted
        assert accepted["provider"] == order.get("provider", accepted["provider"]), accepted
        assert accepted["status"] in (told("queued"), told("processing")), accepted
        assert [accepted[name] for name in ("url", "metadata", "error", "errorCode")] == [None] * 4, accepted
        read = lambda: ask(key, dialect(STATUS), {"id": accepted["id"]})["generation"]
        result = until(read, [told(status) for status in ("completed", "failed", "canceled")])
        assert result["status"] == told("completed") and result["progress"] == 100, result
        assert result["metadata"]["format"] and result["createdAt"] < result["completedAt"], result
        assert result["type"] == "AUDIO" or result["metadata"]["width"] > 0, result
        assert result["type"] == "IMAGE" or result["metadata"]["duration"] > 0, result
        download(result["url"])


def failed() -> None:
    variables = {"input": {"type": "IMAGE", "input": {"text": "no [fail:provider]"}, "provider": "flux-ultra"}}
    id = ask(TEST_KEY, GENERATE, variables)["generate"]["id"]
    second = until(lambda: ask(TEST_KEY, STATUS, {"id": id})["generation"], ["failed"])
    first = ask(TEST_KEY, first_dialect(STATUS), {"id": id})["generation"]
    assert first["status"] == "FAILED" and second["url"] is None and second["metadata"] is None, (first, second)
    assert first["error"] == {"code": second["errorCode"], "message": second["error"]}, (first, second)


def canceled() -> None:
    order = {"input": {"type": "VIDEO", "input": {"text": unique("an endless road [slow:60]")}}}
    id = ask(TEST_KEY, GENERATE, order)["generate"]["id"]
    assert ask(TEST_KEY, CANCEL, {"id": id}) == {"cancelGeneration": True}
    result = until(lambda: ask(TEST_KEY, STATUS, {"id": id})["generation"], ["canceled"])
    assert result["url"] is None and result["completedAt"], result
    assert ask(TEST_KEY, CANCEL, {"id": id}) == {"cancelGeneration": False}


def providers(type_: str) -> None:
    found = ask(TEST_KEY, PROVIDERS, {"type": type_})["providers"]
    assert found, f"nobody makes {type_}"
    for provider in found:
        assert all(provider[name] for name in ("id", "name", "description", "features", "options")), provider
        assert isinstance(provider["limitations"], list) and provider["pricing"]["estimatedTime"] > 0, provider
        assert provider["pricing"]["creditCost"] > 0, provider
        for option in provider["options"]:
            assert option["type"] in ("String", "Int", "Float", "Boolean") and option["description"], option
            assert isinstance(option["required"], bool) and isinstance(option["allowedValues"], list), option


def all_cases() -> dict:
    cases = {"a failed generation in both dialects": failed, "cancel": canceled}
    for type_ in ("VIDEO", "IMAGE", "AUDIO", "AVATAR"):
        cases[f"providers of {type_}"] = lambda type_=type_: providers(type_)
    for heading, variables in VARIABLES.items():
        cases[heading] = lambda variables=variables: made(TEST_KEY, variables)
        # The hosts that they name are played by the local run.
        cases[f"{heading}, with a live key"] = lambda variables=variables: made(LIVE_KEY, variables)
    return cases


if __name__ == "__main__":
    run(all_cases())
