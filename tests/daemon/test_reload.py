"""Edited configurations: how the files come does not matter, what is in them does."""

import os
import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from syncd.clock import SystemClock
from syncd.daemon.reload import Reloader, contents
from syncd.daemon.service import Service
from syncd.documents import read_document
from tests.daemon.ground import RULES

INTERVAL = timedelta(milliseconds=20)
GRACE = timedelta(seconds=10)
TICK = threading.Event()
HIGH = RULES.replace("{trace.state: unlinked}", "{item.priority: High}")


def wait_until(condition):
    for _ in range(1000):
        if condition():
            return
        TICK.wait(0.01)
    pytest.fail("it did not come about within ten seconds")


@pytest.fixture
def logs():
    with capture_logs() as logs:
        yield logs


class House:
    """A service whose rules stand in a folder, with one item that they are about."""

    def __init__(self, ground, folder, logs):
        self.ground, self.folder, self.logs = ground, folder, logs
        (folder / "default/rules").mkdir(parents=True)
        self.rules = folder / "default/rules/rules.yaml"
        self.rules.write_text(RULES)
        ground.clock.set(SystemClock().now() - timedelta(hours=1))
        self.item = ground.board.add("one")
        workspaces = self.load()
        self.service = Service(workspaces, ground.clock, poll_every=INTERVAL, census_every=timedelta(days=1))
        self.reloader = Reloader(folder, self.load, self.service, workspaces, ground.clock)

    def load(self):
        documents = [read_document(path, path.name) for path in sorted(self.folder.glob("default/rules/*.yaml"))]
        charter = replace(self.ground.workspace.charter, rules=load_rules(documents, all_facts()))
        return [replace(self.ground.workspace, charter=charter)]

    def edited(self):
        return [line for line in self.logs if line["event"] == "configuration edited"]

    def configured(self):
        return self.service.readiness().details["configuration"]


@pytest.fixture
def house(make_ground, tmp_path, logs):
    house = House(make_ground(), tmp_path / "config", logs)
    yield house
    house.service.stop(GRACE)


def test_a_good_edit_says_what_it_changes_and_then_holds(house):
    house.service.start()
    wait_until(lambda: house.ground.ours(house.item))

    house.rules.write_text(HIGH)
    house.reloader.look()

    (edit,) = house.edited()
    assert (edit["findings_added"], edit["findings_resolved"]) == (0, 1)
    assert edit["rules"] == {"no-outcome": "+0 -1"}
    house.ground.pass_time(minutes=1)
    wait_until(lambda: house.ground.labels(house.item) == ())


def test_only_what_was_edited_is_judged_to_say_what_changes(house):
    (house.folder / "default/rules/more.yaml").write_text(
        "rules: [{id: other, title: O, message: M., when: {item.kind: other}}]\n"
    )
    house.reloader.look()
    (edit,) = house.edited()
    assert edit["judged_rules"] == 1


def test_a_bad_edit_is_refused_with_its_places_and_the_last_good_one_stays(house):
    house.service.start()
    house.rules.write_text(RULES.replace("unlinked", "unlnked"))
    house.reloader.look()

    wait_until(lambda: house.ground.ours(house.item))
    (refused,) = [line for line in house.logs if line["event"].startswith("configuration refused")]
    assert refused["errors"][0].startswith("rules.yaml:5:25: unknown value 'unlnked'. Did you mean 'unlinked'?")
    assert house.configured()["errors"] == list(refused["errors"])

    house.rules.write_text(HIGH)
    house.reloader.look()
    assert house.configured()["errors"] == []


def test_the_same_text_again_is_no_edit(house):
    house.rules.write_text(RULES)
    os.utime(house.rules, (1, 1))
    house.reloader.look()
    assert house.edited() == []


def swapped_by_an_editor(house):
    new = house.rules.with_name("rules.yaml~new")
    new.write_text(HIGH)
    new.replace(house.rules)


def replaced_by_a_folder(house):
    folder = house.folder / "default/rules"
    folder.rename(house.folder / "default/old")
    folder.mkdir()
    (folder / "other.yaml").write_text(HIGH)


def removed(house):
    house.rules.unlink()


@pytest.mark.parametrize("edit", [swapped_by_an_editor, replaced_by_a_folder, removed])
def test_edits_are_seen_however_they_are_made(house, edit):
    house.reloader.start()
    try:
        edit(house)
        wait_until(house.edited)
    finally:
        house.reloader.stop()


def test_a_config_map_that_is_swapped_behind_its_link_is_seen(make_ground, tmp_path, logs):
    mounted = tmp_path / "mounted"
    for version, text in (("one", RULES), ("two", HIGH)):
        (mounted / f"..{version}/default/rules").mkdir(parents=True)
        (mounted / f"..{version}/default/rules/rules.yaml").write_text(text)
    (mounted / "..data").symlink_to("..one")
    (mounted / "default").symlink_to("..data/default")

    class Mounted(House):
        def __init__(self, ground, folder, logs):
            self.ground, self.folder, self.logs = ground, folder, logs
            workspaces = self.load()
            self.service = Service(workspaces, ground.clock, poll_every=INTERVAL, census_every=timedelta(days=1))
            self.reloader = Reloader(folder, self.load, self.service, workspaces, ground.clock)

    house = Mounted(make_ground(), mounted, logs)
    house.reloader.start()
    try:
        (mounted / "..new").symlink_to("..two")
        (mounted / "..new").replace(mounted / "..data")
        wait_until(house.edited)
    finally:
        house.reloader.stop()


