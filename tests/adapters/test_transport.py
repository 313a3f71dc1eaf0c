import contextlib
import gzip
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from adapters.pacing import Allowance, Budget, Pace
from adapters.transport import Request, Transport, path_template
from syncd.clock import ManualClock
from syncd.model.errors import (
    AccessError,
    RefusedError,
    TrackerError,
    TransientError,
    UnknownResultError,
    UnsentError,
)
from tests.adapters.service import Service, http

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "hunter2-the-token"
READ = ("GET", "/rest/api/3/field")
WRITE = ("POST", "/rest/api/3/issue/10001/comment")
PACE = Pace(reading_paths=("/search/jql",))


def drop(connection: socket.socket) -> None:
    """Take the request and hang up."""


def half_a_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-ty")


def silence(connection: socket.socket) -> None:
    connection.settimeout(2)
    with contextlib.suppress(OSError):
        connection.recv(1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def transport(clock: ManualClock) -> Transport:
    return Transport(clock, timeouts=(0.3, 0.3))


def ask(
    transport: Transport, url: str, request: tuple[str, str] = READ, budget: Budget | None = None
) -> requests.Response:
    """Send one request the way the client libraries do, with a token in its header and another in its address."""
    session = requests.Session()
    session.trust_env = False
    adapter = transport.http_adapter("jira", budget or Budget(ManualClock(NOW), PACE))
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    method, path = request
    body = b'{"body": "x"}' if method == "POST" else None
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return session.request(method, f"{url}{path}?token={TOKEN}", headers=headers, data=body, timeout=None)


def failure(transport: Transport, url: str, request: tuple[str, str] = READ) -> TrackerError:
    with pytest.raises(TrackerError) as caught:
        ask(transport, url, request)
    assert TOKEN not in str(caught.value) + repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.tracker == "jira"
    return caught.value


def test_an_answer_comes_back_whole_and_is_counted(transport):
    with Service(http(body=b'{"a": 1}')) as service:
        answer = ask(transport, service.url)

        assert (answer.status_code, answer.json()) == (200, {"a": 1})
        assert transport.counts == {Request("jira", "GET", "/rest/api/3/field", 200): 1}
        assert len(service.requests) == 1


def test_counts_are_by_tracker_method_template_and_status(transport):
    with Service(http(200), http(404), http(200)) as service:
        for number in (1, 2, 3):
            ask(transport, service.url, ("POST", f"/rest/api/3/issue/1000{number}/comment"))

    path = "/rest/api/3/issue/{}/comment"
    assert transport.counts == {Request("jira", "POST", path, 200): 2, Request("jira", "POST", path, 404): 1}
    assert (transport.request_count("jira"), transport.request_count("github"), transport.request_count()) == (3, 0, 3)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/rest/api/3/search/jql", "/rest/api/3/search/jql"),
        ("/rest/api/3/issue/PAY-88/comment/10001", "/rest/api/3/issue/{}/comment/{}"),
        ("/rest/api/3/issue/10001", "/rest/api/3/issue/{}"),
        ("/rest/api/3/issue/bulkfetch", "/rest/api/3/issue/bulkfetch"),
        ("/rest/api/3/project/PAY", "/rest/api/3/project/{}"),
        ("/repos/acme/checkout/issues/1/labels/syncd%3Ano-outcome", "/repos/{}/issues/{}/labels/{}"),
        ("/api/v3/repos/acme/issues/issues", "/api/v3/repos/{}/issues"),
        ("/repositories/123/issues", "/repositories/{}/issues"),
    ],
)
def test_a_template_has_no_names_and_no_numbers(path, template):
    assert path_template(path) == template


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500, 503, 304])
def test_statuses_are_left_to_the_adapter(transport, status):
    with Service(http(status, b"<h1>no</h1>", content_type="text/html")) as service:
        assert ask(transport, service.url).status_code == status


@pytest.mark.parametrize("request_", [READ, WRITE])
def test_where_nobody_listens_the_request_was_not_sent(transport, request_):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

    assert type(failure(transport, url, request_)) is UnsentError
    assert list(transport.counts) == [Request("jira", request_[0], path_template(request_[1]), 0)]


def test_a_name_that_nobody_knows_was_not_asked(transport):
    assert type(failure(transport, "http://nowhere.invalid", WRITE)) is UnsentError


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(drop, id="hangs-up"),
        pytest.param(half_a_head, id="half-a-head"),
        pytest.param(silence, id="never-answers"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="nothing-at-all"),
        pytest.param(http(body=b'[{"a": 1}, {"b"', length=100), id="half-a-page"),
        pytest.param(http(body=b'[{"a": 1}, {"b"'), id="half-a-page-with-the-length-of-a-half"),
        pytest.param(http(body=b"<html>Sign in</html>", content_type="text/html"), id="html-with-200"),
        pytest.param(http(body=b"not gzip", content_encoding="gzip"), id="broken-gzip"),
        pytest.param(http(body=gzip.compress(b'{"a": 1}')[:-12], content_encoding="gzip"), id="half-a-gzip"),
    ],
)
def test_a_lost_answer_is_worth_another_try_for_a_read_and_unknown_for_a_write(transport, trouble):
    with Service(trouble) as service:
        assert type(failure(transport, service.url)) is TransientError
        assert type(failure(transport, service.url, ("POST", "/rest/api/3/search/jql"))) is TransientError
        assert type(failure(transport, service.url, WRITE)) is UnknownResultError
        assert len(service.requests) == 3, "something was sent twice"


