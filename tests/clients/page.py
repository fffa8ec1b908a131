"""The page's Python class and its usage example: order, wait, download."""

import subprocess
import sys

from common import LIVE_KEY, TEST_KEY, download, run, sample, unique


def client(key: str):
    """The page's class. It compares lower-case statuses and reads `error` and `metadata` as leaves."""
    names = {"__name__": "page"}
    exec(compile(sample("client.py", key), "client.py", "exec"), names)
    return names["DoitongAPI"](key)


def usage(key: str) -> None:
    # The page prints `result['creditCost']`, which its own `check_status` does not select; the order's answer has it.
    text = sample("client.py", key)
    assert text.count("result['creditCost']") == 1
    text = text.replace("result['creditCost']", "video['creditCost']")
    ended = subprocess.run([sys.executable, "-"], input=text, capture_output=True, text=True, timeout=180)
    said = ended.stdout
    assert ended.returncode == 0 and "Error" not in said, said + ended.stderr
    assert "Video generation started: gen_" in said and "Credits used: " in said, said
    download(said.split("Video ready: ")[1].split()[0])


def order(key: str, content_type: str, provider: str, text: str, options: dict) -> None:
    api = client(key)
    made = api.generate(content_type, {"text": unique(text)}, provider=provider, options=options)
    assert made["status"] in ("queued", "processing") and made["type"] == content_type.upper(), made
    assert made["provider"] == provider and made["creditCost"] > 0, made
    assert made["error"] is None and made["errorCode"] is None and made["metadata"] is None, made
    result = api.wait_for_completion(made["id"], max_wait=120)
    assert result["progress"] == 100 and result["error"] is None, result
    assert result["metadata"]["format"], "a leaf that is an object of JSON"
    assert len(download(result["url"])) > 500


def repeated() -> None:
    api = client(TEST_KEY)
    text = unique("once only")
    first, second = (api.generate("image", {"text": text}, idempotency_key=unique("key").replace(" ", "-")) for _ in range(2))
    assert first["id"] != second["id"], "two keys are two orders"
    key = unique("key").replace(" ", "-")
    first, second = (api.generate("image", {"text": text}, idempotency_key=key) for _ in range(2))
    assert first["id"] == second["id"], "one key is one order"


def complaint(task) -> str:
    try:
        task()
    except Exception as error:
        return str(error)
    raise AssertionError("it succeeded, but should not have")


def failed() -> None:
    api = client(TEST_KEY)
    made = api.generate("image", {"text": "no [fail:moderation]"})
    said = complaint(lambda: api.wait_for_completion(made["id"], max_wait=120))
    assert said.startswith("[GENERATION_FAILED] ") and len(said) > 25 and "None" not in said, said


def refused() -> None:
    said = complaint(lambda: client(TEST_KEY).generate("image", {"text": " "}))
    assert said.startswith("API Error: ") and "Unknown" not in said, said
    said = complaint(lambda: client("wrong").generate("image", {"text": "a tree"}))
    assert said.startswith("API Error: ") and "key" in said, said


ORDERS = [
    ("image", "flux-ultra", "Professional product photography", {"aspectRatio": "16:9", "quality": "ultra"}),
    ("video", "kling", "A steam train", {"duration": 5}),
    ("audio", "elevenlabs", "Welcome to the future of AI", {"voice": "rachel", "emotion": "excited"}),
]

if __name__ == "__main__":
    cases = {
        "the usage example": lambda: usage(TEST_KEY),
        "the usage example with a live key": lambda: usage(LIVE_KEY),
        "an order with an idempotency key is made once": repeated,
        "a failed generation raises code and message": failed,
        "a refused order raises its message": refused,
    }
    for content_type, provider, text, options in ORDERS:
        for mode, key in (("test", TEST_KEY), ("live", LIVE_KEY)):
            arguments = (key, content_type, provider, text, options)
            cases[f"{provider} with a {mode} key"] = lambda arguments=arguments: order(*arguments)
    run(cases)
