"""Who is there: techniques that find hosts, and how sure it is that nobody was missed."""
