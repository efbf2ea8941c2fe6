"""Which ports of a host answer, and what the network's silence says about a firewall."""
