"""After the talk: how a meeting ends, who is told of its outcome and how soon, and what becomes of next steps."""
