"""The record: who changed what and why, and the chain of decisions that cannot be rewritten."""
