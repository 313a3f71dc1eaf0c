import pytest

from tests.daemon.ground import Ground


@pytest.fixture
def ground(tmp_path):
    ground = Ground(tmp_path)
    yield ground
    ground.close()


@pytest.fixture
def make_ground(tmp_path):
    """Return a Ground over several trackers."""
    made: list[Ground] = []

    def make(*names, **given):
        made.append(Ground(tmp_path / str(len(made)), *names, **given))
        return made[-1]

    yield make
    for ground in made:
        ground.close()
