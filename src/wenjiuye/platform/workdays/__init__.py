"""Working days from our own table of holidays."""
