"""Files of cases in which something was struck, doubled or mistyped: each is run, or told in lines with places."""

import random
import re

import pytest

from syncd.documents import parse_leniently
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.testing import judge_case, load_cases
from tests.testing.test_default_pack import FOLDER, GROUND

TEXTS = [path.read_text() for path in sorted((FOLDER / "default/rules/tests").glob("*.yaml"))]
STRANGE = ["null", "{}", "[]", "-1", "1e9", "99999wd ago", "0001-01-01", "9999-12-31T23:59", "in 99999w", "'", '"', ":"]
WORDS = sorted(set(re.findall(r"[\w:#/.-]+", " ".join(TEXTS)))) + STRANGE
TOKEN = re.compile(r"[\w:#/.-]+|[\[\]{},]")


def mutated(chance: random.Random) -> str:
    head, _, rest = chance.choice(TEXTS).partition("cases:\n")
    cases = re.split(r"(?m)^(?=  - name)", rest)[1:]
    text = head + "cases:\n" + "".join(chance.sample(cases, 3))
    for _ in range(chance.randint(1, 3)):
        token = chance.choice(list(TOKEN.finditer(text)))
        other = chance.choice([chance.choice(WORDS), "", token.group() * 2])
        text = text[: token.start()] + other + text[token.end() :]
    return text


def outcome(text: str) -> list[ConfigError]:
    try:
        for case in load_cases([parse_leniently(text, "tests/work.yaml")], GROUND):
            judge_case(case)
    except ConfigErrors as errors:
        return errors.errors
    return []


@pytest.mark.parametrize("seed", range(8))
def test_a_mistake_is_a_line_with_a_place(seed):
    chance = random.Random(seed)
    found = [outcome(mutated(chance)) for _ in range(60)]

    for error in (error for errors in found for error in errors):
        assert error.file == "tests/work.yaml"
        assert error.line >= 1
        assert "\n" not in str(error)
    assert [] in found
    assert any(found)
