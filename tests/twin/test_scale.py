"""A twin under a crowd, killed; and a large one, served from its data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import crowd, growth

pytestmark = pytest.mark.slow

CLIENTS, SECONDS = 200, 15
MOST_MEMORY = 400  # MB


def test_no_acknowledged_write_of_200_clients_is_lost_when_the_twin_is_killed(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with crowd.twin(data) as running:
        visited = crowd.crowded(running, CLIENTS, SECONDS)
    with crowd.twin(data) as running:
        missing = crowd.lost(running.remote, visited)
    total = sum(visited.statuses.values())
    print(f"{total} requests, {len(visited.created)} issues made, {len(visited.edited)} edited")
    assert visited.broken == []
    assert {status for status in visited.statuses if status >= 400} == set()
    assert len(visited.created) > CLIENTS / 10
    assert missing == []


def test_a_thousand_repositories_are_served_from_the_folder_they_are_in(tmp_path: Path) -> None:
    data = tmp_path / "data"
    growth.grow(data)
    with crowd.twin(data) as running:
        remote = running.remote
        counts = remote.get("/_twin")["counts"]
        assert (counts["repo"], counts["issue"]) == (growth.REPOSITORIES, 10_000)
        assert len(remote.rows("/orgs/acme/repos")) == growth.REPOSITORIES
        for name in ("tool-0", "tool-500", "tool-999"):
            tree = remote.get(f"/repos/acme/{name}/git/trees/main?recursive=1")["tree"]
            assert sum(row["type"] == "blob" for row in tree) == growth.FILES
            assert len(remote.rows(f"/repos/acme/{name}/issues")) == growth.ISSUES
        held = running.memory()
        print(f"started in {running.seconds:.2f} s, held at most {held} MB")
        assert held < MOST_MEMORY
