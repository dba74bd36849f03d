"""The demonstration: published cases under fictional names, played through the same actions as the pages use.

Nothing imports this room. Without it the system is the same, and empty.
"""
