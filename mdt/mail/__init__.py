"""Messages to people: a mailbox in the system, and e-mail where a mail server is set up."""
