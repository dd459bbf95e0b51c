"""Benchmarks of the engine: whole policy, one case, start-up, and the same rules in three other tools."""
