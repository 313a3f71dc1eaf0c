import copy
from typing import Any

import msgspec

from syncd.model.identity import ContainerId, Ref
from syncd.model.items import Direction, Item, LinkRef, Person
from syncd.store.sharing import Sharing
from tests.builders import make_item


def make_items() -> list[Item]:
    """Return items as they come out of the store: nothing of one is part of another."""
    blocked = LinkRef(name="Blocks", direction=Direction.IN, target=Ref("jira", "nPAY-3", "PAY-3"))
    given: dict[str, Any] = {
        "labels": ("a", "b"),
        "assignees": (Person("Ann", "ann"),),
        "sprints": (ContainerId("jira", "sprint", "7"),),
        "parent": Ref("jira", "nPAY-3", "PAY-3"),
        "links": (blocked,),
        "fields": {"Story Points": 3.0},
    }
    items = [*(make_item(f"PAY-{number}", **given) for number in (1, 2)), make_item("PAY-3"), make_item("acme/x#1")]
    decode = msgspec.json.Decoder(Item).decode
    return [decode(msgspec.json.encode(item)) for item in items]


def test_items_stay_what_they_were():
    given = make_items()
    sharing = Sharing()
    assert [sharing.shared(copy.deepcopy(item)) for item in given] == given


def test_what_is_equal_is_one_object():
    sharing = Sharing()
    one, other, parent, _ = map(sharing.shared, make_items())
    for name in ("labels", "assignees", "sprints", "parent", "fields", "place"):
        assert getattr(one, name) is getattr(other, name)
    assert one.links[0].target is one.parent
    assert one.parent is not None
    assert one.parent.native_id is parent.id.native_id


def test_yes_and_one_are_two_values():
    sharing = Sharing()
    items = [make_item(f"PAY-{number}", fields={"Flag": value}) for number, value in enumerate((True, 1.0))]
    assert [repr(sharing.shared(item).fields["Flag"]) for item in items] == ["True", "1.0"]
