"""Cells of a register read into values: each reader gives the value, or says why there is none."""
