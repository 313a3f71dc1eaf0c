"""Templates: text with facts, read to leaves; and how values are put."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from rules.facts.fact import Fact, FactType, Voice
from rules.language.templates import TemplateNames, facts_of, parse_template, render, speaker_of
from rules.language.values import Reader
from rules.language.wording import FILTERS, Speaker, joined, plain
from syncd.documents import parse_document
from syncd.model.comments import Day, Line, Quote, Reference, Text
from syncd.model.findings import About
from syncd.model.identity import PlaceId
from syncd.model.truth import Unknown
from tests.rules.rulebook import FRAUD, PAY, VOCABULARY, Blocker, Served, make_fact, make_id

FACTS: dict[str, Fact] = {fact.name: fact for fact in VOCABULARY}
OURS = Speaker(voice=Voice.OURS)
THEIRS = Speaker(place=PAY)
ONE = Blocker(key="PAY-1", title="One", url="u1", item=make_id("1"))
TWO = Blocker(key="F-2", title="Two", place=FRAUD, restricted=True)
REF_ONE = Reference("PAY-1", url="u1", item=make_id("1"), source=PAY)
TITLE_ONE = Quote("One", source=PAY, item=make_id("1"))
REF_TWO = Reference("F-2", source=FRAUD, restricted=True)


def parsed(text: str):
    reader = Reader(parse_document("a: b", "t"))
    template = parse_template(reader, (), text, TemplateNames(vocabulary=FACTS, about=About.ITEM))
    assert not reader.errors, [str(error) for error in reader.errors]
    return template


def rendered(text: str, **values) -> Line:
    named = {name.replace("_", ".", 1): value for name, value in values.items()}
    return render(parsed(text), lambda name: (named.get(name), OURS))


def test_text_stays_text_and_code_becomes_code():
    assert parsed("Label it `outcome:ID`, or `x`.") == (
        Text("Label it "),
        Text("outcome:ID", code=True),
        Text(", or "),
        Text("x", code=True),
        Text("."),
    )


def test_doubled_braces_are_braces():
    assert parsed("{{item.kind}} }}") == (Text("{item.kind} }"),)


def test_a_slot_shows_a_fact_with_or_without_a_filter():
    assert rendered("A {item.kind}: { deps.open_blockers|keys }!", item_kind="bug", deps_open_blockers=(ONE,)) == (
        Text("A "),
        Text("bug"),
        Text(": "),
        REF_ONE,
        Text("!"),
    )
    assert list(facts_of(parsed("{item.kind} {rule.id} {deps.open_blockers | count}"))) == [
        "item.kind",
        "deps.open_blockers",
    ]


@pytest.mark.parametrize("value", [None, "", (), Unknown("dark"), (Unknown("dark"),)])
def test_a_line_with_nothing_to_show_is_no_line(value):
    assert rendered("Similar work: {item.title}.", item_title=value) == ()


class TestPlain:
    @pytest.mark.parametrize(
        ("value", "line"),
        [
            (True, (Text("yes"),)),
            (False, (Text("no"),)),
            (3, (Text("3"),)),
            (3.0, (Text("3"),)),
            (2.5, (Text("2.5"),)),
            (1234567, (Text("1234567"),)),
            (float("inf"), (Text("inf"),)),
            (date(2026, 12, 1), (Day(date(2026, 12, 1)),)),
            (datetime(2026, 12, 1, 23, tzinfo=UTC), (Day(date(2026, 12, 1)),)),
            (timedelta(days=3, hours=5), (Text("3 days"),)),
            (timedelta(hours=5), (Text("5 hours"),)),
        ],
    )
    def test_of_a_value(self, value, line):
        assert plain(value, OURS) == line

    def test_words_are_told_in_their_speakers_voice(self):
        assert plain("x", OURS) == (Text("x"),)
        assert plain("x", Speaker(voice=Voice.ROADMAP)) == (Quote("x"),)
        assert plain("x", Speaker(place=PAY, restricted=True)) == (Quote("x", source=PAY, restricted=True),)

    def test_dates_of_a_place_are_told_as_its(self):
        assert plain(date(2026, 12, 1), THEIRS) == (Day(date(2026, 12, 1), source=PAY),)

    def test_a_list_names_keys_and_titles_and_skips_what_is_not_known(self):
        assert plain((ONE, Unknown("dark")), THEIRS) == (REF_ONE, Text(" ("), TITLE_ONE, Text(")"))


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("keys", (ONE, TWO), (REF_ONE, Text(" and "), REF_TWO)),
        ("title", (ONE, TWO), (TITLE_ONE, Text(" and "), Quote("Two", source=FRAUD, restricted=True))),
        ("title", (Served(id="a", title="A"),), (Quote("A"),)),
        ("keys", (Served(id="a", title="A"),), (Quote("A"),)),
        ("names", ("x", "y"), (Quote("x", source=PAY), Text(" and "), Quote("y", source=PAY))),
        ("list", ("x",), (Quote("x", source=PAY),)),
        ("count", (ONE, TWO, Unknown("dark")), (Text("2"),)),
        ("ring", (ONE, TWO), (REF_ONE, Text(" → "), REF_TWO, Text(" → "), REF_ONE)),
        ("ring", (), ()),
        ("chain", (ONE, TWO), (REF_ONE, Text(" → "), REF_TWO)),
        ("chain", (Unknown("dark"),), ()),
        ("link", (ONE, TWO), (REF_ONE,)),
        ("link", (TWO,), ()),
        ("percent", 0.424, (Text("42 %"),)),
        ("percent", 1, (Text("100 %"),)),
        ("percent", 0, (Text("0 %"),)),
        ("percent", 0.004, (Text("0.4 %"),)),
        ("percent", float("inf"), (Text("inf"),)),
        ("percent", None, ()),
        ("date", date(2026, 12, 1), (Day(date(2026, 12, 1), source=PAY),)),
        ("words", "not_now", (Quote("not now", source=PAY),)),
        ("words", None, ()),
    ],
)
def test_a_filter_puts_a_value(name, value, line):
    assert FILTERS[name].put(value, THEIRS) == line


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "0"), (2, "0 and 1"), (3, "0, 1 and 2"), (6, "0, 1, 2, 3, 4 and 5"), (8, "0, 1, 2, 3, 4 and 3 more")],
)
def test_of_many_the_first_are_named_and_the_rest_counted(count, text):
    line = joined([(Text(str(number)),) for number in range(count)])

    assert "".join(leaf.text for leaf in line if isinstance(leaf, Text)) == text


def test_a_field_that_is_not_known_is_not_shown():
    class Dark(msgspec.Struct, frozen=True, kw_only=True):
        key: str
        title: str | Unknown = Unknown("it can't be read")
        place: PlaceId | None = PAY

    assert FILTERS["names"].put((Dark(key="PAY-3"),), THEIRS) == (Reference("PAY-3", source=PAY),)


def test_of_a_long_ring_the_first_keys_are_named_and_the_rest_counted():
    ring = tuple(Blocker(key=f"PAY-{number}") for number in range(1, 501))
    line = FILTERS["ring"].put(ring, THEIRS)
    assert [leaf.key for leaf in line if isinstance(leaf, Reference)] == [*(f"PAY-{n}" for n in range(1, 10)), "PAY-1"]
    assert Text("491 more") in line


@pytest.mark.parametrize("filter_name", ["ring", "chain"])
def test_of_a_long_way_the_first_keys_are_named_and_the_rest_counted(filter_name):
    line = FILTERS[filter_name].put(tuple(Blocker(key=f"PAY-{number}") for number in range(1, 21)), THEIRS)
    assert line[-1] == (Text("11 more") if filter_name == "chain" else Reference("PAY-1", source=PAY))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{item.kind | percent}", "filter 'percent' does not fit 'item.kind' (text). Possible: words."),
        ("{item.estimate | date}", "filter 'date' does not fit 'item.estimate' (number). Possible: percent."),
        ("{item.labels | chain}", "filter 'chain' does not fit 'item.labels' (texts). Possible: names, keys, title,"),
        ("{item.estimate | prcent}", "unknown filter 'prcent'. Did you mean 'percent'?"),
        ("{item.in_play | percent}", "filter 'percent' does not fit 'item.in_play' (bool). None can stand here."),
        ("{trace.outcomes | keys}", "members of 'trace.outcomes' have no key to show; use the filter 'title'"),
        ("{trace.outcomes | link}", "members of 'trace.outcomes' have no key to show; use the filter 'title'"),
        ("{deps.open_blockers | keys | link}", "'deps.open_blockers' has two filters; one can stand here"),
    ],
)
def test_a_filter_that_does_not_fit_is_refused(text, error):
    reader = Reader(parse_document("a: b", "t"))
    parse_template(reader, (), text, TemplateNames(vocabulary=FACTS, about=About.ITEM))
    assert [told.message.startswith(error) for told in reader.errors] == [True], reader.errors


@pytest.mark.parametrize(
    ("given", "voice"),
    [
        pytest.param({"values": ("active", "paused"), "voice": Voice.ROADMAP}, Voice.ROADMAP, id="of-an-outcome"),
        pytest.param({"values": ("todo", "done")}, Voice.OURS, id="of-an-item"),
        pytest.param({"voice": Voice.OURS}, Voice.OURS, id="ours"),
        pytest.param({}, Voice.TRACKER, id="the-items-own"),
    ],
)
def test_a_closed_set_is_ours_unless_it_tells_of_the_roadmap(given, voice):
    assert speaker_of(make_fact("x.y", FactType.TEXT, **given), THEIRS).voice is voice
