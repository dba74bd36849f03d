"""What became of patients after the meeting: treatment, response, resection, recurrence, seen alive, death."""
