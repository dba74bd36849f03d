"""The standard-of-care lane: cases that are listed and recorded by a signed protocol, without discussion."""
