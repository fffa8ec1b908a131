"""The programs themselves: how large they are packed, how soon they are ready, how much memory they rest in."""

import io
from statistics import median

import package
from figures import MB, Figure, bytes_under
from places import FUNCTIONS
from scene import Scene


def sizes(scene: Scene, judged: bool) -> list[Figure]:
    """Each function packed as it is uploaded."""
    return [bytes_under(f"zip of {name}", _packed(scene, name), 8 if judged else None) for name in FUNCTIONS]


def rest(scene: Scene) -> list[Figure]:
    """The most that each function was seen to rest in: after its first request, and later."""
    return [
        bytes_under(f"RSS at rest of {name}", max(seen), 60, f" (after its first request {seen[0] / MB:.1f})")
        for name, seen in ((name, scene.at_rest[name]) for name in FUNCTIONS)
    ]


def starts(scene: Scene, times: int) -> list[Figure]:
    """From the making of the process to its first request for an event. The program's file is in the page cache."""
    figures = []
    for name in FUNCTIONS:
        seconds = []
        for _ in range(times):
            with scene.function(name) as function:
                seconds.append(function.start_seconds)
        told = f"median {median(seconds) * 1000:.1f} ms, {min(seconds) * 1000:.1f} to {max(seconds) * 1000:.1f} ms, of {times}"
        figures.append(Figure(f"start of {name} to first /next", told))
    return figures


def _packed(scene: Scene, name: str) -> int:
    packed = io.BytesIO()
    package.pack(name, (scene.binaries / name).read_bytes(), packed, package.SMALL)
    return packed.getbuffer().nbytes
