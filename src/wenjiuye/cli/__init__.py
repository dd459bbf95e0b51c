"""The `wenjiuye` command: determine, decide, explain, ask, and look at what the policy says."""

from wenjiuye.cli.app import app, main

__all__ = ["app", "main"]
