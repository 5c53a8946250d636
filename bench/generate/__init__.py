"""Seeded generators of sample data: the same seed writes the same bytes."""
