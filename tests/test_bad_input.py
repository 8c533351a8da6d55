"""What is wrong with a command's input is said in words, with exit code 1 and nothing written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.forks import Forks
from tests.running import TOKEN, Remote, git, twin

GOOD = """\
owner: acme
repos:
  api: {labels: {bug: {color: d73a4a}}}
"""
PLANNED = f"{GOOD}home: api\nroadmap: {{file: plan.md, board: Roadmap}}\n"
SYNC = ("sync", "--yes")
COPIER = """\
_subdirectory: template
port:
  type: int
  default: 8000
  validator: "{% if port < 1024 %}Take a port of 1024 or more.{% endif %}"
"""


def templated(name: str = "templates", version: str = "v1.0.0", answers: str = "{}") -> str:
    return f"""\
owner: acme
defaults:
  template: {{source: "https://github.com/acme/{name}", version: {version}}}
repos:
  api: {{answers: {answers}}}
"""


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    """A twin with the organization acme and a template source."""
    with twin(tmp_path_factory.mktemp("twin") / "data") as remote:
        remote.ask("POST", "/_twin/orgs", {"login": "acme"})
        remote.ask("POST", "/orgs/acme/repos", {"name": "templates"})
        source = tmp_path_factory.mktemp("source")
        (source / "template").mkdir()
        (source / "template/README.md").write_text("# A service\n")
        (source / "copier.yml").write_text(COPIER)
        git(source, "init", "--quiet", "--initial-branch=main")
        git(source, "add", ".")
        git(source, "commit", "--quiet", "-m", "First")
        git(source, "tag", "v1.0.0")
        url = f"{remote.git_url}/acme/templates.git"
        git(source, "push", "--quiet", url, "main", "v1.0.0")
        yield remote


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    """A server that does not say that it is a twin, as no real one does."""
    with twin(tmp_path_factory.mktemp("real") / "data", announced=False) as real:
        real.ask("POST", "/_twin/orgs", {"login": "acme"})
        yield real


@dataclass(frozen=True)
class Case:
    """Files of a folder, a command there, and what it says on standard error."""

    files: Mapping[str, str | bytes]
    says: str
    argv: tuple[str, ...] = SYNC
    env: Mapping[str, str] = field(default_factory=dict)


CASES = {
    "no manifest": Case(
        {},
        "meta: repos.yaml: cannot be read (No such file or directory)\n"
        "  name the manifest with `-m FILE`\n",
    ),
    "a manifest that is not UTF-8": Case(
        {"repos.yaml": b"owner: acm\xe9\n"},
        "meta: repos.yaml: byte 10 is not UTF-8\n  save the file as UTF-8\n",
    ),
    "broken YAML": Case(
        {"repos.yaml": "owner: acme\nrepos: {a: [\n"},
        "meta: repos.yaml:3:1: found broken YAML (expected the node content, but found "
        "'<stream end>' in what begins at 3:1), expected `key: value`\n"
        "  look at this line and the ones above it: indentation, colons, quotes, brackets\n",
    ),
    "two unknown keys at once": Case(
        {"repos.yaml": "owner: acme\nrepos: {api: {}}\nhoem: api\nprnue: []\n"},
        "meta: repos.yaml:3:1: found the unknown key hoem, expected one of defaults, groups, "
        'home, host, organization, owner, prune, repos, roadmap\n  did you mean "home"?\n'
        "meta: repos.yaml:4:1: found the unknown key prnue, expected one of defaults, groups, "
        'home, host, organization, owner, prune, repos, roadmap\n  did you mean "prune"?\n',
    ),
    "a repository twice": Case(
        {"repos.yaml": "owner: acme\nrepos:\n  api: {}\n  web: {}\n  api: {}\n"},
        "meta: repos.yaml:5:3: found the repository api a second time (first at "
        "repos.yaml:3:3), expected it once\n  make one of the two\n",
    ),
    "needs that go in a circle": Case(
        {"repos.yaml": "owner: acme\nrepos:\n  api: {needs: [web]}\n  web: {needs: [api]}\n"},
        "meta: repos.yaml:3:17: found needs that go in a circle: api -> web -> api, expected an "
        "order in which each can come after what it needs\n  take one of these needs out\n",
    ),
    "a template version that is missing": Case(
        {"repos.yaml": templated(version="v9.9.9")},
        "meta: template https://github.com/acme/templates: version v9.9.9 cannot be fetched from "
        "URL/acme/templates (fatal: couldn't find remote ref refs/tags/v9.9.9)\n"
        "  check the URL and the tag; a twin is given templates by `meta twin seed`\n",
    ),
    "an answer to no question": Case(
        {"repos.yaml": templated(answers="{prot: 8080}")},
        "meta: template https://github.com/acme/templates at v1.0.0: answers: the template asks "
        "no question 'prot'\n  did you mean \"port\"?\n",
    ),
    "an answer that the template refuses": Case(
        {"repos.yaml": templated(answers="{port: 80}")},
        "meta: template https://github.com/acme/templates at v1.0.0: does not render with these "
        "answers: Validation error for question 'port': Take a port of 1024 or more.\n"
        "  correct `answers:` in the manifest\n",
    ),
    "a plan that is missing": Case(
        {"repos.yaml": PLANNED},
        "meta: plan.md: cannot be read (No such file or directory)\n  correct `roadmap.file`\n",
    ),
    "a plan that is not UTF-8": Case(
        {"repos.yaml": PLANNED, "plan.md": b"## Step 1: Caf\xe9\n"},
        "meta: plan.md: byte 14 is not UTF-8\n  save the file as UTF-8\n",
    ),
    "a plan without a step": Case(
        {"repos.yaml": PLANNED, "plan.md": "# Plan\n\nLater.\n"},
        "meta: plan.md:1: no heading that fits, expected `## Step 1: Title` and "
        "`### Issue 1.1: Title`\n"
        "  give the plan such headings, with `- Sub-issue 1.1.1: Title` bullets below them\n",
    ),
    "a broken ledger": Case(
        {
            "repos.yaml": PLANNED,
            "plan.md": "## Step 1: A\n### Issue 1.1: B\n",
            "plan.ledger.json": "{",
        },
        "meta: plan.ledger.json:1: this is not JSON (Expecting property name enclosed in double "
        "quotes)\n  take the file's last good version from git; without it every item would be "
        "made anew\n",
    ),
    "an owner that is not there": Case(
        {"repos.yaml": GOOD.replace("acme", "nobody")},
        "meta: owner: there is no organization or user 'nobody' on URL\n"
        "  organizations are made by hand; a twin gets one by `meta twin seed`\n",
    ),
    "a server that does not answer": Case(
        {"repos.yaml": GOOD},
        "meta: connection: no answer from http://127.0.0.1:1 (ConnectionError)\n"
        "  check the address and that the server is up; run the same command again to go on\n",
        env={"GITHUB_API_URL": "http://127.0.0.1:1"},
    ),
    "an address that is none": Case(
        {"repos.yaml": GOOD},
        "meta: --api-url: 'nonsense' is no URL\n  say http://HOST:PORT\n",
        (*SYNC, "--api-url", "nonsense"),
    ),
    "a token that no header can hold": Case(
        {"repos.yaml": GOOD},
        "meta: connection: no answer from URL (InvalidHeader)\n"
        "  check the address and that the server is up; run the same command again to go on\n",
        env={"GITHUB_TOKEN": f"{TOKEN}\n{TOKEN}"},
    ),
    "a setting that forbids to write": Case(
        {"repos.yaml": GOOD},
        "meta: sync: META_READ_ONLY is set\n  unset it to write\n",
        env={"META_READ_ONLY": "1"},
    ),
    "a kind that is none": Case(
        {"repos.yaml": GOOD},
        "meta: --only: there is no kind 'labels'\n  did you mean \"label\"?\n",
        (*SYNC, "--only", "labels"),
    ),
    "a pattern that fits no repository": Case(
        {"repos.yaml": GOOD},
        "meta: --repos: no repository matches 'apj'\n  did you mean \"api\"?\n",
        (*SYNC, "--repos", "apj"),
    ),
    "another owner than the manifest's": Case(
        {"repos.yaml": GOOD},
        "2 changes for acme on the twin at URL, as twin-admin\n"
        "meta: sync: the owner is acme, not 'acne'\n  say --yes\n",
        (*SYNC, "--owner", "acne"),
    ),
    "a port in use": Case(
        {},
        "meta: port PORT is in use on 127.0.0.1\n"
        "  choose another with --port, or stop what listens there\n",
        ("twin", "serve", "--port", "PORT", "--data", "data"),
    ),
    "a port in use, for the demo": Case(
        {},
        "meta: port PORT is in use on 127.0.0.1\n"
        "  choose another with --port, or stop what listens there\n",
        ("demo", "--port", "PORT"),
    ),
}


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as forks:
        yield forks


def answered(
    case: Case, forks: Forks, remote: Remote, folder: Path, *, token: str = TOKEN
) -> tuple[int, str, int]:
    """Exit code, standard error, and how often the command wrote; asserts what is always so."""
    port = remote.url.rpartition(":")[2]
    for name, text in case.files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    argv = [word.replace("PORT", port) for word in case.argv]
    before = remote.writes
    env = {"GITHUB_API_URL": remote.url, "GITHUB_TOKEN": token, **case.env}
    done = forks.run(*argv, cwd=folder, **env)
    assert TOKEN not in done.said
    assert {path.name for path in folder.iterdir()} == {*case.files}, "a file was made"
    said = done.err.replace(remote.url, "URL").replace(port, "PORT")
    return done.code, said, remote.writes - before


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_answered_in_words(
    name: str, forks: Forks, remote: Remote, tmp_path: Path
) -> None:
    case = CASES[name]
    assert answered(case, forks, remote, tmp_path) == (1, case.says, 0)


def test_a_server_that_is_neither_host_nor_twin_is_not_written_to(
    forks: Forks, real: Remote, tmp_path: Path
) -> None:
    argv = (*SYNC, "--owner", "acme")
    says = (
        "meta: sync: 127.0.0.1:PORT is neither the manifest's host github.com nor a twin\n"
        "  correct `host:` in the manifest, or GITHUB_API_URL\n"
    )
    assert answered(Case({"repos.yaml": GOOD}, says, argv), forks, real, tmp_path) == (1, says, 0)


def test_without_a_token_no_real_host_is_worked_on(
    forks: Forks, real: Remote, tmp_path: Path
) -> None:
    manifest = f"host: {real.url.removeprefix('http://')}\n{GOOD}"
    says = (
        "meta: credentials: no token\n"
        "  set GITHUB_TOKEN to a token of the account that should do this\n"
    )
    case = Case({"repos.yaml": manifest}, says, (*SYNC, "--owner", "acme"))
    assert answered(case, forks, real, tmp_path, token="") == (1, says, 0)


@pytest.mark.parametrize("argv", [("twin", "seed"), ("twin", "reset", "--yes")])
def test_what_only_a_twin_has_is_asked_of_no_real_host(
    argv: tuple[str, ...], forks: Forks, real: Remote, tmp_path: Path
) -> None:
    says = (
        "meta: twin: URL is no twin\n"
        "  start one with `meta twin serve`, and name it with --api-url\n"
    )
    assert answered(Case({"repos.yaml": GOOD}, says, argv), forks, real, tmp_path) == (1, says, 0)
