"""A local GitHub: REST, GraphQL and git over HTTP on one SQLite file and real bare repositories."""
