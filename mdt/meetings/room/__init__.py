"""The room: one case on every screen, who is present for it, the agenda beside it, and the desk of the decision."""
