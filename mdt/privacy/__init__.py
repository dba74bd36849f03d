"""The privacy office: how long what is kept, erasure of a patient by order, and legal holds. Nothing imports it."""
