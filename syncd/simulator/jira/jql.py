"""The query language of searches, read into a tree: the part of JQL that the simulated Jira understands."""

import re

import msgspec

_TOKEN = re.compile(
    r"""\s+|(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<op>>=|<=|!=|!~|=|>|<|~|&&|\|\||!)"""
    r"""|(?P<mark>[(),])|(?P<word>[^\s()=<>!,~"'&|]+)"""
)
_RESERVED = frozenset({"and", "or", "not", "in", "is", "empty", "null", "order", "by", "asc", "desc", "was", "changed"})
_NEGATED = {"=": "!=", "!=": "=", "in": "not in", "not in": "in", "is": "is not", "is not": "is"}
_NEGATED |= {">": "<=", "<=": ">", "<": ">=", ">=": "<", "~": "!~", "!~": "~"}
_ORDER_MAX = 7


class JqlError(Exception):
    """The query can't be understood; the message is Jira's."""


class Clause(msgspec.Struct, frozen=True):
    """One comparison: the field as written in lower case, the operator, the operands (none means EMPTY)."""

    field: str
    op: str
    values: tuple[str, ...]


class Junction(msgspec.Struct, frozen=True):
    """All (``is_and``) or any of several conditions."""

    is_and: bool
    parts: "tuple[Condition, ...]"


Condition = Clause | Junction


class Query(msgspec.Struct, frozen=True):
    """A query: its condition, nothing where everything matches, and what to sort by, True for descending."""

    where: Condition | None
    order: tuple[tuple[str, bool], ...]


class _Token(msgspec.Struct, frozen=True):
    text: str
    kind: str
    at: int


def parse(jql: str) -> Query:
    """Read a query; JqlError says what is wrong with it."""
    return _Parser(_tokens(jql)).query()


def _tokens(jql: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(jql):
        found = _TOKEN.match(jql, at)
        if found is None:
            raise JqlError(f"Error in the JQL Query: The character '{jql[at]}' is not expected (character {at + 1}).")
        at = found.end()
        if kind := found.lastgroup:
            text = found[kind]
            tokens.append(_Token(_unquoted(text) if kind == "quoted" else text, kind, found.start() + 1))
    return tokens


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


class _Parser:
    """Recursive descent over the tokens; NOT is pushed down to the clauses, as Jira does."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def query(self) -> Query:
        where = None if self._is_done() or self._sees("order") else self._any(is_negated=False)
        order = self._order() if self._takes("order") else ()
        if not self._is_done():
            raise self._unexpected("Expecting either 'OR' or 'AND' but got")
        return Query(where, order)

    def _any(self, *, is_negated: bool) -> Condition:
        parts = [self._all(is_negated=is_negated)]
        while self._takes("or", "||"):
            parts.append(self._all(is_negated=is_negated))
        return parts[0] if len(parts) == 1 else Junction(is_negated, tuple(parts))

    def _all(self, *, is_negated: bool) -> Condition:
        parts = [self._factor(is_negated=is_negated)]
        while self._takes("and", "&&"):
            parts.append(self._factor(is_negated=is_negated))
        return parts[0] if len(parts) == 1 else Junction(not is_negated, tuple(parts))

    def _factor(self, *, is_negated: bool) -> Condition:
        if self._takes("not", "!"):
            return self._factor(is_negated=not is_negated)
        if self._takes("("):
            inner = self._any(is_negated=is_negated)
            self._expect(")")
            return inner
        clause = self._clause()
        return Clause(clause.field, _NEGATED[clause.op], clause.values) if is_negated else clause

    def _clause(self) -> Clause:
        field = self._take("Expecting a field name but got")
        if field.kind not in ("word", "quoted") or self._is_reserved(field):
            raise self._unexpected("Expecting a field name but got", field)
        name = field.text.lower()
        if self._takes("is"):
            op = "is not" if self._takes("not") else "is"
            if not self._takes("empty", "null"):
                raise self._unexpected("Expecting EMPTY or NULL but got")
            return Clause(name, op, ())
        if self._takes("in"):
            return Clause(name, "in", self._list())
        if self._takes("not"):
            self._expect("in")
            return Clause(name, "not in", self._list())
        op_token = self._take("Expecting operator but got")
        if op_token.kind != "op" or op_token.text in ("&&", "||", "!"):
            raise self._unexpected("Expecting operator but got", op_token)
        if self._takes("empty", "null"):
            return Clause(name, {"=": "is", "!=": "is not"}.get(op_token.text, op_token.text), ())
        return Clause(name, op_token.text, (self._value(),))

    def _list(self) -> tuple[str, ...]:
        self._expect("(")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> str:
        token = self._take("Expecting a value but got")
        if token.kind not in ("word", "quoted") or self._is_reserved(token):
            raise self._unexpected("Expecting a value but got", token)
        if token.kind == "word" and self._takes("("):
            self._expect(")")
            return f"{token.text}()"
        return token.text

    def _order(self) -> tuple[tuple[str, bool], ...]:
        self._expect("by")
        order = [self._sort()]
        while self._takes(","):
            order.append(self._sort())
        if len(order) > _ORDER_MAX:
            raise JqlError(f"The maximum number of fields to sort by is {_ORDER_MAX}.")
        return tuple(order)

    def _sort(self) -> tuple[str, bool]:
        token = self._take("Expecting a field name but got")
        if token.kind not in ("word", "quoted") or self._is_reserved(token):
            raise self._unexpected("Expecting a field name but got", token)
        is_descending = self._takes("desc")
        if not is_descending:
            self._takes("asc")
        return token.text.lower(), is_descending

    def _is_done(self) -> bool:
        return self._next >= len(self._tokens)

    def _is_reserved(self, token: _Token) -> bool:
        return token.kind == "word" and token.text.lower() in _RESERVED

    def _sees(self, *texts: str) -> bool:
        if self._is_done():
            return False
        token = self._tokens[self._next]
        return token.kind != "quoted" and token.text.lower() in texts

    def _takes(self, *texts: str) -> bool:
        if not self._sees(*texts):
            return False
        self._next += 1
        return True

    def _take(self, otherwise: str) -> _Token:
        if self._is_done():
            raise self._unexpected(otherwise)
        self._next += 1
        return self._tokens[self._next - 1]

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise self._unexpected(f"Expecting '{text}' but got")

    def _unexpected(self, expecting: str, token: _Token | None = None) -> JqlError:
        token = token or (None if self._is_done() else self._tokens[self._next])
        got = "the end of the query" if token is None else f"'{token.text}' (character {token.at})"
        return JqlError(f"Error in the JQL Query: {expecting} {got}.")
