"""Typed tables from the raw ones, and the functions that rules call."""
