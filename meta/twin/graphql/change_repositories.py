"""Mutations."""

from meta.twin.graphql.context import Resolvers

CHANGES: Resolvers = {}
