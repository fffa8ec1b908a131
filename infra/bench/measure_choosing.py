"""Choosing a model over the whole catalogue, in a process of its own: the part of every order that is ours alone."""

import json
import subprocess
from pathlib import Path

from figures import Figure
from places import PROJECT, Refusal

#: The program is an example of the crate `catalogue`.
EXAMPLE = "choose"


def build(profile: str) -> None:
    """Builds it; the front desk brings what it needs, so this takes seconds."""
    command = ["cargo", "build", "--profile", profile, "--package", "catalogue", "--example", EXAMPLE]
    if subprocess.run(command, cwd=PROJECT).returncode != 0:
        raise Refusal("the build failed, see above")


def times(binaries: Path) -> list[Figure]:
    """Told and not judged, as all times are; one choice should take less than 100 microseconds."""
    program = binaries / "examples" / EXAMPLE
    if not program.is_file():
        raise Refusal(f"there is no {program}: leave --no-build out")
    told = subprocess.run([program], stdout=subprocess.PIPE, check=True).stdout
    return [Figure(f"choosing {what}", f"median {nanoseconds / 1000:.1f} us") for what, nanoseconds in json.loads(told).items()]
