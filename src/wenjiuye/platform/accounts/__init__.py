"""Who signs in, with which role and where, and who may do what."""
