"""Who was given data of a patient, and telling them what became of it (GDPR 19)."""
