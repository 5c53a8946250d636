"""Text to expressions: parsing, types and units, and the reading of their meaning."""
