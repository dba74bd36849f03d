"""Copies of everything that an installation has, encrypted, checked after writing, and how they are put back."""
