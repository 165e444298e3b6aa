"""Tests that share something slow to make run in one process: pytest-xdist heeds their groups."""

import pytest


@pytest.mark.xdist_group("groups")
def test_a_group_is_part_of_what_a_test_is_scheduled_by(request: pytest.FixtureRequest) -> None:
    # A newer pytest made xdist forget the groups without a word; one process alone needs none.
    in_parallel = hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@groups") is in_parallel
