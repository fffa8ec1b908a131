"""Figures with their limits, and the table that they are printed as."""

from dataclasses import dataclass
from statistics import median, quantiles

#: 10^6 bytes, in whatever is measured here: the stricter reading of a limit.
MB = 1_000_000


@dataclass
class Figure:
    """One line of the table."""

    name: str
    measured: str
    #: What is promised; empty where a figure is only told.
    limit: str = ""
    #: Whether the promise is kept; nothing where a figure is only told.
    kept: bool | None = None


def bytes_under(name: str, measured: int, most_megabytes: int | None, more: str = "") -> Figure:
    """A number of bytes; where there is a limit, it is judged."""
    told = f"{measured / MB:.1f} MB{more}"
    if most_megabytes is None:
        return Figure(name, told)
    return Figure(name, told, f"under {most_megabytes} MB", measured < most_megabytes * MB)


def milliseconds(seconds: list[float]) -> str:
    """Median and tail of a series."""
    if len(seconds) < 20:
        return f"median {median(seconds) * 1000:.2f} ms of {len(seconds)}"
    tail = quantiles(seconds, n=20)[-1]
    return f"median {median(seconds) * 1000:.2f} ms, 95 % within {tail * 1000:.2f} ms"


def print_table(figures: list[Figure]) -> None:
    """All figures, one a line, in the order in which they were taken."""
    if not figures:
        return
    rows = [("figure", "limit", "measured", "")]
    verdicts = {True: "ok", False: "OVER", None: ""}
    rows += [(figure.name, figure.limit or "-", figure.measured, verdicts[figure.kept]) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
