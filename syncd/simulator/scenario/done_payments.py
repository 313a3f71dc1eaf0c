"""What was finished in project PAY."""

from syncd.simulator.scenario.finished import tickets
from syncd.simulator.scenario.tables import Ticket

_ALL = ("priya", "tomasz", "jonas", "lena")
_AGREED = 72
"""So many days ago the present period was planned."""

EPICS = (
    Ticket(100, "Epic", "Refunds arrive in two days", "Done", who="lena", created=130, began=99, quiet=43,
           text="Problem: a refund took more than five days, and every tenth shopper asked where it was."),
    Ticket(120, "Epic", "Receipts by mail", "Done", who="mara", created=125, began=97, quiet=47,
           text="Problem: shoppers who lose their receipt write to the merchant."),
)  # fmt: skip

REFUNDS = """
Story 5 Send refunds to the network on the same day
Story 3 Refund in parts
Bug - A refund of a refund was accepted
Story 3 Show the day on which a refund arrives
Task 2 Alert when a batch of refunds is late
Story 5 Take refunds out of the nightly run
Bug - Cents were lost in refunds in yen
Story 2 Mail the shopper when a refund is sent
Story 8 Retry refunds that the acquirer lost
Task 1 Write down how support answers for refunds
Story 3 List of open refunds for finance
Bug - The list of refunds was sorted by name
"""
RECEIPTS = """
Story 3 Write the receipt as a page
Story 2 Receipts in the language of the shopper
Story 3 Mail it when the payment is booked
Bug - Receipts showed the price without tax
Story 2 Ask for the address only once
Task 1 Templates of the mail with the merchant's logo
Story 1 Link to the receipt in the payments list
Story 2 Receipts for recurring payments
"""
CHECKOUT = """
Story 3 Measure every step on the server
Story 2 Ask for methods and prices in one call
Bug - The page asked for the same logo nine times
Story 5 Load the card form beside the page
Story 2 Drop the survey script
Task 1 Dashboard of the payment step by region
Story 3 Keep connections to the acquirer open
Bug - A redirect too many for cards from abroad
Story 3 Cache the rules of each merchant
Story 2 Compress answers of the cart
Task 2 Load test of the payment step
Story 3 Answer from the nearest region
Story 2 Ask the vault for a card only when it is shown
Bug - The cart was read twice after a redirect
Story 3 Give up on a slow method after a second
Task 1 Alert when the payment step is slow
"""
TOKENS = """
Story 5 Speak to the first network's token service
Story 3 Sign requests to the networks
Bug - The sandbox of the network was called in production
Story 5 Keep a token beside its card
Story 2 Show the last four digits of a token's card
Task 2 Rehearse the network's outage
Story 3 Delete a token with its card
Bug - Two tokens for a card that was stored twice
Story 5 Speak to the second network's token service
Story 2 Count payments with and without a token
Story 3 Fall back to the card where a token is refused
Task 1 Names for tokens in the logs
"""
RECOVERY = """
Story 3 Keep the reason of each decline
Story 2 Group the reasons into soft and hard
Bug - A renewal was declined twice in one night
Story 3 Count what recovers by itself
"""
BUGS = """
Bug - Cart is empty after the language was changed
Bug - Names with an apostrophe were refused
Bug - Payment page in Greek had no button
Bug - Payouts list stopped at a hundred rows
Bug - Time zone of the daily report
Bug - Export had the wrong decimal point
Bug - Webhook was sent twice after a restart
Bug - Postcode field accepted letters in France
Bug - Merchant could not change the logo
Bug - Search did not find payments by mail
Bug - Old sessions were not logged out
Bug - Printing cut off the last column
"""
DEBT = """
Task 3 Upgrade the web framework
Task 2 Remove the second logger
Task 2 Delete flags that are on for everybody
Task 3 Move the nightly run to the scheduler
Task 1 Rename the table of merchants
Task 2 Test data without real names
Task 3 One client for both acquirers
Task 1 Retire the old status page
"""
INCIDENTS = """
Incident - Payouts were sent an hour late
Incident - Payment page slow for merchants in Spain
"""

DONE_PAYMENTS: tuple[Ticket, ...] = (
    *EPICS,
    *tickets("PAY", 101, REFUNDS, days=(97, 44), who=("lena", "tomasz"), parent="PAY-100", created=120),
    *tickets("PAY", 121, RECEIPTS, days=(95, 48), who=("priya", "jonas"), parent="PAY-120", created=118),
    *tickets("PAY", 130, CHECKOUT, days=(55, 6), who=("priya", "tomasz"), parent="PAY-10", created=_AGREED),
    *tickets("PAY", 150, TOKENS, days=(66, 7), who=("tomasz", "jonas"), parent="PAY-20", created=_AGREED + 8),
    *tickets("PAY", 170, RECOVERY, days=(40, 12), who=("jonas",), parent="PAY-30", created=_AGREED),
    *tickets("PAY", 180, BUGS, days=(96, 8), who=_ALL),
    *tickets("PAY", 200, DEBT, days=(92, 10), who=("jonas", "tomasz"), labels=("tech-debt",)),
    *tickets("PAY", 210, INCIDENTS, days=(70, 30), who=("tomasz",), labels=("incident",)),
)
