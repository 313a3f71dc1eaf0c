"""Cases run the way of a pass: what is told where, what is pending, what is unknown, and what is remembered."""

import pytest
from msgspec.structs import replace

from syncd.model.items import Stage
from syncd.model.truth import Unknown
from tests.testing.workspace import GROUND, differences, make_ground, verdict

BUSY = "status: in_progress"


def passes(text: str, **more) -> bool:
    return differences(text, **more) == []


class TestOneMoment:
    def test_a_short_case_has_what_an_ordinary_item_has(self):
        assert passes(f"items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: PAY-1}}")

    def test_what_is_not_expected_must_not_hold(self):
        assert differences(f"items: {{PAY-1: {{{BUSY}}}}}, expect: nothing") == [
            ("unlinked", "PAY-1", "does not hold", "told on PAY-1")
        ]

    def test_what_is_expected_must_hold(self):
        assert differences("items: {PAY-1: {}}, expect: {unlinked: PAY-1}") == [
            ("unlinked", "PAY-1", "told on PAY-1", "does not hold")
        ]
        assert differences("items: {PAY-1: {status: done}}, expect: {unlinked: PAY-1}") == [
            ("unlinked", "PAY-1", "told on PAY-1", "does not apply")
        ]

    def test_a_mismatch_shows_the_facts_that_the_rule_read(self):
        (found,) = verdict("items: {PAY-1: {sprint: active}}, expect: nothing").mismatches

        assert ("trace.state", "unlinked") in found.facts
        assert ("item.in_play", "yes") in found.facts

    def test_pending_says_from_when_it_is_told(self):
        text = f"items: {{PAY-1: {{{BUSY}, changed: 1wd ago}}}}, expect: {{unlinked: PAY-1}}"

        assert differences(text) == [
            (
                *("unlinked", "PAY-1", "told on PAY-1"),
                "pending: it holds since 2026-11-24 12:00 and is told from 2026-11-26 00:00",
            )
        ]

    def test_times_are_in_the_calendars_zone(self):
        calendar = "calendar: {timezone: America/New_York}"
        text = f"{calendar}, now: 2026-11-24T23:00, items: {{PAY-1: {{{BUSY}, changed: 1wd ago}}}}"

        ((*_, got),) = differences(f"{text}, expect: nothing")
        assert got == "pending: it holds since 2026-11-23 23:00 and is told from 2026-11-25 00:00"

    @pytest.mark.parametrize(("place", "state"), [("PAY", "told"), ("FRAUD", "labelled"), ("LEG", "silent")])
    def test_the_stage_of_a_place_decides_what_is_written(self, place, state):
        assert passes(f"items: {{{place}-1: {{{BUSY}}}}}, expect: {{unlinked: {{{place}-1: {state}}}}}")

    def test_the_stage_of_a_team_decides_too_unless_the_cases_bring_their_trackers_along(self):
        ground = replace(GROUND, policy=replace(GROUND.policy, team_stages={"payments": Stage.LABELS}))
        own = "trackers: {jira: {kind: jira, projects: {PAY: {team: payments}}}}"
        text = f"items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: {{PAY-1: STATE}}}}"

        assert passes(text.replace("STATE", "labelled"), ground=ground)
        assert passes(text.replace("STATE", "told"), top=own, ground=ground)

    def test_a_public_place_gets_labels_unless_an_admin_opened_it_for_comments(self):
        text = "items: {acme/sdk#1: {category: in_progress, status: Doing}}"

        assert passes(f"{text}, expect: {{unlinked: {{acme/sdk#1: labelled}}}}")

    def test_who_is_told_severity_and_words_are_compared(self):
        text = "items: {PAY-1: {blocked_by: PAY-2, sprint: closed}, PAY-2: {}}, expect: {blocked: {PAY-1: "

        assert passes(text + "{told_on: PAY-2, severity: critical, says: Waits for PAY-2}}}")
        assert passes(text + "told on PAY-2}}")
        assert differences(text + "told}}") == [("blocked", "PAY-1", "told on PAY-1", "told on PAY-2")]
        assert differences(text + "{told_on: PAY-2, severity: info, says: [x, Waits]}}}") == [
            (
                *("blocked", "PAY-1", "told on PAY-2, info, saying 'x', saying 'Waits'"),
                "told on PAY-2, critical, saying 'Waits for PAY-2.'",
            )
        ]

    def test_a_ring_is_named_by_any_of_its_members(self):
        ground = make_ground("""
rules: [{id: ring, title: R, about: dependency, when: {deps.in_cycle: true}, message: m}]
""")
        items = "items: {PAY-1: {blocked_by: PAY-2}, PAY-2: {blocked_by: PAY-1}}"

        for member in ("PAY-1", "PAY-2"):
            assert passes(f"{items}, expect: {{ring: {{{member}: 'told on PAY-1, PAY-2'}}}}", ground=ground)
        assert differences(f"{items}, expect: nothing", ground=ground) == [
            ("ring", "PAY-1", "does not hold", "told on PAY-1, PAY-2")
        ]


