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

SPRINTS = (
    Span("Payments 23", "PAY", ends=-6, starts=-20, state="closed"),
    Span("Payments 24", "PAY", ends=8, starts=-6, state="active"),
    Span("Payments 25", "PAY", ends=22, starts=8, state="future"),
    Span("Fraud 11", "FRAUD", ends=5, starts=-9, state="active"),
)
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
