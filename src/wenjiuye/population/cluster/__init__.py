"""A city run on several processes or machines: the same parts, the same files, done elsewhere."""
