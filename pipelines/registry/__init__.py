"""Typed tables built from the raw ones, and the functions that rules call.

For other rooms:

    build      registry.*, one typed table per dataset
    functions  our own SQL functions
"""