class TestUnknown:
    ITEMS = f"items: {{PAY-1: {{parent: FRAUD-5, {BUSY}}}}}"

    def test_what_can_t_be_read_makes_it_unknown(self):
        assert passes(f"unreadable: [FRAUD-5], {self.ITEMS}, expect: {{unlinked: {{PAY-1: unknown}}}}")
        assert differences(f"unreadable: [FRAUD-5], {self.ITEMS}, expect: {{unlinked: {{PAY-1: not}}}}") == [
            ("unlinked", "PAY-1", "does not hold", "unknown: FRAUD-5 can't be read")
        ]

    def test_where_something_is_said_to_be_unreadable_the_rest_may_be_unknown(self):
        assert passes(f"unreadable: [FRAUD], {self.ITEMS}, expect: nothing")

    def test_where_all_can_be_read_an_unknown_that_nobody_expects_is_told(self):
        ground = make_ground("rules: [{id: d, title: D, when: {item.due_on: {lt: 2026-12-01}}, message: m}]")
        vocabulary = dict(ground.rules.vocabulary)
        due = vocabulary["item.due_on"]
        vocabulary["item.due_on"] = replace(due, column=lambda context: [Unknown("so it is")] * len(context.subjects))
        ground = replace(ground, rules=replace(ground.rules, vocabulary=vocabulary))

        assert differences("items: {PAY-1: {}}, expect: nothing", ground=ground) == [
            ("d", "PAY-1", "does not hold", "unknown: so it is")
        ]
        assert passes("items: {PAY-1: {}}, expect: {d: {PAY-1: unknown}}", ground=ground)


class TestSteps:
    def test_a_finding_opens_clears_and_comes_back_as_time_goes_on(self):
        assert passes(f"""
            items: {{PAY-1: {{{BUSY}, changed: now}}}}, expect: {{unlinked: {{PAY-1: pending}}}},
            then: [
              {{after: 1wd, expect: {{unlinked: {{PAY-1: pending}}}}}},
              {{now: 2026-11-27T00:00, expect: {{unlinked: PAY-1}}}},
              {{after: 1h, items: {{PAY-1: {{status: todo}}}}, expect: {{unlinked: {{PAY-1: clearing on PAY-1}}}}}},
              {{after: 1wd, expect: nothing}},
              {{after: 1h, items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: {{PAY-1: pending}}}}}},
              {{after: 2wd, expect: {{unlinked: PAY-1}}}}]""")

    def test_clearing_says_until_when(self):
        (found,) = differences(
            f"items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: PAY-1}},"
            "then: [{after: 1h, items: {PAY-1: {status: todo}}, expect: {unlinked: PAY-1}}]"
        )

        assert found[2:] == ("told on PAY-1", "clearing on PAY-1: it is taken back from 2026-11-26 00:00")

    def test_mismatches_say_in_which_step_they_are(self):
        text = f"items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: PAY-1}}, then: [{{after: 1d, expect: nothing}}]"

        (found,) = verdict(text).mismatches
        assert (found.step, found.line) == (2, 3)

    def test_what_a_person_took_away_stays_away(self):
        text = f"items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: PAY-1}}"

        for removed, state in (("unlinked", "told"), ("comment", "labelled"), ("[unlinked, comment]", "silent")):
            step = f"{{after: 1d, removed: {{PAY-1: {removed}}}, expect: {{unlinked: {{PAY-1: {state}}}}}}}"
            assert passes(f"{text}, then: [{step}]"), removed

    def test_an_unknown_keeps_what_was_told(self):
        text = f"items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: PAY-1}}"
        step = "{after: 1d, unreadable: [PAY], expect: {unlinked: {PAY-1: unknown on PAY-1}}}"

        assert passes(f"{text}, then: [{step}, {{after: 1d, unreadable: [], expect: {{unlinked: PAY-1}}}}]")

    def test_what_is_gone_is_over(self):
        text = f"items: {{PAY-1: {{{BUSY}}}}}, expect: {{unlinked: PAY-1}}"

        assert passes(f"{text}, then: [{{after: 1d, gone: [PAY-1], expect: nothing}}]")
        assert passes(f"{text}, then: [{{after: 1d, gone: [PAY-1], expect: {{unlinked: {{PAY-1: not}}}}}}]")

    def test_relative_times_of_earlier_layers_stay_where_they_were(self):
        assert passes(f"""
            items: {{PAY-1: {{{BUSY}, changed: 1wd ago}}}}, expect: {{unlinked: {{PAY-1: pending}}}},
            then: [{{after: 1wd, expect: {{unlinked: PAY-1}}}}]""")


