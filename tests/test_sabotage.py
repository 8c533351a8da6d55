"""Each patch in tests/sabotage breaks one line of meta, and the test that it names must notice."""

import os
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.test_shape import LAYERS

ROOT = Path(__file__).parents[1]
PATCHES = sorted((ROOT / "tests" / "sabotage").glob("*.patch"))
MARK = "# turns red: "
LEFT_OUT = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "dist", "build")
EACH = pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)


def named_test(patch: Path) -> str:
    first = patch.read_text("utf-8").partition("\n")[0]
    assert first.startswith(MARK), f"{patch.name} does not begin with {MARK!r} and a test"
    return first.removeprefix(MARK).strip()


def broken_file(patch: Path) -> str:
    lines = patch.read_text("utf-8").splitlines()
    (target,) = (line for line in lines if line.startswith("+++ b/"))
    return target.removeprefix("+++ b/").partition("\t")[0]


def copy_of_the_tree(to: Path) -> Path:
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    return to


def python(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same interpreter, in that tree and with that tree's meta."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env = {**outside, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=env, capture_output=True, text=True
    )


def pytest_in(tree: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    return python(
        tree, "-m", "pytest", "-q", "-rf", "-p", "no:cacheprovider", "-p", "no:xdist", *tests
    )


def git_apply(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "apply", "-p1", "--whitespace=nowarn", *arguments]
    # Without a repository around, so that git looks at files alone.
    env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)}
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True)


@pytest.mark.slow
@EACH
def test_the_named_test_notices(patch: Path, tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path / "tree")
    applied = git_apply(tree, str(patch))
    assert applied.returncode == 0, applied.stderr
    run = pytest_in(tree, named_test(patch))
    said = run.stdout + run.stderr
    assert run.returncode == 1, f"exit {run.returncode} where a failed test gives 1:\n{said}"
    assert f"FAILED {named_test(patch)}" in run.stdout, said


@pytest.mark.slow
def test_the_named_tests_pass_in_a_copy_without_any_patch(tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path / "tree")
    imported = python(tree, "-c", "import meta; print(meta.__file__)").stdout.strip()
    assert Path(imported) == tree / "meta" / "__init__.py"
    run = pytest_in(tree, *sorted({named_test(patch) for patch in PATCHES}))
    assert run.returncode == 0, run.stdout + run.stderr


@EACH
def test_a_patch_still_fits_and_changes_one_line(patch: Path) -> None:
    fits = git_apply(ROOT, "--check", str(patch))
    assert fits.returncode == 0, f"make {patch.name} anew: {fits.stderr}"
    body = patch.read_text("utf-8").partition("@@")[2].splitlines()[1:]
    for sign in "+-":
        assert sum(line.startswith(sign) for line in body) <= 1, "one line, or it is too easy"


@EACH
def test_a_patch_names_a_test_that_is_there(patch: Path) -> None:
    file, _, test = named_test(patch).partition("::")
    text = (ROOT / file).read_text("utf-8")
    assert f"def {test.partition('[')[0].rpartition('::')[2]}(" in text


def test_every_kind_and_every_pure_module_is_sabotaged() -> None:
    from meta.kinds import KINDS

    kinds = {f"meta/kinds/{kind.__name__.rpartition('.')[2]}.py" for kind in KINDS.values()}
    pure = {
        f"meta/{path.name}"
        for path in (ROOT / "meta").glob("*.py")
        if any(fnmatch(path.stem, each) for each in (*LAYERS["phrases"], *LAYERS["pure"]))
    }
    broken = {broken_file(patch) for patch in PATCHES}
    assert sorted((kinds | pure) - broken) == [], "these have no patch in tests/sabotage"
