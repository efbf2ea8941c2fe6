"""Collectors of macOS 10.13 and newer, Intel and Apple silicon."""
