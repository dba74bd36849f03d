"""What an action refuses with."""


class PeopleError(Exception):
    """An action that cannot be done now. Its message is meant for the person and is shown on the page."""


class StalePeopleError(PeopleError):
    """Somebody else changed the same since the form was opened."""
