"""The patient's case before and between meetings: patients, findings by discipline, proposals, readiness, the queue."""
