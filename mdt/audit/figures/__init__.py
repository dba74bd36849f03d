"""The tables of the audit: one function from a Scope to a Table each. Counted in the database, few passes."""
