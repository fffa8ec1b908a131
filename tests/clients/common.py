"""What the programs in this folder share: where the service is, the page's samples, counting."""

import os
import re
import sys
import time
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import requests

PAGE = Path(__file__).resolve().parent / "page"
#: How files of a format begin.
BEGINNINGS = {
    "png": rb"\x89PNG",
    "jpg": rb"\xff\xd8\xff",
    "webp": rb"RIFF....WEBP",
    "mp4": rb"....ftyp",
    "mp3": rb"ID3|\xff[\xe0-\xff]",
    "wav": rb"RIFF....WAVE",
}
#: Longest that a program waits for a generation, in seconds.
PATIENCE = 120


def _setting(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        print(f"{name} is not set; README.md in this folder says how", file=sys.stderr)
        sys.exit(2)
    return value


ENDPOINT, TEST_KEY, LIVE_KEY = map(_setting, ("DOITONG_ENDPOINT", "DOITONG_TEST_KEY", "DOITONG_LIVE_KEY"))


def sample(name: str, key: str) -> str:
    """A sample as it is published, with host and key replaced and nothing else."""
    text = (PAGE / name).read_text(encoding="utf-8")
    host, placeholder = "https://api.doitong.com/graphql", "YOUR_API_KEY"
    assert host in text and placeholder in text, f"{name} names neither host nor key"
    return text.replace(host, ENDPOINT).replace(placeholder, key)


def run(cases: dict) -> None:
    """Runs cases (name to function) beside each other, prints how each went, and a closing line; ends the program."""

    def one(case) -> bool:
        name, task = case
        try:
            task()
            print(f"ok      {name}\n", end="", flush=True)
            return True
        except Exception:
            print(f"FAILED  {name}: {traceback.format_exc()}", end="", flush=True)
            return False

    with ThreadPoolExecutor(max_workers=8) as threads:
        outcomes = list(threads.map(one, cases.items()))
    passed, failed = outcomes.count(True), outcomes.count(False)
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(0 if passed and not failed else 1)


def ask(key: str, query: str, variables: dict | None = None) -> dict:
    """The data of an answer without errors."""
    answer = requests.post(
        ENDPOINT,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        json={"query": query, "variables": variables or {}},
        timeout=60,
    )
    body = answer.json()
    assert answer.status_code == 200 and "errors" not in body, body
    return body["data"]


def until(read, ended=("COMPLETED", "FAILED", "CANCELED")) -> dict:
    """Reads until the status is one of `ended`."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        generation = read()
        if generation["status"] in ended:
            return generation
        time.sleep(1)
    raise TimeoutError(f"waited in vain for one of {ended}")


def download(url: str) -> bytes:
    """The file behind a link; it has to be of the format that its name tells."""
    answer = requests.get(url, timeout=60)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"
    extension = urlsplit(url).path.rsplit(".", 1)[-1]
    assert re.match(BEGINNINGS[extension], answer.content, re.DOTALL), f"{url} begins with {answer.content[:12]}"
    return answer.content


def unique(text: str) -> str:
    """Text that no other run has used."""
    return f"{text} {uuid.uuid4()}"
