"""A case on one page of paper: A4, in the reader's language, made when it is asked for and kept nowhere."""

DOCUMENT = "one_page"
"""What the log calls this paper, beside the kinds of the documents that are kept."""
