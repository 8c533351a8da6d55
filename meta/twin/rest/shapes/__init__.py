"""Rows -> the JSON that GitHub's REST API shows of them, one module per area."""
