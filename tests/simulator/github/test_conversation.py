import pytest

CHECKOUT = "/repos/acme/checkout"
COMMENTS = f"{CHECKOUT}/issues/1/comments"


@pytest.fixture(autouse=True)
def issue(state):
    return state.add_issue("acme/checkout", "story")


def test_a_comment_is_created_read_edited_and_deleted(ask, state, clock):
    clock.wait(5)
    created = ask("POST", COMMENTS, json={"body": "<!-- mark -->\nhello"})
    assert created.status_code == 201
    row = created.json()
    path = f"{CHECKOUT}/issues/comments/{row['id']}"
    assert created.headers["location"].endswith(path)
    assert (row["user"]["login"], row["created_at"]) == ("bot", "2026-11-24T10:00:05Z")
    assert ask("GET", COMMENTS).json() == [row]
    clock.wait(5)
    edited = ask("PATCH", path, json={"body": "changed"}).json()
    assert (edited["body"], edited["updated_at"]) == ("changed", "2026-11-24T10:00:10Z")
    assert edited["created_at"] == row["created_at"]
    assert ask("GET", path).json() == edited
    assert ask("DELETE", path).status_code == 204
    assert ask("GET", path).status_code == 404
    assert ask("PATCH", path, json={"body": "again"}).status_code == 404


def test_every_word_moves_the_time_of_its_issue(ask, state, clock):
    comment = state.add_comment("acme/checkout#1", "hello", "bot")
    moves = [
        lambda: state.add_comment("acme/checkout#1", "more", "reader"),
        lambda: state.edit_comment(comment.id, "changed"),
        lambda: state.delete_comment(comment.id),
    ]
    for move in moves:
        clock.wait(5)
        move()
        assert state.issue("acme/checkout#1").updated_at == clock.now()


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "missing_field"), ({"body": " \n"}, "missing_field"), ({"body": "x" * 65_537}, "unprocessable")],
)
def test_bodies_that_github_refuses(ask, state, body, code):
    answer = ask("POST", COMMENTS, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    assert state.comments("acme/checkout#1") == []


def test_a_body_of_the_largest_size_is_taken(ask):
    assert ask("POST", COMMENTS, json={"body": "x" * 65_536}).status_code == 201


def test_text_that_is_no_json_is_refused(ask):
    assert ask("POST", COMMENTS, data="{").status_code == 400


@pytest.mark.parametrize(
    ("token", "status"),
    [("reader", 201), ("triager", 201), ("stranger", 404), ("", 404), ("bot-reading", 403)],
)
def test_who_may_comment(ask, state, token, status):
    state.people.add_token("bot", "bot-reading", can_write=False)
    assert ask("POST", COMMENTS, token=token, json={"body": "hello"}).status_code == status


def test_only_who_may_push_comments_on_a_locked_issue(ask, state):
    state.edit_issue("acme/checkout#1", is_locked=True)
    refused = ask("POST", COMMENTS, token="triager", json={"body": "hello"})
    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "Unable to create comment because issue is locked.",
    )
    assert ask("POST", COMMENTS, json={"body": "hello"}).status_code == 201


@pytest.mark.parametrize(("token", "status"), [("reader", 403), ("triager", 403), ("bot", 200)])
def test_anothers_comment_is_edited_only_by_who_may_push(ask, state, token, status):
    comment = state.add_comment("acme/checkout#1", "mara's", "mara")
    path = f"{CHECKOUT}/issues/comments/{comment.id}"
    assert ask("PATCH", path, token=token, json={"body": "x"}).status_code == status


def test_a_comment_is_found_in_its_own_repository_only(ask, state):
    comment = state.add_comment("acme/checkout#1", "hello", "bot")
    assert ask("GET", f"/repos/acme/sdk/issues/comments/{comment.id}").status_code == 404


def test_comments_of_a_deleted_account_have_no_user(ask, state):
    state.add_comment("acme/checkout#1", "hello", None)
    assert ask("GET", COMMENTS).json()[0]["user"] is None


def test_comments_of_a_whole_repository_come_sorted(ask, state, clock):
    state.add_issue("acme/checkout", "other")
    first = state.add_comment("acme/checkout#2", "first", "bot")
    clock.wait(60)
    state.add_comment("acme/checkout#1", "second", "bot")
    clock.wait(60)
    state.edit_comment(first.id, "first, changed")
    path = f"{CHECKOUT}/issues/comments"
    bodies = [row["body"] for row in ask("GET", f"{path}?sort=updated&direction=desc").json()]
    assert bodies == ["first, changed", "second"]
    since = clock.now().isoformat()
    assert [row["body"] for row in ask("GET", path, params={"since": since}).json()] == ["first, changed"]
