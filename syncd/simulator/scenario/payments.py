"""The issues of project PAY."""

from syncd.simulator.scenario.tables import Ticket

_DASHBOARD = "PAY-60"  # an epic that nobody connected to the roadmap, with many stories: told once
_NOW = "Payments 24"
_NEXT = "Payments 25"

# fmt: off
TICKETS = (
    # checkout: answers in time
    Ticket(
        10,
        "Epic",
        "Checkout answers within 1.2 seconds",
        "In Progress",
        who="mara",
        text="Problem: 11 % of carts are lost on the payment step; half of those waited longer than two seconds.\n\n"
        "Done when the 95th percentile of the payment step is below 1.2 s for a week.",
        created=80,
    ),
    Ticket(11, "Story", "Warm the card form before the shopper reaches it", "In Progress", "PAY-10", sprint=_NOW,
           who="priya", points=5, text="Acceptance: the form is usable 200 ms after the step opens."),
    Ticket(12, "Story", "Price the cart once instead of on every keystroke", "In Review", "PAY-10", sprint=_NOW,
           who="tomasz", points=3),
    Ticket(13, "Story", "Serve the payment page from the edge", "To Do", "PAY-10", sprint=_NEXT, points=13,
           blocked_by=("PAY-14",),
           text="We can't cache the page until sessions leave the monolith.\n\n"
           "Done when: the page comes from the edge in all five regions."),
    Ticket(14, "Story", "Move checkout sessions out of the monolith", "In Progress", "PAY-10", sprint=_NOW,
           who="tomasz", points=13, due=4, text="Blocked by: acme/checkout#14"),
    Ticket(15, "Bug", "Spinner stays for ever when 3-D Secure is cancelled", "In Progress", "PAY-10", sprint=_NOW,
           who="priya", labels=("customer-escalation",), priority="High", quiet=6,
           comments=(("mara", 7, "Two merchants called about this in one week."),)),
    Ticket(16, "Sub-task", "Measure the payment step in the browser", "Done", "PAY-11", who="priya", quiet=12),
    Ticket(17, "Story", "Risk score arrives with the session, not after it", "To Do", "PAY-10", sprint=_NOW,
           who="tomasz", points=5,
           text="Acceptance: the score is there when the session opens.\n\nBlocked by: acme/checkout#9"),
    Ticket(18, "Story", "One-tap button above the card form", "In Progress", "PAY-10", sprint=_NOW, who="priya",
           labels=("outcome:stored-cards",), points=3,
           text="The epic is about latency, but this story was written for stored cards."),
    Ticket(19, "Story", "Drop the second address lookup", "Done", "PAY-10", who="priya", quiet=15, points=2),
    # tokenisation: stored cards
    Ticket(20, "Epic", "Tokens for every stored card", "In Progress", who="tomasz",
           text="Problem: 38 % of returning customers type their card again, because it was stored without a network"
           " token and the issuer declined it.", created=90),
    Ticket(21, "Story", "Ask the networks for tokens when a card is stored", "In Progress", "PAY-20", sprint=_NOW,
           who="tomasz", points=8),
    Ticket(22, "Story", "Replace stored card numbers in the vault by tokens", "To Do", "PAY-20", points=13,
           blocked_by=("PAY-21", "LEG-12")),
    Ticket(23, "Story", "Hear from the networks when a card is renewed or closed", "To Do", "PAY-20", points=3),
    Ticket(24, "Bug", "A token of a closed card is offered again", "In Progress", "PAY-20", sprint=_NOW, who="jonas",
           priority="High", blocked_by=("PAY-23",)),
    Ticket(25, "Story", "Let merchants export tokens when they leave", "In Progress", "LEG-13", who="tomasz",
           text="Ruth asked for this; it hangs below her contract work."),
    Ticket(26, "Story", "Document what a token may be used for", "In Progress", who="sam", sprint=_NOW,
           text="For the merchants' security reviews.\n\nPart of: acme/sdk#1"),
    # retries: payments recover
    Ticket(30, "Epic", "Failed charges recover by themselves", "To Do", who="mara",
           text="Problem: 4 of 10 declined renewals would have gone through a day later."),
    Ticket(31, "Story", "Retry soft declines on the day the issuer suggests", "To Do", "PAY-30", points=8,
           links=(("Relates", "FRAUD-5"),)),
    Ticket(32, "Story", "Stop retrying after a hard decline", "In Progress", "PAY-30", sprint=_NOW, who="jonas",
           points=3),
    Ticket(33, "Story", "Show merchants why a retry was made", "To Do", version="Winter release", points=3,
           text="Asked for by the three largest merchants."),
    Ticket(34, "Story", "Fall back to the second acquirer", "In Progress", version="Winter release", who="tomasz",
           points=8, sprint=_NOW),
    Ticket(35, "Improvement", "Log the acquirer's answer with every retry", "In Progress", sprint=_NOW, who="jonas",
           points=2, links=(("Implements", "PAY-30"),)),
    # reconciliation: paused
    Ticket(40, "Epic", "Close the month in a day", "In Progress", who="lena",
           text="Problem: finance matches 2,300 payouts by hand every month.", created=120),
    Ticket(41, "Story", "Match payouts to charges by reference", "In Progress", "PAY-40", sprint=_NOW, who="lena",
           points=8, quiet=8),
    Ticket(42, "Story", "Read the bank's new statement format", "To Do", "PAY-40", points=5),
    Ticket(43, "Story", "Report differences above ten euros every morning", "To Do", "PAY-40", points=3),
    Ticket(44, "Story", "Book refunds on the day they are paid out", "In Progress", "PAY-20", sprint=_NOW, who="lena",
           blocked_by=("PAY-41",), points=5,
           text="Refunds of tokenised cards can only be booked once payouts are matched."),
    # not on the roadmap in one way or another
    Ticket(50, "Story", "Apple Pay on the web checkout", "In Progress", who="priya", sprint=_NOW,
           labels=("outcome:apple-pay",), points=5, text="Carried over from last quarter's plan."),
    Ticket(51, "Story", "Gift cards in the basket", "In Progress", who="priya", sprint=_NOW,
           text="Sales promised this to a merchant.\n\nPart of: PAY-4711", points=8),
    Ticket(52, "Story", "Show the exchange rate next to the total", "In Progress", who="jonas", sprint=_NOW, points=2),
    Ticket(53, "Task", "Replace the home-grown date picker", "In Progress", who="priya", sprint=_NOW,
           labels=("tech-debt",), points=2),
    Ticket(54, "Incident", "Card payments declined in Poland for 40 minutes", "In Progress", who="tomasz",
           labels=("incident",), priority="Highest", created=10, quiet=7,
           comments=(("tomasz", 8, "The acquirer's certificate had expired. Follow-ups are being written down."),)),
    Ticket(55, "Story", "Dark mode for the receipts", "To Do", labels=("good-first-issue",), quiet=200, created=400),
    # dropped, and not cleaned up
    Ticket(56, "Epic", "Receipts at the till", "To Do", who="mara", created=150,
           text="Problem: merchants with a till print receipts by hand."),
    Ticket(57, "Story", "Print a receipt from the terminal", "To Do", "PAY-56", points=5, created=140),
    Ticket(58, "Story", "Send the receipt again", "To Do", "PAY-56", points=2, created=140),
    # a redesign that never found its outcome
    Ticket(60, "Epic", "Merchant dashboard redesign", "In Progress", who="mara",
           text="A fresh look for the dashboard, page by page.", labels=("needs-design",), created=60),
    Ticket(61, "Story", "New navigation", "In Progress", _DASHBOARD, sprint=_NOW, who="priya", points=5),
    Ticket(62, "Story", "Payments list with filters", "In Progress", _DASHBOARD, sprint=_NOW, who="sam", points=8),
    Ticket(63, "Story", "Payment details in a side panel", "To Do", _DASHBOARD, sprint=_NOW, points=5,
           text="Done when: the list stays where it was when the panel closes."),
    Ticket(64, "Story", "Empty states with a hint", "To Do", _DASHBOARD, sprint=_NOW, points=2,
           text="Done when: every empty list says what would fill it."),
    Ticket(65, "Story", "Saved searches", "To Do", _DASHBOARD, sprint=_NOW, points=3,
           text="Done when: a saved search is there on another device."),
    Ticket(66, "Story", "Roles page", "To Do", _DASHBOARD, sprint=_NEXT, points=3,
           text="Done when: an owner can take a role away again."),
    Ticket(67, "Story", "Payout calendar", "To Do", _DASHBOARD, sprint=_NEXT, points=5),
    Ticket(68, "Story", "Export as spreadsheet", "To Do", _DASHBOARD, sprint=_NEXT, points=3,
           text="Done when: a spreadsheet opens the file without a question."),
    Ticket(69, "Story", "Keyboard shortcuts", "To Do", _DASHBOARD, sprint=_NEXT, points=2),
    Ticket(70, "Bug", "Chart legend overlaps in Finnish", "To Do", _DASHBOARD, sprint=_NEXT, points=1),
)
# fmt: on
