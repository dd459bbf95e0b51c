"""How the system is set up: the environment, Django's settings, the list of URLs."""
