"""The page's curl commands, run by bash."""

import json
import shutil
import subprocess

from common import LIVE_KEY, TEST_KEY, download, run, sample, until


def commands(key: str) -> list[str]:
    """As printed: each begins with a comment."""
    parts = sample("client.sh", key).split("\n\n")
    assert len(parts) == 3 and all(part.startswith("# ") for part in parts)
    return parts


def bash(command: str, field: str) -> dict:
    ended = subprocess.run([shutil.which("bash"), "-c", command], capture_output=True, text=True, timeout=90)
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert "errors" not in answer, answer
    return answer["data"][field]


def complete(key: str, made: dict) -> None:
    """The page's third command, with the id that was answered in place of its example."""
    status = commands(key)[2]
    assert status.count("gen_abc123") == 1
    status = status.replace("gen_abc123", made["id"])
    result = until(lambda: bash(status, "generation"))
    assert (result["status"], result["progress"], result["error"]) == ("COMPLETED", 100, None), result
    download(result["url"])


def specific(key: str) -> None:
    made, again = (bash(commands(key)[0], "generate") for _ in range(2))
    assert (made["type"], made["provider"]) == ("VIDEO", "minimax") and made["creditCost"] > 0, made
    # Both bear the idempotency key that is printed.
    assert again["id"] == made["id"], (made, again)
    complete(key, made)
    # Completed, so that the nested metadata has something to tell.
    metadata = bash(commands(key)[0], "generate")["metadata"]
    assert metadata["duration"] > 0 and metadata["resolution"], metadata


def chosen(key: str) -> None:
    made = bash(commands(key)[1], "generate")
    assert made["status"] in ("QUEUED", "PROCESSING") and made["provider"] and made["creditCost"] > 0, made
    complete(key, made)


def unknown() -> None:
    ended = subprocess.run(["bash", "-c", commands(TEST_KEY)[2]], capture_output=True, text=True, timeout=90)
    answer = json.loads(ended.stdout)
    assert answer["data"] == {"generation": None}, answer
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND", answer


if __name__ == "__main__":
    run({
        "a video of minimax, its status until it is there": lambda: specific(TEST_KEY),
        "a video of minimax, with a live key": lambda: specific(LIVE_KEY),
        "a video, provider chosen by us": lambda: chosen(TEST_KEY),
        "a video, provider chosen by us, with a live key": lambda: chosen(LIVE_KEY),
        "the status of the example's id, which nobody has": unknown,
    })
