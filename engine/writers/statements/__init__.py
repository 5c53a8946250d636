"""Statements of pay: one view of what a payee is paid, and a file for each form in which it is written."""
