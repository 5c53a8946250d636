"""Decisions to what people act on: tiers as listed, tasks, pay. Tasks and pay do not know each other."""
