"""How the program's log is written: a line for people or JSON for machines, and never what a patient is called.

The message of an error may hold a row (a database says which values it refused), so of an error only its class is
written, and where it happened. Addresses are written without their query, in which people search for names.
"""

import json
import logging
import traceback
from datetime import UTC, datetime

LINE = "{asctime} {levelname} {name} {message}"


class LineFormatter(logging.Formatter):
    """A line, and below it the way to an error without its words."""

    def __init__(self) -> None:
        super().__init__(LINE, style="{")

    def formatException(self, ei) -> str:
        return where(ei)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, process, message; of an error its class and where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if (code := getattr(record, "status_code", None)) is not None:
            said["status"] = code
        if record.exc_info and record.exc_info[0]:
            said["error"], said["where"] = record.exc_info[0].__name__, where(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def where(exc_info) -> str:
    """The frames of an error and of its causes, and their classes; none of their words, and no line of the source."""
    parts, error, seen = [], exc_info[1], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = [
            f'  File "{f.filename}", line {f.lineno}, in {f.name}' for f in traceback.extract_tb(error.__traceback__)
        ]
        parts.insert(0, "\n".join([*frames, type(error).__name__]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(parts)