class TestTheRoadmap:
    def test_outcomes_are_the_cases_own_unless_it_asks_for_the_workspaces(self):
        text = f"items: {{PAY-100: {{{BUSY}}}}}"

        assert passes(f"{text}, expect: {{unlinked: PAY-100}}")
        assert passes(f"roadmap: workspace, {text}, expect: nothing")

    def test_the_workspaces_outcomes_can_be_joined_and_changed(self):
        text = f"roadmap: workspace, items: {{PAY-100: {{{BUSY}}}, PAY-2: {{{BUSY}}}}}"

        assert passes(f"{text}, outcomes: {{own: {{tracked_in: PAY-2}}}}, expect: nothing")
        assert passes(f"{text}, outcomes: {{real: {{tracked_in: [PAY-2]}}}}, expect: {{unlinked: PAY-100}}")

    def test_a_step_can_change_an_outcome_and_keeps_the_rest(self):
        ground = make_ground("rules: [{id: i, title: I, when: {trace.state: inactive}, message: '{trace.outcomes}'}]")
        text = "outcomes: {a: {title: Alpha, tracked_in: {items: [PAY-1]}}}, items: {PAY-1: {}}, expect: nothing"
        step = "{after: 1d, outcomes: {a: {status: paused, reason: r}}, expect: {i: {PAY-1: {says: Alpha}}}}"

        assert passes(f"{text}, then: [{step}]", ground=ground)

    def test_an_outcome_that_a_step_makes_another_is_asked_of_work_that_was_linked_before(self):
        ground = make_ground("rules: [{id: c, title: C, when: {trace.state: outcome_changed}, message: m}]")
        measures = "measures: [{id: p95, target: TARGET}]"
        outcomes = f"outcomes: {{a: {{tracked_in: PAY-8, {measures}}}}}"
        more = "items: {PAY-2: {parent: PAY-8}}"
        found = differences(
            f"{outcomes.replace('TARGET', '1')}, items: {{PAY-8: {{}}, PAY-1: {{parent: PAY-8}}}}, expect: nothing,"
            "then: ["
            f"{{after: 1d, outcomes: {{a: {{{measures.replace('TARGET', '2')}}}}}, expect: {{c: [PAY-1, PAY-8]}}}},"
            f"{{after: 1d, {more}, expect: {{c: [PAY-1, PAY-8]}}}}]",
            ground=ground,
        )

        assert found == []

    def test_days_of_outcomes_can_be_relative(self):
        ground = make_ground(
            "rules: [{id: d, title: D, when: {item.needed_by: {within: 1w}}, message: 'By {item.needed_by}.'}]"
        )
        text = "items: {PAY-1: {}}, expect: {d: {PAY-1: {says: By 2026-11-27.}}}"

        assert passes(f"outcomes: {{a: {{tracked_in: PAY-1, target_date: in 2d}}}}, {text}", ground=ground)
        gates = "launch: {date: in 2d, gates: {g: PAY-1}}"
        assert passes(f"outcomes: {{a: {{tracked_in: PAY-1, {gates}}}}}, {text}", ground=ground)


