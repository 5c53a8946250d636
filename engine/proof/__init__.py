"""Findings about a program that need its meaning, each with an example that shows it."""
