"""Overall survival after the decision, by what was known that day; published figures apart from it."""
