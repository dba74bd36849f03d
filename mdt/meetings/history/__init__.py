"""One case over many meetings: everything in one timeline, and what changed since it was last decided on."""
