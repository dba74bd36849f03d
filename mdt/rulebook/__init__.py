"""The rules as people read, compare, verify and sign them. The rules themselves are data of `classification`."""
