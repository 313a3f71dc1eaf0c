"""`syncd measure`: what is told of a measure, what that means, and what is refused before anything is stored."""

import json

import pytest

from tests.cli.running import Ended, syncd

ROADMAP = """
outcomes:
  - id: checkout-latency
    title: Shoppers finish checkout without waiting
    horizon: next
    was: [fast-checkout]
    measures:
      - {id: p95, name: Checkout p95, unit: s, baseline: 2.4, target: 1.2, readings: measures/checkout.csv}
      - {id: score, target: 40}
  - {id: wallet, title: Shoppers pay with the wallet, horizon: later}
"""


@pytest.fixture
def config(config):
    config.configure(roadmap=ROADMAP)
    config.write("default/measures/checkout.csv", "on,value\n2025-11-03,2.1\n")
    return config


def measure(config, *words: str) -> Ended:
    return syncd("measure", *words, "--config", str(config.config))


def told(config, *words: str) -> str:
    ended = measure(config, *words)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def test_a_reading_is_stored_and_said_what_it_means(config):
    line = told(config, "checkout-latency", "p95", "1.4", "--on", "2025-11-20")

    assert line == "checkout-latency p95: 1.4 s on 2025-11-20: 83 % of the way from 2.4 to 1.2.\n"
    assert told(config, "checkout-latency", "p95").splitlines()[1:] == [
        "  p95  Checkout p95, from 2.4 s to 1.2 s",
        "    2025-11-03  2.1 s: 25 % of the way from 2.4 to 1.2",
        "    2025-11-20  1.4 s: 83 % of the way from 2.4 to 1.2",
    ]


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("1.2", ": the target of 1.2 is reached."),
        ("0.9", ": the target of 1.2 is reached."),
        ("2.4", ": 0 % of the way from 2.4 to 1.2."),
        ("2.5", ": farther from the target of 1.2 than 2.4, where it began."),
    ],
)
def test_a_value_at_or_beyond_the_ends_of_the_way(config, value, meaning):
    assert told(config, "checkout-latency", "p95", value, "--on", "2025-11-20").endswith(f"{meaning}\n")


def test_without_a_day_it_is_of_today_and_a_value_may_be_below_zero(config):
    line = told(config, "checkout-latency", "score", "-3.5")

    assert line.startswith("checkout-latency score: -3.5 on 20")
    assert line.endswith("; the target is 40.\n")


def test_the_last_word_on_a_day_counts_and_the_one_before_is_named(config):
    told(config, "checkout-latency", "p95", "1.4", "--on", "2025-11-20")

    line = told(config, "checkout-latency", "p95", "1.5", "--on", "2025-11-20")

    assert line.endswith(" Before, 1.4 s was told of that day.\n")


def test_a_reading_is_taken_back(config):
    told(config, "checkout-latency", "p95", "1.4", "--on", "2025-11-20")

    told(config, "checkout-latency", "p95", "--remove", "--on", "2025-11-20")

    assert "2025-11-20" not in told(config, "checkout-latency")
    again = measure(config, "checkout-latency", "p95", "--remove", "--on", "2025-11-20")
    assert (again.code, again.err) == (2, "nothing was told of checkout-latency p95 on 2025-11-20\n")


def test_a_name_that_it_had_before_means_the_outcome(config):
    assert told(config, "Fast-Checkout", "P95", "1.4", "--on", "2025-11-20").startswith("checkout-latency p95: 1.4 s")


def test_without_an_outcome_the_last_reading_of_every_measure_is_listed(config):
    assert told(config).splitlines() == [
        "checkout-latency  Shoppers finish checkout without waiting",
        "  p95  Checkout p95, from 2.4 s to 1.2 s",
        "    2025-11-03  2.1 s: 25 % of the way from 2.4 to 1.2",
        "  score, to 40",
        "    not measured yet: syncd measure checkout-latency score VALUE",
    ]


def test_what_a_file_says_otherwise_later_counts_and_that_is_told(config):
    told(config, "checkout-latency", "p95", "1.4", "--on", "2025-11-20")
    config.write("default/measures/checkout.csv", "on,value\n2025-11-20,1.6\n")

    *_, reading, _, _, warning = told(config, "checkout-latency").splitlines()

    assert reading == "    2025-11-20  1.6 s: 66 % of the way from 2.4 to 1.2"
    assert warning == (
        "warning: default/roadmap.yaml: p95 of 'checkout-latency' was 1.6 on 2025-11-20 by its file and 1.4 by"
        " `syncd measure`; the file counts"
    )


def test_readings_for_a_machine(config):
    (row,) = json.loads(told(config, "checkout-latency", "--json"))

    assert (row["measure"], row["on"], row["value"], row["target"]) == ("p95", "2025-11-03", 2.1, 1.2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chekout-latency", "p95", "1"], "no outcome 'chekout-latency' on the roadmap. Did you mean 'checkout-late"),
        (["checkout-latency", "p96", "1"], "outcome 'checkout-latency' has no measure 'p96'. Did you mean 'p95'?"),
        (["checkout-latency", "1.4"], "name a measure of 'checkout-latency': p95, score"),
        (["wallet", "p95", "1"], "outcome 'wallet' has no measures; default/roadmap.yaml would name them"),
        (["checkout-latency", "p95", "1,4"], "read '1,4'; expected a number such as 1.4; write 1.4"),
        (["checkout-latency", "p95", "1.4s"], "read '1.4s'; expected a number such as 1.4, without its unit"),
        (["checkout-latency", "p95", "nan"], "read 'nan'; expected a number such as 1.4"),
        (["checkout-latency", "p95", "1", "--on", "soon"], "--on: read 'soon'; expected a day such as 20"),
        (["checkout-latency", "p95", "1", "--on", "2025-02-30"], "--on: read '2025-02-30'; expected a day"),
        (["checkout-latency", "p95", "1", "--on", "2999-01-01"], "--on: 2999-01-01 is in the future; today is 20"),
        (["checkout-latency", "p95", "1", "--on", "2025-11-03"], "default/roadmap.yaml: the roadmap's files say that"),
        (["checkout-latency", "p95", "--remove"], "say which day's reading to take back: --on 2026-11-20"),
    ],
)
def test_what_can_not_be_told_is_one_line_and_nothing_is_stored(config, words, message):
    before = told(config)

    ended = measure(config, *words)

    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith(message)
    assert told(config) == before
