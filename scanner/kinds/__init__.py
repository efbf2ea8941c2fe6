"""What a host is: fingerprints with their own examples, weighed into a kind that says why."""
