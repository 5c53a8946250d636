"""From the bytes of a YAML file to a Document with a span on every node, checked against the schema of its kind."""
