"""nmap as a second reader of services, and its XML as a source of sightings."""
