"""What was finished in projects FRAUD and LEG and in the two repositories."""

from syncd.simulator.scenario.finished import tickets, works
from syncd.simulator.scenario.tables import Ticket, Work

_AGREED = 72
"""So many days ago the present period was planned."""
_LONG_PLANNED = 118

SCORES = """
Story 3 Keep the score of each payment
Story 5 Learn from chargebacks every night
Bug - Scores of test payments were counted
Story 3 Score by the hour of the day
Story 2 List of merchants that are never asked
Story 5 Compare two models on the same day
Task 2 Alert when scores drift
Story 3 Score by distance of card and shopper
Bug - A score of zero was shown as missing
Story 3 Reasons for a score in the logs
Story 5 Train on a year instead of a quarter
Story 2 Switch a rule off without a release
Task 2 Rehearse a day without scores
Story 3 Score subscriptions once a month
Bug - The model was loaded twice
Story 3 Trust devices that paid before
Story 2 Ask for 3-D Secure once a day at most
Story 5 Score in both regions
Task 1 Write down what each rule is for
Story 3 Block cards that were reported stolen
"""
FRAUD_BUGS = """
Bug - Chargebacks of last year were imported again
Bug - The queue of cases lost its filter
Bug - Cases were sorted by the wrong date
Bug - Merchant's list was cut after fifty
Bug - Rule with a comma could not be saved
Bug - Mail of a case had no link
"""
REASONS = """
Story 3 Name the rule that declined
Story 2 Words for merchants instead of codes
Story 2 Reasons in the payments list
Task 1 Translate the reasons
"""
CONTRACTS = """
Task - Contract of the second acquirer
Task - Terms for merchants in Norway
Task - Answer to the regulator on complaints
Task - Review of the privacy notice
Task - Contract of the new mail provider
Task - Terms for refunds
Task - Answers for the yearly audit
Task - Renewal of the licence in Ireland
"""
FAST_CHECKOUT = """
Feature Render the page without the theme first
Feature Send the cart with the first answer
Bug Address lookup blocked the button
Feature Keep the session in one region
Feature Inline the styles of the first screen
Bug Fonts were asked for before the form
Feature Answer the cart from memory
Feature Close idle sessions after an hour
"""
CHECKOUT_BUGS = """
Bug Voucher with a space was refused
Bug Country was reset when the card changed
Bug Button stayed grey after an error
Bug Total was shown without the currency
Bug Two sessions for one cart
Bug Safari forgot the chosen card
"""
SDK_BEFORE = """
Feature Cancel a payment that is pending
Feature Timeouts per call
Bug Java client parsed dates in local time
Feature Iterate over all payments
Bug PHP client needed an extension
Feature Verify the signature of webhooks
"""
SDK_TOKENS = """
Feature Types for tokens in all clients
Feature Delete a token
Feature Errors that name the token
Task Record the token service for tests
Feature List the tokens of a customer
"""

DONE_FRAUD: tuple[Ticket, ...] = (
    *tickets("FRAUD", 20, SCORES, days=(96, 6), who=("jonas", "ines"), parent="FRAUD-1", created=_LONG_PLANNED),
    *tickets("FRAUD", 40, FRAUD_BUGS, days=(90, 12), who=("ines",)),
    Ticket(50, "Epic", "Merchants see why a payment was declined", "Done", who="ines", created=110, began=70, quiet=36,
           text="Problem: merchants call to ask why a payment was declined."),
    *tickets("FRAUD", 51, REASONS, days=(60, 37), who=("ines", "jonas"), parent="FRAUD-50", created=100),
)  # fmt: skip
DONE_LEGAL: tuple[Ticket, ...] = tuple(tickets("LEG", 20, CONTRACTS, days=(95, 8), who=("ruth",)))
DONE_CHECKOUT: tuple[Work, ...] = (
    *works(20, FAST_CHECKOUT, days=(54, 8), who=("priya-n", "twrona"), milestone="Fast checkout", created=_AGREED),
    *works(30, CHECKOUT_BUGS, days=(94, 14), who=("priya-n", "jkeller"), labels=("bug",)),
)
DONE_SDK: tuple[Work, ...] = (
    *works(20, SDK_BEFORE, days=(96, 36), who=("sokafor",), milestone="SDK 1.9", created=110),
    *works(30, SDK_TOKENS, days=(52, 9), who=("sokafor",), parent="acme/sdk#1", created=_AGREED),
)
