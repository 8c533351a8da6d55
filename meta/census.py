"""A server -> how much of everything a fleet has there, counted over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meta.github import Reader
from meta.model import Manifest

BOARD = """query($owner: String!) {
  organization(login: $owner) {
    projectsV2(first: 100) { nodes { title url items { totalCount } } }
  }
}"""


@dataclass(frozen=True, slots=True)
class Count:
    """One repository: its commits' files, issues of both levels, and milestones."""

    scope: str
    files: int
    labels: int
    milestones: int
    issues: int
    sub_issues: int
    elsewhere: int  # sub-issues whose parent lives in another repository


def counts(gh: Reader, manifest: Manifest) -> list[Count]:
    """One count for each repository of the manifest, in its order."""
    return [counted(gh, entry.scope) for entry in manifest.entries if entry.name]


def counted(gh: Reader, scope: str) -> Count:
    rows = [row for row in gh.pages(f"/repos/{scope}/issues", state="all") if real(row)]
    parents = [row["parent_issue_url"] for row in rows if row.get("parent_issue_url")]
    tree = gh.get(f"/repos/{scope}/git/trees/HEAD", recursive=1)["tree"]
    return Count(
        scope=scope,
        files=sum(row["type"] == "blob" for row in tree),
        labels=sum(1 for _ in gh.pages(f"/repos/{scope}/labels")),
        milestones=sum(1 for _ in gh.pages(f"/repos/{scope}/milestones", state="all")),
        issues=len(rows) - len(parents),
        sub_issues=len(parents),
        elsewhere=sum(f"/repos/{scope}/issues/" not in url for url in parents),
    )


def real(row: Mapping[str, Any]) -> bool:
    """GitHub lists pull requests among the issues."""
    return "pull_request" not in row


def boards(gh: Reader, owner: str) -> list[tuple[str, int, str]]:
    """Title, number of items and URL of each board of an organization."""
    found = gh.query(BOARD, owner=owner)["organization"]["projectsV2"]["nodes"]
    return [(one["title"], one["items"]["totalCount"], one["url"]) for one in found]


def lines(gh: Reader, manifest: Manifest) -> Iterator[str]:
    """The counts as a table, and the boards."""
    found = counts(gh, manifest)
    width = max(len(one.scope) for one in found)
    yield f"{'':{width}}  files  labels  milestones  issues  sub-issues  issues in all"
    for one in found:
        both = one.issues + one.sub_issues
        yield (
            f"{one.scope:{width}}  {one.files:5}  {one.labels:6}  {one.milestones:10}"
            f"  {one.issues:6}  {one.sub_issues:10}  {both:13}"
        )
    issues = sum(one.issues for one in found)
    below = sum(one.sub_issues for one in found)
    yield (
        f"{len(found)} repositories, {sum(one.milestones for one in found)} milestones, "
        f"{issues} issues, {below} sub-issues, "
        f"{sum(one.elsewhere for one in found)} of them under a parent in another repository"
    )
    for title, items, url in boards(gh, manifest.owner):
        yield f"board {title!r}: {items} items, {url}"
