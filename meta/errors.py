"""The one family of errors that a person is meant to read."""

from __future__ import annotations


class MetaError(Exception):
    """Says where, what was found, what was expected and what to do.

    `where` is a file position, an address or a command; `message` is what was found (and
    what was expected); `hint` is what to do about it.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where
        self.message = message
        self.hint = hint


class ManifestError(MetaError):
    """The manifest does not say what it must; holds every problem, not only the first."""

    def __init__(self, problems: tuple[MetaError, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class RoadmapError(MetaError):
    """The execution plan cannot be read."""


class TemplateError(MetaError):
    """A template cannot be had, or does not render with the answers given."""


class GitError(MetaError):
    """A git command failed."""


class GitHubError(MetaError):
    """GitHub refused a request; `status` is its HTTP status, 0 where no answer came."""

    def __init__(self, message: str, *, status: int = 0, where: str = "", hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.status = status


class PlanError(MetaError):
    """Changes that cannot be put in an order, or a plan that destroys more than it may."""


class Refused(MetaError):
    """meta will not work there: the wrong server, a read-only setting, no confirmation."""


class TwinError(MetaError):
    """The twin cannot start: its port is taken, or its data folder is not its own."""
