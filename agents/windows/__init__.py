"""Windows 7 to 11 and Server: collectors, and the machine they ask."""
