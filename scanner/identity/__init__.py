"""What stands behind a port that is known to be open: one connection a job, read and explained."""
