"""The door for agents, sensors and people."""
