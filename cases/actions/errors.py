class ActionError(Exception):
    """An action that cannot be done now. Its message is meant for the person and is shown on the page."""


class StaleForm(ActionError):
    """Somebody else changed the same thing while this form was open. Nothing was stored."""
