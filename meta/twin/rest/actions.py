"""Everything about Actions that REST answers for, in one table: see the modules named here."""

from __future__ import annotations

from meta.twin.rest import (
    approvals,
    artifacts,
    checks,
    deployments,
    dispatches,
    environments_policies,
    jobs,
    permissions,
    runs,
    secrets,
    statuses,
    variables,
    workflows,
)

AREAS = (
    approvals,
    artifacts,
    checks,
    deployments,
    dispatches,
    environments_policies,
    jobs,
    permissions,
    runs,
    secrets,
    statuses,
    variables,
    workflows,
)
ROUTES = [route for area in AREAS for route in area.ROUTES]
