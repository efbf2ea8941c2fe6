"""What looks at a LAN: a technique turns targets into sightings."""
