"""What a reform would do: over a whole registry, before it is signed."""
