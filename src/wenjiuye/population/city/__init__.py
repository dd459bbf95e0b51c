"""A whole city at once: runs, lists, comparisons and simulations."""
