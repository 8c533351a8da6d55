"""Row -> the ids that REST and GraphQL call it by, and back. Pure."""

from __future__ import annotations

import base64

#: What opens a node id on GitHub, by kind of row.
PREFIXES = {
    "org": "O_kgDO",
    "user": "U_kgDO",
    "repo": "R_kgDO",
    "label": "LA_kwDO",
    "milestone": "MI_kwDO",
    "issue": "I_kwDO",
    "pull": "PR_kwDO",
    "comment": "IC_kwDO",
    "ruleset": "RRS_lACq",
    "environment": "EN_kwDO",
    "team": "T_kwDO",
    "workflow": "W_kwDO",
    "run": "WFR_kwLO",
    "job": "CR_kwDO",
    "check_run": "CR_kwDO",
    "check_suite": "CS_kwDO",
    "deployment": "DE_kwDO",
    "deployment_status": "DES_kwDO",
    "commit_status": "SC_kwDO",
    "artifact": "MDg6",
    "branch_policy": "BP_kwDO",
    "issue_type": "IT_kwDO",
    "release": "RE_kwDO",
    "release_asset": "RA_kwDO",
    "review": "PRR_kwDO",
    "project": "PVT_kwDO",
    "project_field": "PVTF_lADO",
    "project_item": "PVTI_lADO",
}

#: REST ids of one kind start here. Issues need 64 bits on GitHub, so they do on the twin.
OFFSETS = {
    "issue": 5_000_000_000,
    "pull": 3_000_000_000,
    "comment": 4_000_000_000,
    "label": 9_000_000_000,
    "environment": 8_000_000_000,
    "run": 17_000_000_000,
    # A job is a check run, too, and of the same number.
    "job": 48_000_000_000,
    "check_run": 48_000_000_000,
    "check_suite": 40_000_000_000,
    "artifact": 2_000_000_000,
    "deployment": 2_500_000_000,
    "deployment_status": 6_000_000_000,
    "commit_status": 30_000_000_000,
}
OFFSET = 100_000_000


def rest_id(kind: str, row_id: int) -> int:
    """The number that REST calls a row by."""
    return OFFSETS.get(kind, OFFSET) + row_id


def row_id(kind: str, rest: int) -> int:
    """The row that a number of REST stands for; the reverse of `rest_id`."""
    return rest - OFFSETS.get(kind, OFFSET)


def node_id(kind: str, row_id: int) -> str:
    """The opaque id that GraphQL calls a row by."""
    return PREFIXES.get(kind, "X_kwDO") + hidden(f"{kind}/{row_id}")


def from_node(node: str) -> tuple[str, int]:
    """Kind and row id behind a node id; raises ValueError where it is none."""
    found = next((value for value in PREFIXES.values() if node.startswith(value)), "X_kwDO")
    text = node.removeprefix(found)
    plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    kind, _, number = plain.partition("/")
    return kind, int(number)


def hidden(text: str) -> str:
    """Text as the tail of a node id."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
