"""Counting: the parts of a summary, each from verdicts and devices; nothing is decided here."""