class TestItems:
    def rule(self, when: str):
        return make_ground(
            f"rules: [{{id: r, title: R, applies_to: {{}}, when: {{{when}}}, message: m}}]".replace(
                "applies_to: {}, ", ""
            )
        )

    @pytest.mark.parametrize(
        ("item", "when"),
        [
            ("kind: bug", "item.kind: bug, item.type: Bug"),
            ("kind: debt", "item.kind: debt, item.type: Task, item.labels: {contains: tech-debt}"),
            ("type: Story", "item.kind: feature"),
            ("status: In Progress", "item.status: In Progress, item.status_category: in_progress"),
            ("status: In Review, category: in_progress", "item.status: In Review, item.status_category: in_progress"),
            ("team: fraud", "item.team: fraud"),
            ("estimate: 5", "item.estimate: 5"),
            ("due_on: in 2d", "item.due_on: 2026-11-27"),
            ("labels: [a, b]", "item.labels: {contains: b}"),
            ("priority: High", "item.priority: High"),
            ("assignees: ada", "item.assignees: {contains: ada}"),
            ("restricted: true", "item.kind: other"),
            ("created: 2w ago, changed: 1w ago", "item.age: {gte: 2w}, item.idle_for: {between: [6d, 8d]}"),
            ("active: 1d ago", "item.idle_for: {lt: 2d}"),
            ("sprint: active", "item.in_play: true"),
            ("fields: {Due date: 2026-12-01}", "item.needed_by: 2026-12-01"),
        ],
    )
    def test_an_item_is_as_the_case_says(self, item, when):
        assert passes(f"items: {{PAY-1: {{{item}}}}}, expect: {{r: PAY-1}}", ground=self.rule(when))

    def test_links_are_in_the_words_of_their_tracker(self):
        ground = self.rule("trace.state: traced, trace.path: {some: {how: split_from}}")
        outcomes = "outcomes: {a: {tracked_in: PAY-2}}"
        text = f"{outcomes}, items: {{PAY-1: {{split_from: PAY-2}}, PAY-2: {{}}}}"

        assert passes(f"{text}, expect: {{r: PAY-1}}", ground=ground)

    @pytest.mark.parametrize(
        ("item", "when"),
        [
            (
                "history: [{at: 3d ago, field: status, from: Open, to: In Progress}], status: In Progress",
                "item.in_status_for: {gte: 3d, lt: 4d}",
            ),
            (
                "due_on: in 2d, history: [{at: 1w ago, field: due_on, from: 1d ago, to: in 2d}]",
                "item.date_moved_count: 1",
            ),
            ("", "item.date_moved_count: 0"),
            (
                "sprint: active, history: [{at: 1d ago, field: sprints, to: active}]",
                "item.added_to_sprint_at: {newer_than: 2d}",
            ),
        ],
    )
    def test_a_history_is_what_facts_about_the_past_read(self, item, when):
        assert passes(f"items: {{PAY-1: {{{item}}}}}, expect: {{r: PAY-1}}", ground=self.rule(when))

    def test_without_a_history_they_are_unknown(self):
        text = "items: {PAY-1: {history: unknown}}, expect: {r: {PAY-1: unknown}}"

        assert passes(text, ground=self.rule("item.date_moved_count: {gte: 1}"))

    def test_steps_are_remembered_as_history(self):
        ground = self.rule("item.date_moved_count: 2")
        steps = "".join(
            f"{{after: 1d, items: {{PAY-1: {{due_on: in {days}d}}}}, expect: {expected}}},"
            for days, expected in ((8, "nothing"), (15, "{r: PAY-1}"))
        )

        assert passes(f"items: {{PAY-1: {{due_on: in 2d}}}}, expect: nothing, then: [{steps}]", ground=ground)

    def test_a_status_in_a_step_takes_its_category_with_it(self):
        ground = self.rule("item.status_category: todo, item.status: To Do")
        item = "PAY-1: {status: Doing, category: in_progress}"
        step = "{after: 1d, items: {PAY-1: {status: todo}}, expect: {r: PAY-1}}"

        assert passes(f"items: {{{item}}}, expect: nothing, then: [{step}]", ground=ground)

    def test_described_sprints_have_their_dates(self):
        ground = self.rule("item.needed_by: 2026-11-30")
        sprint = "sprints: {S1: {starts: 2026-11-16, ends: 2026-11-30}}"

        assert passes(f"{sprint}, items: {{PAY-1: {{sprint: S1}}}}, expect: {{r: PAY-1}}", ground=ground)
