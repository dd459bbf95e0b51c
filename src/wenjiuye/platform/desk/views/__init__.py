"""The desk's views, one file for each area."""
