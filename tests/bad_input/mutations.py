"""YAML files as people break them: copies of the files that ship with syncd with a few seeded mistakes each."""

import random
from collections.abc import Callable
from pathlib import Path

WORDS = (
    *("null", "~", "true", "yes", "0", "-1", "1e999", "3d", "2wd", "2026-12-31", "2026-02-30", "''", '"x"', "[]", "{}"),
    *("[1, 2]", "{a: 1}", "{fact: item.kind}", "{param: x}", "{field: x}", "*x", "&x 1", "!!python/object x", "<<"),
    *("item.kind", "trace.state", "deps.open_blockers", "outcome.gates", "item.history", "{item.key | keys}", "{", "?"),
    *("jira:PAY-1", "20%", "x" * 400, "\N{SNOWMAN}", "\N{RIGHT-TO-LEFT OVERRIDE}x", "a: b: c"),
    *("some", "changed", "between", "older_than", "teams", "default", "within", "set", "any", "not", "count"),
)
SIGNS = "{}[]:,#&*!|>'\"%@`-?\t\n \\\0\x07\ud800\N{BYTE ORDER MARK}é0aA"


def mutated(text: str, seed: int) -> str:
    """Return a text with one to four mistakes, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4))):
        text = chance.choice(_MISTAKES)(text, chance)
    return text


def _other_value(text: str, chance: random.Random) -> str:
    """Put another value, or key, into the place of one."""
    places = [at for at, sign in enumerate(text) if sign in ":-[{,"] or [0]
    start = chance.choice(places) + 1
    end = start
    while end < len(text) and text[end] not in ",}]\n:":
        end += 1
    return f"{text[:start]} {chance.choice(WORDS)}{text[end:]}"


def _sign(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(SIGNS) + text[at + chance.randrange(2) :]


def _cut(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.randrange(1, 60) :]


def _lines(text: str, chance: random.Random) -> str:
    """Take a line away, write it twice, move it, or indent it."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    line = lines.pop(at)
    there = chance.randrange(len(lines) + 1)
    return "\n".join(
        chance.choice(
            (
                lines,
                [*lines[:at], line, line, *lines[at:]],
                [*lines[:there], line, *lines[there:]],
                [*lines[:at], chance.choice(("  ", "\t", "      ")) + line, *lines[at:]],
                [*lines[:at], line.lstrip(), *lines[at:]],
            )
        )
    )


def _part_of_another(text: str, chance: random.Random) -> str:
    """Put a piece of the text somewhere else in it."""
    start = chance.randrange(len(text) + 1)
    piece = text[start : start + chance.randrange(1, 80)]
    at = chance.randrange(len(text) + 1)
    return text[:at] + piece + text[at:]


def _other_word(text: str, chance: random.Random) -> str:
    """Misspell a word, or put another word of the text into its place."""
    words = text.split(" ")
    at = chance.randrange(len(words))
    word = words[at]
    letter = chance.randrange(len(word) + 1)
    words[at] = chance.choice(
        (word[:letter] + word[letter + 1 :], word[:letter] + "x" + word[letter:], chance.choice(words))
    )
    return " ".join(words)


_MISTAKES: tuple[Callable[[str, random.Random], str], ...] = (
    _other_value, _other_value, _other_value, _sign, _cut, _lines, _part_of_another, _other_word,
)  # fmt: skip


def write(path: Path, text: str) -> None:
    """Write a text, halves of surrogate pairs too, which no UTF-8 has."""
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
