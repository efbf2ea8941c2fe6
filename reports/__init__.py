"""What management reads: one summary, many faces."""
