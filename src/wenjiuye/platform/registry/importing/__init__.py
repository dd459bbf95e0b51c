"""Files of offices come into the registry: read, columns matched, checked cell by cell, loaded as one batch."""
