"""The registry of a city in the database: persons, employers, spells and history, and how they come in."""
