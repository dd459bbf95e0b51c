"""Personal data: encrypted at rest, found by keyed hash, masked on pages, every look and export on record."""
