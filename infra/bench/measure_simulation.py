"""A day of a million generations, played by the real decisions: see docs/simulation.md."""

import json
import subprocess
from pathlib import Path
from typing import Any

from figures import Figure
from places import Refusal

#: Polls at the median, for clips: without callbacks and with them.
MOST_POLLS = (6, 2)
#: Added waiting at the median, for clips without callbacks, as a share of the vendor's time.
MOST_ADDED = 0.05
#: The same for pictures, in seconds: the vendor's own time to answer two calls is a tenth of what a picture takes.
MOST_ADDED_SECONDS = 1.2
#: What a vendor that is dark for an hour may add at the median of the jobs that met it, in seconds.
MOST_ADDED_BY_DARKNESS = 60
MOST_CHOOSING_MICROSECONDS = 100
#: The program's own time, on two processors that have nothing else to do.
LONGEST_SECONDS = 600


def day(program: Path, orders: int) -> list[Figure]:
    """Plays the days and judges them. The same seed gives the same day, but for the time that choosing takes."""
    command = [str(program), "--orders", str(orders)]
    try:
        played = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        raise Refusal(f"the simulation took longer than {LONGEST_SECONDS} s") from None
    if played.returncode != 0:
        raise Refusal(f"the simulation failed: {played.stderr[-300:]}")
    told = json.loads(played.stdout)
    days = told["days"]
    return [*waiting(days["healthy"], days["callbacks"]), *outages(days), *rest(days, told["seconds"])]


def waiting(healthy: dict[str, Any], callbacks: dict[str, Any]) -> list[Figure]:
    clips, pictures, called = healthy["clips"], healthy["pictures"], callbacks["clips"]
    without, with_callbacks = MOST_POLLS
    return [
        Figure("polls per clip", polls(clips), f"median at most {without}", clips["polls"] <= without),
        Figure("polls per clip, with callbacks", polls(called), f"median at most {with_callbacks}", called["polls"] <= with_callbacks),
        Figure("polls per picture", polls(pictures), f"median at most {without}", pictures["polls"] <= without),
        Figure("added waiting, clips", added(clips), f"median at most {MOST_ADDED:.0%}", clips["addedShare"] <= MOST_ADDED),
        Figure(
            "added waiting, pictures", added(pictures), f"median at most {MOST_ADDED_SECONDS:.1f} s", pictures["addedSeconds"] <= MOST_ADDED_SECONDS
        ),
        Figure("added waiting, clips with callbacks", added(called)),
    ]


def outages(days: dict[str, Any]) -> list[Figure]:
    with_failover, without = days["outages"], days["unwatched"]
    dark = next(outage for outage in with_failover["outages"] if "dark" in outage["name"])
    figures = [
        Figure(
            "a vendor dark for an hour: jobs of ours lost",
            f"{dark['failed']} of {dark['affected']}, {dark['failedElsewhere']} more elsewhere",
            "none",
            dark["failed"] == 0,
        ),
        Figure(
            "a vendor dark for an hour: time added",
            f"median {dark['addedSeconds']:.0f} s, 95 % within {dark['addedSeconds95']:.0f} s",
            f"median under {MOST_ADDED_BY_DARKNESS} s",
            dark["addedSeconds"] < MOST_ADDED_BY_DARKNESS,
        ),
        Figure("orders completed on a day of outages", f"{with_failover['success']['ours']:.2%}, without failover {without['success']['ours']:.2%}"),
        Figure("false cut-offs on a healthy day", str(days["healthy"]["cutOffs"]), "none", days["healthy"]["cutOffs"] == 0),
        Figure("until all desks know of a cut-off", f"median {with_failover['knownAfterSeconds']:.1f} s"),
    ]
    return figures


def rest(days: dict[str, Any], seconds: float) -> list[Figure]:
    played = days["outages"]
    choosing = played["choosingMicroseconds"]
    return [
        Figure(
            "choosing over the whole catalogue",
            f"median {choosing:.0f} us, 95 % within {played['choosingMicroseconds95']:.0f} us",
            f"median under {MOST_CHOOSING_MICROSECONDS} us",
            choosing < MOST_CHOOSING_MICROSECONDS,
        ),
        Figure("playing the days", f"{seconds:.0f} s for {sum(each['orders'] for each in days.values()):,} generations"),
    ]


def polls(waiting: dict[str, float]) -> str:
    return f"median {waiting['polls']:.0f}, mean {waiting['pollsMean']:.1f}, 95 % within {waiting['polls95']:.0f}"


def added(waiting: dict[str, float]) -> str:
    return f"median {waiting['addedShare']:.1%} ({waiting['addedSeconds']:.1f} s), 95 % within {waiting['addedSeconds95']:.1f} s"
