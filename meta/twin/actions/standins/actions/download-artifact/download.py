"""The artifacts of a run on the twin -> folders of this job."""

import io
import json
import os
import sys
import urllib.request
import zipfile
from fnmatch import fnmatch
from pathlib import Path

# The twin is on this machine: no proxy is asked.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetched(url: str) -> bytes:
    request = urllib.request.Request(url)  # noqa: S310 - the address of the twin
    request.add_header("Authorization", f"Bearer {os.environ['TOKEN']}")
    with OPENER.open(request) as answer:
        return bytes(answer.read())


def kept() -> dict[str, bytes]:
    """What earlier jobs uploaded, then what this one has."""
    api, repo = os.environ["GITHUB_API_URL"], os.environ["GITHUB_REPOSITORY"]
    url = f"{api}/repos/{repo}/actions/runs/{os.environ['GITHUB_RUN_ID']}/artifacts?per_page=100"
    found = {each["name"]: each for each in json.loads(fetched(url))["artifacts"]}
    names = [name for name in found if wanted(name)]
    earlier = {name: fetched(found[name]["archive_download_url"]) for name in names}
    own = Path(os.environ["TWIN_ARTIFACTS"]).glob("*.zip")
    return earlier | {path.stem: path.read_bytes() for path in own if wanted(path.stem)}


def wanted(name: str) -> bool:
    asked = os.environ["ARTIFACT"]
    return name == asked if asked else fnmatch(name, os.environ["PATTERN"] or "*")


def main() -> None:
    target, one = Path(os.environ["TARGET"]), bool(os.environ["ARTIFACT"])
    found = kept()
    if one and not found:
        print(f"::error::Artifact not found for name: {os.environ['ARTIFACT']}")
        sys.exit(1)
    for name, content in found.items():
        place = target if one or os.environ["MERGE"] == "true" else target / name
        place.mkdir(parents=True, exist_ok=True)
        zipfile.ZipFile(io.BytesIO(content)).extractall(place)
        print(f"Artifact {name} -> {place}")
    with open(os.environ["GITHUB_OUTPUT"], "a") as file:
        print(f"path={target.absolute()}", file=file)


main()
