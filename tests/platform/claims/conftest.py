"""See `casework`."""

from casework import accepted, draft, loaded, officers

__all__ = ["accepted", "draft", "loaded", "officers"]
