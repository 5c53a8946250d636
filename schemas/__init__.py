"""The JSON Schemas of granger's policy kinds and the layouts of its output files: data, no code."""
