"""Zips target/lambda/<function>/bootstrap into target/lambda/<function>.zip, as template.yaml wants it.

    package.py FUNCTION...

The SAM CLI could zip folders itself, but would do it once per function resource (each vendor's poller has the same
code), and with the files' times in it. These zips are the same bytes for the same binary: what did not change is not
deployed again.
"""

import os
import sys
import zipfile

from places import LAMBDA, Refusal

#: zlib's levels: a local run is about starting quickly, a deployment about small zips.
FAST, SMALL = 1, 9


def main(functions: list[str], level: int) -> None:
    """Makes the zips that are missing or not of the binary that is there."""
    for name in functions:
        bootstrap, packed = LAMBDA / name / "bootstrap", LAMBDA / f"{name}.zip"
        if not bootstrap.is_file():
            raise Refusal(f"there is no {bootstrap}: run `make build` first")
        built = bootstrap.stat().st_mtime_ns
        if packed.is_file() and packed.stat().st_mtime_ns == built:
            continue
        fresh = packed.with_name(f"{packed.name}.{os.getpid()}")
        try:
            _zip(bootstrap.read_bytes(), fresh, level)
            os.utime(fresh, ns=(built, built))
            fresh.replace(packed)
        finally:
            fresh.unlink(missing_ok=True)


def _zip(binary: bytes, into: os.PathLike, level: int) -> None:
    entry = zipfile.ZipInfo("bootstrap", date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # Unix: the mode below means something
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(into, "w") as packed:
        packed.writestr(entry, binary, compress_type=zipfile.ZIP_DEFLATED, compresslevel=level)


if __name__ == "__main__":
    try:
        main(sys.argv[1:], level=SMALL)
    except Refusal as refusal:
        sys.exit(f"package: {refusal}")
