"""The only sockets that send probes: every destination is checked, paced and counted here."""
