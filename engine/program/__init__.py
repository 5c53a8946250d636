"""Checked policies to a program, and a program over tables to decisions that name their causes."""
