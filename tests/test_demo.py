"""The whole way: a clean clone, one command, and what it left on the twin, read back over HTTP."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crash_dump import cards
from tests.running import ROOT, Remote, environment, git, meta, twin

pytestmark = pytest.mark.slow

OWNER = "piksel-ina"
HOMES = {
    "piksel-infra": 30,
    "piksel-meta": 24,
    "piksel-core": 16,
    "piksel-jupyter": 16,
    "piksel-website": 16,
    "piksel-geo-services": 16,
}
BOARD = """query($login: String!) { organization(login: $login) {
  projectsV2(first: 10) { nodes { id title fields(first: 50) { nodes {
    ... on ProjectV2FieldCommon { name }
  } } } }
} }"""


@dataclass(frozen=True)
class Demo:
    """What `scripts/demo` printed in a clean clone, and the twin that it left."""

    said: str
    remote: Remote
    home: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    git(folder, "clone", "--quiet", str(ROOT), "clone")
    env = environment()
    del env["PYTHONPATH"]
    done = subprocess.run(
        ["clone/scripts/demo", "--data", str(folder / "twin")],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert git(folder / "clone", "status", "--porcelain") == "", "the clone stays as it was"
    with twin(folder / "twin") as remote:
        yield Demo(done.stdout, remote, folder / "twin-home")


@pytest.fixture(scope="module")
def issues(demo: Demo) -> dict[str, Any]:
    """Every issue by its number in the plan, with the name of the repository it lives in."""
    found = {}
    for name in HOMES:
        for row in demo.remote.rows(f"/repos/{OWNER}/{name}/issues?state=all"):
            found[row["title"].partition(" ")[0]] = {**row, "home": name}
    return found


def test_the_demo_prints_what_is_there(demo: Demo) -> None:
    table = {
        words[0].removeprefix(f"{OWNER}/"): int(words[-1])
        for line in demo.said.splitlines()
        if line.startswith(f"{OWNER}/piksel-") and (words := line.split())
    }
    assert table == HOMES
    assert (
        "6 repositories, 18 milestones, 29 issues, 89 sub-issues, "
        "10 of them under a parent in another repository\n"
    ) in demo.said
    assert "board 'Piksel roadmap': 118 items, " in demo.said
    assert "\nnothing to do\nwrite requests made by the second sync: 0\n" in demo.said


def test_the_twin_holds_what_the_plan_says(demo: Demo, issues: dict[str, Any]) -> None:
    remote = demo.remote
    milestones = [len(remote.rows(f"/repos/{OWNER}/{name}/milestones?state=all")) for name in HOMES]
    assert sum(milestones) == 18
    homes = [row["home"] for row in issues.values()]
    assert {name: homes.count(name) for name in HOMES} == HOMES
    below = [row for row in issues.values() if row.get("parent_issue_url")]
    assert (len(issues) - len(below), len(below)) == (29, 89)
    elsewhere = [row for row in below if f"/{row['home']}/" not in row["parent_issue_url"]]
    assert len(elsewhere) == 10
    assert all(row["milestone"] for row in issues.values())


def test_each_sub_issue_stands_below_its_issue_and_was_made_after_it(
    demo: Demo, issues: dict[str, Any]
) -> None:
    hard = {"5.4.3", *(f"1.2.{number}" for number in range(1, 9))}
    assert hard <= set(issues)
    for number, row in issues.items():
        if number.count(".") == 2:
            parent = issues[number.rpartition(".")[0]]
            assert row["parent_issue_url"].endswith(f"/{parent['home']}/issues/{parent['number']}")
            assert parent["id"] < row["id"], f"{number} was made before its parent"
    for parent in ("1.2", "5.4"):
        path = f"/repos/{OWNER}/{issues[parent]['home']}/issues/{issues[parent]['number']}"
        titles = [row["title"] for row in demo.remote.rows(f"{path}/sub_issues")]
        assert titles == sorted(titles), "sub-issues stand in the plan's order"


def test_each_item_is_on_the_one_board_with_status_repository_and_step(
    demo: Demo, issues: dict[str, Any]
) -> None:
    found = demo.remote.query(BOARD, login=OWNER)["organization"]["projectsV2"]["nodes"]
    assert [board["title"] for board in found] == ["Piksel roadmap"]
    fields = {field["name"] for field in found[0]["fields"]["nodes"]}
    assert {"Status", "Repository", "Step"} <= fields
    shown = {card["title"].partition(" ")[0]: card for card in cards(demo.remote, found[0]["id"])}
    assert shown.keys() == issues.keys()
    for number, card in shown.items():
        assert card["repository"] == issues[number]["home"]
        assert card["Status"] in ("Todo", "Done")
        assert card["Step"].startswith(f"Step {number.partition('.')[0]}: ")


def test_another_sync_makes_no_write_request(demo: Demo) -> None:
    before = demo.remote.log
    done = meta("sync", "--yes", cwd=demo.home, GITHUB_API_URL=demo.remote.url)
    after = demo.remote.log
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "nothing to do")
    assert after["reads"] > before["reads"]
    assert after["writes"] == before["writes"]


def test_a_clone_of_the_fleets_home_plans_nothing(demo: Demo, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", f"{demo.remote.git_url}/{OWNER}/piksel-meta.git", "home")
    words = ("plan", "--exit-code", "--api-url", demo.remote.url)
    done = meta(*words, cwd=tmp_path / "home")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "nothing to do"), done.stderr
