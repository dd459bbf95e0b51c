"""The officers' desk: screens, which only call services."""
