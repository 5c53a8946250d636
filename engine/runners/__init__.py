"""Ways to run a program over tables."""
