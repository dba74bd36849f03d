"""The agenda of a meeting on paper, in the reader's language, made when it is asked for and kept nowhere."""

DOCUMENT = "agenda"
"""What the log calls this paper, beside the kinds of the documents that are kept."""
