"""The issues of projects FRAUD, LEG and OPS.

LEG has readers of its own, and issues under security levels. OPS is outside what syncd reads.
"""

from syncd.simulator.scenario.cast import GUARDED_LEVEL, SECRET_LEVEL
from syncd.simulator.scenario.done_elsewhere import DONE_FRAUD, DONE_LEGAL
from syncd.simulator.scenario.tables import Ticket

_NOW = "Fraud 11"
_PLANNED = 115

# fmt: off
FRAUD = (
    Ticket(1, "Epic", "Good customers pass, stolen cards don't", "In Progress", who="ines",
           text="Problem: fraud costs 0.19 % of volume, and 2.1 % of good customers are turned away.", created=125),
    Ticket(2, "Story", "Score devices that were seen before", "In Progress", "FRAUD-1", sprint=_NOW, who="jonas",
           points=8, created=_PLANNED),
    Ticket(3, "Story", "Ask for 3-D Secure only above a score", "In Review", "FRAUD-1", sprint=_NOW, who="ines",
           points=5, links=(("Relates", "PAY-15"),), created=_PLANNED),
    Ticket(4, "Story", "Check velocity across merchants", "To Do", "FRAUD-1", sprint=_NOW, points=8,
           blocked_by=("OPS-3",), created=_PLANNED,
           text="The counters need a store in both regions.\n\nAcceptance: a card counts once, wherever it is used."),
    Ticket(5, "Story", "Tell retries apart from card testing", "In Progress", "FRAUD-1", sprint=_NOW, who="jonas",
           points=5, created=_PLANNED),
    Ticket(6, "Story", "Answer with a score in 80 ms", "To Do", "FRAUD-1", sprint=_NOW, who="jonas", points=5,
           blocked_by=("PAY-17",), created=_PLANNED,
           text="The payment step leaves us 80 ms.\n\nAcceptance: 99 of 100 scores come in time."),
    Ticket(7, "Story", "Let merchants report a false decline", "In Progress", who="ines", sprint=_NOW,
           labels=("outcome:fraud-losses",), points=3, created=_PLANNED),
    Ticket(8, "Task", "Retire the rules engine of 2019", "To Do", labels=("tech-debt",), sprint=_NOW, who="jonas"),
    Ticket(9, "Story", "Graph of accounts that share a device", "In Progress", who="jonas", sprint=_NOW, points=13,
           text="A spike that grew."),
    Ticket(10, "Bug", "Refunds count as declines in the report", "Done", "FRAUD-1", who="ines", quiet=14,
           created=_PLANNED),
    Ticket(11, "Story", "Score payouts as well", "To Do", "FRAUD-1", labels=("outcome:month-close",), sprint=_NOW,
           who="ines", points=5, created=30, text="Finance asked for this, to catch wrong bank accounts."),
    Ticket(12, "Story", "Fingerprint of the shopper's device", "In Progress", "FRAUD-1", sprint=_NOW, who="ines",
           points=8, carried=("Fraud 10",), blocked_by=("LEG-6",), created=_PLANNED,
           text="The session service asks for it.\n\nAcceptance: a device is known again after a month."),
    Ticket(13, "Story", "Warn of stolen cards in the dashboard", "In Progress", "FRAUD-1", sprint=_NOW, who="jonas",
           points=3, created=_PLANNED),
    *DONE_FRAUD,
)
# fmt: on

# fmt: off
LEGAL = (
    Ticket(1, "Epic", "Pass the PCI DSS assessment", "In Progress", who="ruth",
           text="Problem: without the attestation two card networks will fine us from spring on.", created=100),
    Ticket(2, "Task", "Inventory of systems that see a card number", "Done", "LEG-1", who="ruth", quiet=20),
    Ticket(3, "Task", "Evidence for quarterly scans", "In Progress", "LEG-1", who="ruth", due=18),
    Ticket(4, "Task", "Write down who may enter the vault", "To Do", "LEG-1", due=25, blocked_by=("PAY-22",)),
    Ticket(5, "Task", "Strong customer authentication: yearly report", "In Progress", who="ruth", due=12,
           labels=("outcome:pci-assessment",)),
    Ticket(6, "Task", "Agreement on sharing what devices tell", "In Progress", who="ruth", due=20,
           labels=("outcome:fraud-losses",), was=((40, "due", 2), (20, "due", 9))),
    Ticket(11, "Task", "Data agreement with the merchants' association", "In Progress", who="ruth",
           security=SECRET_LEVEL),
    Ticket(12, "Task", "Approval of the vault's new key ceremony", "In Progress", "LEG-1", who="ruth",
           security=GUARDED_LEVEL, text="Names of the key holders are in the annex.", due=6),
    Ticket(13, "Epic", "Contract changes for departing merchants", "In Progress", who="ruth", security=SECRET_LEVEL),
    *DONE_LEGAL,
)
# fmt: on

# fmt: off
OPERATIONS = (
    Ticket(3, "Story", "Counter store in the second region", "To Do", who="tomasz"),
)
# fmt: on