def test_the_timeout_of_the_library_is_overruled(transport):
    with Service(silence) as service:
        assert "gave no answer in time" in failure(transport, service.url).message


def test_a_body_that_trickles_in_is_given_up():
    class HurriedClock(ManualClock):
        def monotonic(self) -> float:
            self.set(self.now() + timedelta(seconds=130))
            return super().monotonic()

    with Service(http(body=b"{}")) as service:
        error = failure(Transport(HurriedClock(NOW)), service.url)

    assert type(error) is TransientError
    assert "in time" in error.message


def test_a_description_of_five_megabytes_is_read(transport):
    body = b'{"body": "' + b"x" * 5_000_000 + b'"}'
    with Service(http(body=body)) as service:
        assert ask(transport, service.url).content == body


def test_an_answer_without_end_is_refused(clock):
    transport = Transport(clock, largest_body=1_000_000)
    with Service(http(body=b'"' + b"x" * 1_100_000 + b'"')) as service:
        assert type(failure(transport, service.url)) is RefusedError


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost:1/rest/api/3/field",
        "https://id.example.com/login?continue=x",
        "//evil.example/rest",
        "/login.jsp?os_destination=x",
        "/sso/start",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_credentials_follow_no_redirect_to_another_host_or_a_sign_in_page(transport, location, status):
    with Service(http(status, b"", location=location)) as service:
        error = failure(transport, service.url)

        assert type(error) is AccessError
        assert "redirects" in error.message
        assert len(service.requests) == 1


def test_a_redirect_on_the_same_host_is_followed(transport):
    with Service(http(301, b"", location="/repositories/123/issues"), http(body=b"[]")) as service:
        assert ask(transport, service.url).json() == []
        assert transport.request_count() == 2


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_write_is_not_turned_into_a_read_by_a_redirect(transport, status):
    with Service(http(status, b"", location="/elsewhere")) as service:
        assert type(failure(transport, service.url, WRITE)) is RefusedError
        assert len(service.requests) == 1


def test_a_certificate_that_nobody_trusts_is_a_matter_of_configuration(transport, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=_greet, args=(listening, context), daemon=True)
        thread.start()
        error = failure(transport, f"https://127.0.0.1:{port}")
        thread.join(5)

    assert type(error) is AccessError
    assert "REQUESTS_CA_BUNDLE" in error.message


def test_a_wall_keeps_the_next_request_from_being_sent(transport, clock):
    budget = Budget(clock, PACE)
    with Service(http(429, retry_after="120"), http()) as service:
        assert ask(transport, service.url, budget=budget).status_code == 429

        with pytest.raises(UnsentError) as caught:
            ask(transport, service.url, budget=budget)

        assert caught.value.retry_after == timedelta(seconds=120)
        assert len(service.requests) == 1
        clock.set(NOW + timedelta(seconds=120))
        assert ask(transport, service.url, budget=budget).status_code == 200


@pytest.mark.parametrize("answer", [http(401), http(403, b'{"message": "Resource not accessible"}'), http(429)])
def test_other_answers_are_no_wall(transport, answer):
    budget = Budget(ManualClock(NOW), PACE)
    with Service(answer, http()) as service:
        ask(transport, service.url, budget=budget)
        assert ask(transport, service.url, budget=budget).status_code == 200


def test_a_budget_is_shared_by_all_who_use_the_credential(transport):
    pace = Pace(writes=(Allowance(1, 1.0),))

    assert transport.budget("digest", pace) is transport.budget("digest", pace)
    assert transport.budget("digest", pace) is not transport.budget("other", pace)


def test_threads_get_their_own_answers(transport):
    def echo(connection: socket.socket) -> None:
        path = service.requests[-1].split(b" ")[1]
        connection.sendall(http(body=b'"' + path.removeprefix(b"/") + b'"'))

    def read(number: int) -> None:
        for _ in range(20):
            found.append(session.get(f"{service.url}/{number}").json() == str(number))

    found: list[bool] = []
    session = requests.Session()
    session.mount("http://", transport.http_adapter("jira", Budget(ManualClock(NOW))))
    with Service(echo) as service:
        threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert found == [True] * 80
    assert transport.request_count() == 80


def _greet(listening: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listening.accept()
    with connection, contextlib.suppress(OSError):
        context.wrap_socket(connection, server_side=True)


def _self_signed(folder: Path) -> Path:
    """Write a key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=4000))
        .not_valid_after(NOW + timedelta(days=4000))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "service.pem"
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path
