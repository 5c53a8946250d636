"""Decisions to touches, owners and due dates."""
