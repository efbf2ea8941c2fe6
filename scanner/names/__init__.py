"""What hosts call themselves: questions over UDP, and listening."""
