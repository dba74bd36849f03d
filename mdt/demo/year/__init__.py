"""A synthetic year of one more team, so that every page of the audit has something true to show: nothing in it is real.

Made from published shares and rates (rates.toml), played through the actions that the pages use, with the clock set
back, and in small parts by the worker: the demonstration is served long before the year is complete.
"""
