"""One file with everything that is held of a patient, for the patient (GDPR 15 and 20, HIPAA right of access)."""
