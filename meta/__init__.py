"""Keep a fleet of GitHub repositories in the state one manifest declares."""

__version__ = "0.1.0"
