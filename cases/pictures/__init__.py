"""Drawings made on the server: coordinates and words only; templates turn them into SVG."""
