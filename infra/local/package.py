"""Zips target/lambda/<function>/bootstrap into target/lambda/<function>.zip, as template.yaml wants it.

    package.py FUNCTION...

The SAM CLI could zip folders itself, but would do it once per function resource (each vendor's poller has the same
code), and with the files' times in it. These zips are the same bytes for the same binary: what did not change is not
deployed again.

Beside the binary of `graphql` lies what its page in the browser loads: files of the npm packages that are pinned in
functions/graphql/graphiql, compressed as they are sent, under names with their versions.
"""

import gzip
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import IO

from places import LAMBDA, Refusal
from tools import NPM

#: zlib's levels: a local run is about starting quickly, a deployment about small zips.
FAST, SMALL = 1, 9
#: Package and file in it. `functions/graphql/src/http/graphiql.rs` has the names that they get.
PAGE = [
    ("react", "umd/react.production.min.js"),
    ("react-dom", "umd/react-dom.production.min.js"),
    ("graphiql", "graphiql.min.js"),
    ("graphiql", "graphiql.min.css"),
]


def main(functions: list[str], level: int) -> None:
    """Makes the zips that are missing or not of what is there."""
    for name in functions:
        bootstrap, packed = LAMBDA / name / "bootstrap", LAMBDA / f"{name}.zip"
        if not bootstrap.is_file():
            raise Refusal(f"there is no {bootstrap}: run `make build` first")
        built = bootstrap.stat().st_mtime_ns
        if packed.is_file() and packed.stat().st_mtime_ns == built and _names_in(packed) == {"bootstrap", *_beside(name)}:
            continue
        fresh = packed.with_name(f"{packed.name}.{os.getpid()}")
        try:
            with open(fresh, "wb") as into:
                pack(name, bootstrap.read_bytes(), into, level)
            os.utime(fresh, ns=(built, built))
            fresh.replace(packed)
        finally:
            fresh.unlink(missing_ok=True)


def pack(name: str, binary: bytes, into: IO[bytes], level: int) -> None:
    """Writes the zip of the function of this name with this binary."""
    with zipfile.ZipFile(into, "w") as packed:
        packed.writestr(_entry("bootstrap", 0o755), binary, compress_type=zipfile.ZIP_DEFLATED, compresslevel=level)
        for beside, source in _beside(name).items():
            # With a fixed time in it, for the same reason as the zip.
            content = gzip.compress(source.read_bytes(), SMALL, mtime=0)
            packed.writestr(_entry(beside, 0o644), content, compress_type=zipfile.ZIP_STORED)


def _beside(name: str) -> dict[str, Path]:
    """What lies beside the binary: name in the zip, and where it comes from. The names have the versions in them."""
    if name != "graphql":
        return {}
    folder = NPM["graphiql"]
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    found = {}
    for package, file in PAGE:
        source = folder / "node_modules" / package / file
        if not source.is_file():
            raise Refusal(f"there is no {source}: run `python3 infra/local/dev.py install graphiql` first")
        version = locked[f"node_modules/{package}"]["version"]
        found[f"graphiql/{package}-{version}{source.suffix}.gz"] = source
    return found


def _names_in(packed: Path) -> set[str]:
    with zipfile.ZipFile(packed) as there:
        return set(there.namelist())


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # Unix: the mode means something
    entry.external_attr = (0o100000 | mode) << 16
    return entry


if __name__ == "__main__":
    try:
        main(sys.argv[1:], level=SMALL)
    except Refusal as refusal:
        sys.exit(f"package: {refusal}")
