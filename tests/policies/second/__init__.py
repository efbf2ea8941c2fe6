"""A second opinion on every rule."""
