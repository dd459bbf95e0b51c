"""Commands for whoever keeps the system."""
