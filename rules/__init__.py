"""Bundled policy packs: one folder per pack, YAML with its sample data. No Python lives here but this docstring."""
