import socket

import pytest
import requests

from syncd.daemon.health import HealthServer, Readiness, health_app
from syncd.model.errors import SyncdError


@pytest.fixture
def state():
    return {"is_ready": True}


@pytest.fixture
def server(state):
    app = health_app(lambda: Readiness(is_ready=state["is_ready"], details={"workspaces": {"default": {}}}))
    server = HealthServer(app, "127.0.0.1", 0)
    server.start()
    yield server
    server.stop()


def get(server, path):
    return requests.get(f"http://{server.address}{path}", timeout=5)


def test_a_process_that_lives_says_so(server, state):
    state["is_ready"] = False
    answer = get(server, "/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.mark.parametrize(("is_ready", "status"), [(True, 200), (False, 503)])
def test_whether_it_does_its_work_is_told_with_details(server, state, is_ready, status):
    state["is_ready"] = is_ready

    answer = get(server, "/readyz")

    assert answer.status_code == status
    assert answer.json() == {"ready": is_ready, "workspaces": {"default": {}}}


def test_nothing_else_is_served(server):
    assert get(server, "/").status_code == 404
    assert requests.post(f"http://{server.address}/healthz", timeout=5).status_code == 405


def test_a_port_in_use_is_told_in_one_line(capfd):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = HealthServer(health_app(lambda: Readiness(is_ready=True, details={})), "127.0.0.1", port)

        with pytest.raises(SyncdError) as error:
            server.start()

    assert str(error.value).startswith(f"can't listen on 127.0.0.1:{port}: address already in use")
    assert "\n" not in str(error.value)
    assert "http.listen" in str(error.value)
    assert capfd.readouterr() == ("", "")
    server.stop()


@pytest.mark.parametrize("host", ["203.0.113.1", "no such host"])
def test_an_address_of_another_machine_is_told_in_one_line(host):
    server = HealthServer(health_app(lambda: Readiness(is_ready=True, details={})), host, 0)

    with pytest.raises(SyncdError, match=r"^can't listen on .*http\.listen$"):
        server.start()


def test_a_stopped_server_frees_its_port(server):
    port = int(server.address.rpartition(":")[2])
    assert get(server, "/healthz").ok
    server.stop()

    with socket.create_server(("127.0.0.1", port)):
        pass
