"""Measurements. Each prints medians and ratios against a peer of the same run; none is a test."""
