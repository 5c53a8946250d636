"""What was paid, for good: entries that are only ever added, each holding the digest of the one before."""
