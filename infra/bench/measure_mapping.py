"""The adapters' own work, in a process of its own: from a job to a request, and from a reply to news."""

import json
import subprocess
from pathlib import Path

from figures import Figure
from places import PROJECT, Refusal

#: The program is an example of the crate `providers`. It reads the fixtures beside the adapters.
EXAMPLE = "map"
#: At the median of a vendor's fixtures. Base64 of megabytes is not in it: a fixture's files have some bytes.
MOST_MICROSECONDS = 50


def build(profile: str) -> None:
    """Builds it; the poller brings what it needs, but for what reads the fixtures."""
    command = ["cargo", "build", "--profile", profile, "--package", "providers", "--example", EXAMPLE]
    if subprocess.run(command, cwd=PROJECT).returncode != 0:
        raise Refusal("the build failed, see above")


def times(binaries: Path, judged: bool) -> list[Figure]:
    """A line for each vendor and direction. Judged, other than times of requests: nothing else takes part in them."""
    program = binaries / "examples" / EXAMPLE
    if not program.is_file():
        raise Refusal(f"there is no {program}: leave --no-build out")
    told = json.loads(subprocess.run([program], stdout=subprocess.PIPE, check=True).stdout)
    figures = []
    for vendor, directions in told["vendors"].items():
        for direction, what in [("write", "writing requests"), ("read", "reading replies")]:
            if taken := directions[direction]:
                figures.append(_figure(f"{vendor}: {what}", taken, judged))
    picture = told["picture"]
    figures.append(
        Figure(
            f"google: reading a picture of {picture['bytes'] / 1e6:.0f} MB in base64",
            f"median {picture['read'] / 1e6:.2f} ms, of that base64 alone {picture['base64'] / 1e6:.2f} ms",
        )
    )
    return figures


def _figure(name: str, taken: dict, judged: bool) -> Figure:
    median, tail, slowest = (taken[key] / 1000 for key in ("median", "tail", "slowest"))
    told = f"median {median:.1f} us, 95 % within {tail:.1f} us, slowest of {taken['cases']} {slowest:.1f} us"
    if not judged:
        return Figure(name, told)
    return Figure(name, told, f"under {MOST_MICROSECONDS} us", median < MOST_MICROSECONDS)
