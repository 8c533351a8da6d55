"""GET /: the addresses that a client may start from."""

from __future__ import annotations

from meta.twin.web import Call

PAGES = "{?type,page,per_page,sort}"
FOUND = "q={query}{&page,per_page,sort,order}"
ADDRESSES = {
    "current_user": "user",
    "authorizations": "authorizations",
    "code_search": f"search/code?{FOUND}",
    "commit_search": f"search/commits?{FOUND}",
    "emails": "user/emails",
    "emojis": "emojis",
    "events": "events",
    "feeds": "feeds",
    "followers": "user/followers",
    "following": "user/following{/target}",
    "gists": "gists{/gist_id}",
    "issue_search": f"search/issues?{FOUND}",
    "issues": "issues",
    "keys": "user/keys",
    "label_search": "search/labels?q={query}&repository_id={repository_id}{&page,per_page}",
    "notifications": "notifications",
    "organization": "orgs/{org}",
    "organization_repositories": f"orgs/{{org}}/repos{PAGES}",
    "organization_teams": "orgs/{org}/teams",
    "public_gists": "gists/public",
    "rate_limit": "rate_limit",
    "repository": "repos/{owner}/{repo}",
    "repository_search": f"search/repositories?{FOUND}",
    "current_user_repositories": f"user/repos{PAGES}",
    "starred": "user/starred{/owner}{/repo}",
    "starred_gists": "gists/starred",
    "topic_search": "search/topics?q={query}{&page,per_page}",
    "user": "users/{user}",
    "user_organizations": "user/orgs",
    "user_repositories": f"users/{{user}}/repos{PAGES}",
    "user_search": f"search/users?{FOUND}",
}


def addresses(call: Call) -> dict[str, str]:
    """GitHub's whole list, also of what a twin does not have: clients only read it."""
    grants = f"{call.web}/settings/connections/applications{{/client_id}}"
    shown = {f"{name}_url": f"{call.api}/{path}" for name, path in ADDRESSES.items()}
    return shown | {"current_user_authorizations_html_url": grants}
