from collections.abc import Iterator

import pytest

from adapters.github.adapter import GitHubAdapter
from tests.adapters.github.simulated import SimulatedGitHub


@pytest.fixture
def hands() -> Iterator[SimulatedGitHub]:
    github = SimulatedGitHub()
    with github.server:
        yield github


@pytest.fixture
def tracker(hands: SimulatedGitHub) -> GitHubAdapter:
    return hands.adapter()
