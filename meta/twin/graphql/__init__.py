"""GraphQL request -> answer, on the twin's store: a true subset of GitHub's schema."""

from __future__ import annotations

from meta.twin.graphql.run import answer, is_mutation

__all__ = ["answer", "is_mutation"]
