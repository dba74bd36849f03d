"""Doors to other systems. Nothing imports this room."""
