"""What is known: a device is what the claims add up to."""
