"""Who works at the payments company, in which places, and the calendar of their sprints, versions and milestones."""

from syncd.simulator.scenario.tables import Person, Span

PEOPLE = (
    Person("mara", "Mara Lindqvist", "712020:mara-lindqvist", "mara-lindqvist"),
    Person("tomasz", "Tomasz Wrona", "712020:tomasz-wrona", "twrona"),
    Person("priya", "Priya Nair", "712020:priya-nair", "priya-n"),
    Person("ines", "Ines Duarte", "712020:ines-duarte", "ines-duarte"),
    Person("jonas", "Jonas Keller", "712020:jonas-keller", "jkeller"),
    Person("sam", "Sam Okafor", "712020:sam-okafor", "sokafor"),
    Person("lena", "Lena Vogt", "712020:lena-vogt", "lena-vogt"),
    Person("ruth", "Ruth Adler", "712020:ruth-adler", "ruth-adler"),
)

PROJECTS = (
    ("PAY", "Payments"),
    ("FRAUD", "Fraud checks"),
    ("LEG", "Legal and compliance"),
    ("OPS", "Platform operations, which syncd is not told to read"),
)
REPOSITORIES = (
    ("acme/checkout", True, "The checkout: payment page, sessions, retries"),
    ("acme/sdk", False, "Client libraries for merchants"),
)

SECRET_LEVEL = "Legal only"
"""Issues under it are for Ruth alone: syncd sees that they are there, not what they say."""
GUARDED_LEVEL = "Named staff"
"""Issues under it are for Ruth, Mara and syncd, which must not quote them."""

_FORTNIGHT = 14
_PAST_SPRINTS = 7


def _fortnights(team: str, place: str, number: int, ends: int) -> tuple[Span, ...]:
    """Return the running sprint of a team, those before it and the next."""
    states = {0: "active", 1: "future"}
    ended = ((ahead, ends + _FORTNIGHT * ahead) for ahead in range(-_PAST_SPRINTS, 2))
    return tuple(
        Span(f"{team} {number + ahead}", place, last, last - _FORTNIGHT, states.get(ahead, "closed"))
        for ahead, last in ended
    )


SPRINTS = (*_fortnights("Payments", "PAY", 24, ends=8), *_fortnights("Fraud", "FRAUD", 11, ends=5))
VERSIONS = (
    Span("Autumn release", "PAY", ends=-40, state="released"),
    Span("Winter release", "PAY", ends=30),
    Span("Spring release", "PAY", ends=120),
)
MILESTONES = (
    Span("Fast checkout", "acme/checkout", ends=24, state="open"),
    Span("Retry engine", "acme/checkout", ends=60, state="open"),
    Span("Token SDK 2.0", "acme/sdk", ends=35, state="open"),
    Span("SDK 1.9", "acme/sdk", ends=-30, state="closed"),
)