def test_a_tracker_that_comes_is_polled_and_one_that_goes_is_not(make_ground, logs):
    ground = make_ground("here", "there")
    ground.clock.set(SystemClock().now() - timedelta(hours=1))
    item = ground.boards["there"].add("one")
    whole = ground.workspace
    part = replace(whole, trackers={"here": ground.trackers["here"]})
    service = Service([part], ground.clock, poll_every=INTERVAL, census_every=timedelta(days=1))
    service.start()
    try:
        service.replace([whole])
        wait_until(lambda: ground.ours(item))
        service.replace([part])
        count = ground.boards["there"].request_count
        TICK.wait(0.2)
        assert ground.boards["there"].request_count <= count + 1, "one poll may have been under way"
        service.replace([])
        wait_until(lambda: service.readiness().details == {"workspaces": {}})
    finally:
        service.stop(GRACE)
    assert [line for line in logs if line["log_level"] == "error"] == []


def errors_in(logs):
    return [line for line in logs if line["log_level"] == "error"]


def test_several_files_that_are_written_one_after_the_other_are_one_edit(house):
    house.reloader.start()
    try:
        TICK.wait(0.3)  # until it watches
        house.rules.write_text("rules:\n")
        TICK.wait(0.1)
        house.rules.write_text("rules: [{id: half\n")
        TICK.wait(0.1)
        house.rules.write_text(HIGH)
        wait_until(house.edited)
    finally:
        house.reloader.stop()
    assert len(house.edited()) == 1
    assert errors_in(house.logs) == []


def test_what_is_edited_while_it_is_read_for_the_first_time_is_an_edit(house):
    seen = contents(house.folder)
    workspaces = house.load()
    house.rules.write_text(HIGH)
    reloader = Reloader(house.folder, house.load, house.service, workspaces, house.ground.clock, seen)

    reloader.look()

    assert len(house.edited()) == 1


def test_an_editor_s_lock_is_no_edit(house):
    before = contents(house.folder)
    house.rules.with_name(".#rules.yaml").symlink_to("somebody@somewhere.1234")
    assert contents(house.folder) == before


def test_links_that_lead_back_are_not_followed_round_and_round(house):
    before = contents(house.folder)
    for number in range(20):
        (house.folder / f"default/rules/{number}").symlink_to("..")
    assert contents(house.folder) == before


def test_whatever_goes_wrong_in_reading_an_edit_is_seen_and_changes_nothing(house):
    def load():
        raise RuntimeError("nobody thought of that")

    workspaces = [house.ground.workspace]
    reloader = Reloader(house.folder, load, house.service, workspaces, house.ground.clock)
    house.rules.write_text(HIGH)

    reloader.look()

    assert house.configured()["errors"] == ["RuntimeError: nobody thought of that"]
    assert house.service.workspace_names == ["default"]


def test_an_edit_takes_effect_though_nobody_can_say_what_it_changes(house):
    house.service.start()
    wait_until(lambda: house.ground.ours(house.item))

    class Broken:
        def __getattr__(self, name):
            raise RuntimeError("no such table")

    def load():
        return [replace(workspace, store=Broken()) for workspace in House.load(house)]

    reloader = Reloader(house.folder, load, house.service, House.load(house), house.ground.clock)
    house.rules.write_text(HIGH)
    reloader.look()

    (said,) = [line["event"] for line in errors_in(house.logs)]
    assert said == "what the edit changes could not be worked out"
    assert house.configured()["errors"] == []


def test_a_workspace_that_goes_is_told(house):
    reloader = Reloader(house.folder, list, house.service, House.load(house), house.ground.clock)
    house.rules.write_text(HIGH)
    reloader.look()
    assert [line["workspace"] for line in house.logs if line["event"] == "workspace removed"] == ["default"]
    assert house.service.workspace_names == []


def test_where_a_folder_can_not_be_watched_that_is_told_once(house, tmp_path):
    house.folder.rename(tmp_path / "away")
    house.reloader.start()
    try:
        wait_until(lambda: [line for line in house.logs if line["event"] == "the configuration could not be watched"])
    finally:
        house.reloader.stop()
    assert house.reloader.ended(GRACE)
    assert errors_in(house.logs) == []


def test_a_stop_waits_for_no_edit_that_is_being_read(house):
    entered, left = threading.Event(), threading.Event()

    def load():
        entered.set()
        assert left.wait(10)
        return House.load(house)

    reloader = Reloader(house.folder, load, house.service, House.load(house), house.ground.clock)
    reloader.start()
    TICK.wait(0.3)  # until it watches
    house.rules.write_text(HIGH)
    assert entered.wait(10)

    reloader.stop()
    assert not reloader.ended(timedelta(milliseconds=10))
    read_at = house.configured()["read_at"]
    left.set()

    assert reloader.ended(GRACE)
    assert house.configured()["read_at"] == read_at, "it took no effect"
