"""Switches about security: alerts, automatic fixes, private reports, security_and_analysis."""

from __future__ import annotations

from typing import Any

from meta.twin.store import NotFound, Row
from meta.twin.web import Call, Refusal

ALERTS, FIXES, REPORTS = "vulnerability_alerts", "automated_security_fixes", "private_reports"
#: What a repository's `security_and_analysis` holds; scanning is on in public repositories.
PARTS = (
    *("advanced_security", "dependabot_security_updates", "secret_scanning"),
    *("secret_scanning_push_protection", "secret_scanning_non_provider_patterns"),
    "secret_scanning_validity_checks",
)
WORDS = ("enabled", "disabled")


def is_on(call: Call, repo: Row) -> None:
    """204 for on, 404 for off: GitHub has no body here."""
    if not call.login or not repo.doc.get(ALERTS):
        raise NotFound


def fixes(call: Call, repo: Row) -> dict[str, bool]:
    return {"enabled": bool(repo.doc.get(FIXES)), "paused": False}


def reports(call: Call, repo: Row) -> dict[str, bool]:
    return {"enabled": bool(repo.doc.get(REPORTS))}


def turn_alerts(call: Call, repo: Row) -> None:
    """Automatic fixes need alerts: without the one the other goes off."""
    _turn(call, repo, ALERTS)
    if call.method == "DELETE":
        _turn(call, repo, FIXES)


def turn_fixes(call: Call, repo: Row) -> None:
    if call.method == "PUT" and not repo.doc.get(ALERTS):
        words = "Vulnerability alerts must be enabled to configure automated security fixes."
        raise Refusal(422, words)
    _turn(call, repo, FIXES)


def turn_reports(call: Call, repo: Row) -> None:
    _turn(call, repo, REPORTS)


def analysis(repo: Row) -> dict[str, Any]:
    """`security_and_analysis` of a repository, as its own form shows it to its administrators."""
    said = repo.doc.get("security_and_analysis", {})
    fixing = "enabled" if repo.doc.get(FIXES) else "disabled"
    made = {name: {"status": said.get(name, "disabled")} for name in PARTS}
    return made | {"dependabot_security_updates": {"status": fixing}}


def take(doc: dict[str, Any], given: Any) -> None:
    """Changes what a call says of `security_and_analysis`; raises Refusal."""
    if given is None:
        return
    if not isinstance(given, dict):
        raise Refusal(
            422, "Invalid request.\n\nFor 'security_and_analysis', an object is expected."
        )
    kept = dict(doc.get("security_and_analysis", {}))
    for name, value in given.items():
        if name not in PARTS or value is None:
            continue
        status = value.get("status") if isinstance(value, dict) else None
        if status not in WORDS:
            raise Refusal(422, f"Invalid request.\n\n{name} is enabled or disabled.")
        if name == "dependabot_security_updates":
            doc[FIXES] = status == "enabled"
        kept[name] = status
    if kept.get("secret_scanning_push_protection") == "enabled" and (
        kept.get("secret_scanning", "disabled") == "disabled"
    ):
        raise Refusal(422, "Secret scanning must be enabled to enable push protection.")
    doc["security_and_analysis"] = kept


def _turn(call: Call, repo: Row, name: str) -> None:
    repo.doc[name] = call.method == "PUT"
    call.store.save(repo)


REPO = "/repos/{owner}/{repo}"
ROUTES = [
    ("GET", f"{REPO}/vulnerability-alerts", is_on),
    ("PUT", f"{REPO}/vulnerability-alerts", turn_alerts),
    ("DELETE", f"{REPO}/vulnerability-alerts", turn_alerts),
    ("GET", f"{REPO}/automated-security-fixes", fixes),
    ("PUT", f"{REPO}/automated-security-fixes", turn_fixes),
    ("DELETE", f"{REPO}/automated-security-fixes", turn_fixes),
    ("GET", f"{REPO}/private-vulnerability-reporting", reports),
    ("PUT", f"{REPO}/private-vulnerability-reporting", turn_reports),
    ("DELETE", f"{REPO}/private-vulnerability-reporting", turn_reports),
]
