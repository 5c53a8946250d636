"""Decisions and rows of tables to credits and payouts."""
