"""From the tables of a registry to the facts of every subject on a day."""
