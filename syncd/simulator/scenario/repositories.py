"""The issues and pull requests of acme/checkout (private) and acme/sdk (public)."""

from syncd.simulator.scenario.done_elsewhere import DONE_CHECKOUT, DONE_SDK
from syncd.simulator.scenario.tables import Work

# fmt: off
CHECKOUT = (
    Work(1, "Feature", "Prefetch payment methods with the cart", milestone="Fast checkout", who="priya-n"),
    Work(2, "Feature", "Stream the order summary", milestone="Fast checkout", labels=("checkout-speed",), who="twrona",
         text="Render the summary while prices are still being computed."),
    Work(3, "Bug", "Payment page loads two copies of the card form", labels=("bug", "checkout-speed"), who="priya-n",
         text="Seen in the waterfall of every session since the last release.\n\nCosts about 300 ms."),
    Work(4, "", "Load the card form once", change="open", text="Fixes #3", who="priya-n", quiet=6),
    Work(5, "Feature", "Keep a session alive across devices", milestone="Fast checkout", who="twrona",
         blocked_by=("acme/checkout#14",)),
    Work(6, "Epic", "Retry engine", milestone="Retry engine", who="jkeller",
         text="Schedules retries of declined charges.\n\nPart of: PAY-30"),
    Work(7, "Feature", "Back off by issuer", parent="acme/checkout#6", who="jkeller"),
    Work(8, "Feature", "Idempotency keys for retried charges", parent="acme/checkout#6"),
    Work(9, "Feature", "Hand the risk score over with the session", who="twrona", milestone="Fast checkout",
         text="The score must be there before we open the session.\n\nBlocked by: FRAUD-6",
         comments=(("jkeller", 8, "We wait for the session to carry the score, you wait for us? Let us talk."),)),
    Work(10, "Feature", "Card form with the stored card on top", labels=("outcome:stored-cards",), who="priya-n"),
    Work(11, "Feature", "Theme editor for the payment page", who="mara-lindqvist",
         text="Merchants want their colours.", labels=("enhancement",)),
    Work(12, "Bug", "Total flickers when a voucher is removed", labels=("bug",), milestone="Fast checkout"),
    Work(13, "Task", "Delete the old sessions table", labels=("tech-debt",), who="twrona"),
    Work(14, "Feature", "Session service", milestone="Fast checkout", who="twrona",
         text="Owns checkout sessions; the monolith asks it.\n\nBlocked by: FRAUD-12", quiet=7),
    Work(15, "Feature", "Instalments on the payment page", labels=("outcome:instalments",), who="priya-n"),
    Work(16, "", "Compute the cart's price once", change="merged", text="Closes PAY-12", who="twrona", quiet=10),
    Work(17, "Feature", "Queue for retries that survives a restart", parent="acme/checkout#6",
         blocked_by=("acme/checkout#8",), who="jkeller", closed="completed", quiet=13),
    Work(18, "Feature", "Skip the address for digital goods", milestone="Fast checkout", who="twrona",
         was=((18, "milestone", None),)),
    Work(19, "Bug", "Edge keeps the page of a merchant who left", milestone="Fast checkout", labels=("bug",),
         created=24),
    *DONE_CHECKOUT,
)
# fmt: on

# fmt: off
SDK = (
    Work(1, "Epic", "Token SDK 2.0", milestone="Token SDK 2.0", who="sokafor",
         created=90,
         text="Merchants store and charge tokens, never card numbers."),
    Work(2, "Feature", "`tokens.create()` for web and mobile", parent="acme/sdk#1", who="sokafor"),
    Work(3, "Feature", "Migration guide from 1.x", parent="acme/sdk#1", labels=("documentation",)),
    Work(4, "Feature", "Charge a token with an amount of zero", parent="acme/sdk#1",
         blocked_by=("acme/checkout#10",), who="sokafor",
         text="Card checks for merchants who store first, charge later."),
    Work(5, "Bug", "Python client leaks connections when a webhook fails", labels=("bug",), who="sokafor",
         text="`Client.close()` is never called."),
    Work(6, "Feature", "Kotlin client", labels=("enhancement", "help wanted"), who="sokafor",
         text="Several people asked for this in the forum."),
    Work(7, "Feature", "Retries with jitter in all clients", milestone="Token SDK 2.0", labels=("enhancement",)),
    Work(8, "", "Close connections after a failed webhook", change="open", text="fixes #5", who="sokafor", quiet=6),
    Work(9, "Bug", "Wrong currency in the README example", labels=("good first issue",), closed="completed", quiet=25),
    Work(10, "Feature", "Typed errors", milestone="SDK 1.9", closed="completed", quiet=35),
    *DONE_SDK,
)
# fmt: on
