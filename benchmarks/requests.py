"""How many requests syncd makes, counted by the simulated services, beside the goals and a bare client.

``python -m benchmarks.requests``. The folder with exported issues is SYNCD_DATA, else ``../shared/data``; without it
those lines are left out.
"""

from collections.abc import Iterable, Iterator

from benchmarks import requests_cases as cases
from benchmarks.requests_cases import Figure
from benchmarks.requests_companies import exported, payments_company

PLACES = (1, 5, 20)
CHANGES = (1, 100, 101, 250)


def main() -> None:
    """Print every figure."""
    missed = 0
    print(f"{'operation':62} {'ours':>6} {'goal':>6} {'bare':>6}")
    for figure in figures():
        missed += not figure.is_met
        told = "" if figure.goal is None else "ok" if figure.is_met else "MISSED"
        print(f"{figure.operation:62} {figure.ours:6} {_shown(figure.goal)} {_shown(figure.floor)}  {told}")
    print(f"goals missed: {missed}")


def figures() -> Iterator[Figure]:
    """Yield all figures, a case at a time."""
    every: list[Iterable[Figure]] = [cases.idle(count) for count in PLACES]
    every += [cases.changed(count) for count in CHANGES]
    every += [
        cases.selected(250),
        cases.blocked(5),
        cases.commented(5),
        cases.annotated(),
        cases.histories(150),
        payments_company(),
        exported(),
    ]
    for case in every:
        yield from case


def _shown(count: int | None) -> str:
    return f"{'' if count is None else count:>6}"


if __name__ == "__main__":
    main()
