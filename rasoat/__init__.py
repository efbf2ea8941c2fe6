"""The command line: assembles the parts and holds no logic."""
