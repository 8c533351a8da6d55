"""A rendered repository takes newer versions of its template with Copier's own command line."""

from __future__ import annotations

from pathlib import Path

from tests.templates.rendering import Source, check, commit_all, replace, run, tool


def made_by_copier(source: Source, folder: Path, kind: str) -> Path:
    """A clone of a repository that `copier copy` made and somebody committed."""
    origin, clone = folder / "origin", folder / "clone"
    run(
        tool("copier"),
        "copy",
        "--defaults",
        "--data",
        f"kind={kind}",
        source.url,
        origin,
        cwd=folder,
    )
    commit_all(origin, "Made from the template")
    run("git", "clone", "--quiet", origin, clone, cwd=folder)
    return clone


def update(clone: Path) -> None:
    run(tool("copier"), "update", "--defaults", cwd=clone)


def changed(clone: Path) -> list[str]:
    """The lines that differ from the last commit, as git shows them without context."""
    run("git", "add", "--all", cwd=clone)
    diff = run("git", "diff", "--cached", "--unified=0", cwd=clone)
    return [line for line in diff.splitlines() if line[:1] in "+-"]


def test_an_update_merges_and_keeps_what_was_edited_here(source: Source, tmp_path: Path) -> None:
    clone = made_by_copier(source, tmp_path, "core")
    replace(
        clone / "README.md",
        "## Check a change",
        "## Our data\n\nKept in Bogor.\n\n## Check a change",
    )
    commit_all(clone, "Say where the data is")
    source.replace("core/README.md.jinja", "## Start a data cube", "## Start a cube")
    source.replace("_shared/ci.yml", "timeout-minutes: 10", "timeout-minutes: 15")
    source.release("v0.2.0")

    update(clone)

    readme = (clone / "README.md").read_text(encoding="utf-8")
    assert "## Start a cube\n" in readme
    assert "## Our data\n\nKept in Bogor.\n" in readme
    assert changed(clone) == [
        "--- a/.copier-answers.yml",
        "+++ b/.copier-answers.yml",
        "-_commit: v0.1.0",
        "+_commit: v0.2.0",
        "--- a/.github/workflows/ci.yml",
        "+++ b/.github/workflows/ci.yml",
        "-    timeout-minutes: 10",
        "+    timeout-minutes: 15",
        "--- a/README.md",
        "+++ b/README.md",
        "-## Start a data cube",
        "+## Start a cube",
    ]
    check(clone)


def test_a_version_that_changes_another_kind_changes_nothing_but_the_version(
    source: Source, tmp_path: Path
) -> None:
    clone = made_by_copier(source, tmp_path, "jupyter")
    source.replace("website/public/style.css", "line-height: 1.6", "line-height: 1.5")
    source.release("v0.2.0")

    update(clone)

    assert changed(clone) == [
        "--- a/.copier-answers.yml",
        "+++ b/.copier-answers.yml",
        "-_commit: v0.1.0",
        "+_commit: v0.2.0",
    ]


def test_a_clash_with_an_edit_is_shown_in_the_file_and_loses_neither(
    source: Source, tmp_path: Path
) -> None:
    clone = made_by_copier(source, tmp_path, "infra")
    values = "terraform/ec2-deployment/dev.tfvars"
    replace(clone / values, '"t3.large"', '"t3.xlarge"')
    commit_all(clone, "A larger instance")
    source.replace(f"infra/{values}", '"t3.large"', '"m7i.large"')
    source.release("v0.2.0")

    update(clone)

    text = (clone / values).read_text(encoding="utf-8")
    assert "<<<<<<< before updating" in text
    assert '"t3.xlarge"' in text
    assert '"m7i.large"' in text
