"""Work in the background: exports, imports, runs over many claims, with progress and a result to fetch."""
