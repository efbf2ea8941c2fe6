"""Two witnesses of one machine: what its agent says, and what the network shows of it."""
