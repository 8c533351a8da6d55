"""A sync that is killed at any moment is finished by the same command, with nothing made twice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from meta.kinds import KINDS
from tests.crash import Ground, Whole, every, sample
from tests.forks import Forks
from tests.running import Remote, git, meta, twin

pytestmark = pytest.mark.slow

MANIFEST = """\
owner: acme
home: acme-meta
roadmap: {file: plan.md, board: Acme roadmap}
organization:
  teams: {platform: {description: Runs it}}
defaults:
  template: {source: "https://github.com/acme/templates", version: v1.0.0}
repos:
  acme-meta:
    labels: {roadmap: {color: 0e8a16}}
  acme-api:
    settings: {description: The API, has_wiki: false}
    topics: [api]
    branches: {dev: {}}
    environments: {production: {wait_timer: 5}}
    rulesets: {main: {checks: [ci], approvals: 1}}
    teams: {platform: push}
  acme-old:
    files: {README.md: seeded}
"""
#: 1.1.2 is made before 1.1.1, and has to stand behind it; 1.2.1 is below an issue elsewhere.
PLAN = """\
# A small plan

## Step 1: Begin

### Issue 1.1: Build the API (**acme-meta** and **acme-api**)

- **acme-api**: the service

  - Sub-issue 1.1.1: Serve one answer

- **acme-meta**: what is around it

  - [x] Sub-issue 1.1.2: Say how to call it

### Issue 1.2: Run the API (**acme-api**)

- Sub-issue 1.2.1: Say in the meta repo how to start it
"""
TEMPLATE = {
    "copier.yml": "_subdirectory: template\n_templates_suffix: .jinja\n",
    "template/README.md": "# A service\n",
    "template/LICENSE": "Nobody may do anything.\n",
    "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
}
MOST_WRITES = 40


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    """A twin with an organization, a template source, and one repository with a history."""
    with twin(tmp_path_factory.mktemp("twin") / "data") as remote:
        remote.ask("POST", "/_twin/orgs", {"login": "acme"})
        pushed(remote, tmp_path_factory.mktemp("source"), "templates", TEMPLATE, tag="v1.0.0")
        old = {"README.md": "# By hand\n", "main.c": "int main() {}\n"}
        pushed(remote, tmp_path_factory.mktemp("old"), "acme-old", old)
        yield remote


def pushed(remote: Remote, folder: Path, name: str, files: dict[str, str], tag: str = "") -> None:
    remote.ask("POST", "/orgs/acme/repos", {"name": name})
    git(folder, "init", "--quiet", "--initial-branch=main")
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "As it was")
    url = f"{remote.git_url}/acme/{name}.git"
    if tag:
        git(folder, "tag", tag)
    git(folder, "push", "--quiet", url, "main", *([tag] if tag else []))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "repos.yaml").write_text(MANIFEST)
    (folder / "plan.md").write_text(PLAN)
    return folder


@pytest.fixture(scope="module")
def ground(
    remote: Remote, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    scratch = tmp_path_factory.mktemp("scratch")
    with Forks() as forks:
        yield Ground(remote, forks, folder, ("sync", "--yes"), owner="acme", scratch=scratch)


@pytest.fixture(scope="module")
def whole(ground: Ground) -> Whole:
    return ground.whole()


def test_the_small_fleet_has_every_kind_and_few_writes(ground: Ground, whole: Whole) -> None:
    ground.restore()
    said = meta("plan", "--json", cwd=ground.folder, GITHUB_API_URL=ground.remote.url)
    kinds = {change["kind"] for change in json.loads(said.stdout)["changes"]}
    assert kinds == set(KINDS)
    assert 1 < whole.writes <= MOST_WRITES


def test_a_sync_killed_around_any_of_its_writes_is_finished_by_the_next(
    ground: Ground, whole: Whole
) -> None:
    wrong = []
    for point in every(whole.writes):
        row = whole.log[point.write - 1]
        found = ground.tried(point, whole)
        print(f"{point}, {row['method']} {row['path']}: {'wrong' if found else 'finished'}")
        wrong += found
    assert not wrong, "\n\n".join(wrong)


def test_a_sample_of_points_is_the_same_for_the_same_seed() -> None:
    once, again, other = (sample(30, 5, seed) for seed in (1, 1, 2))
    assert once == again
    assert once != other
    assert len({*once}) == 5
    assert sample(2, 50, 1) == [*every(2)]
