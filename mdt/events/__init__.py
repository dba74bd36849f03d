"""The event log: one line for every write and for every opening of a patient's record, in a hash chain."""
