"""Every place in the source that refuses a rule file, with its message as a pattern."""

import ast
import re
from collections import Counter
from pathlib import Path

import classification

SOURCE = Path(classification.__file__).parent
NOT_ABOUT_RULES = {"facts.py", "standing.py"}  # they refuse what is stated about a case
OBJECTIONS = {"_objections", "_value_objection", "_text_objection"}


def _pattern(message: ast.expr) -> str:
    """The fixed words of a message with gaps for what it names; "" for one that comes from elsewhere."""
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        return re.escape(message.value)
    if isinstance(message, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".*" for part in message.values]
        return "".join(parts)
    return ""


def _messages(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            is_row = isinstance(node.func, ast.Attribute) and node.func.attr == "refuse" and len(node.args) == 1
            is_error = isinstance(node.func, ast.Name) and node.func.id == "RulebookError" and len(node.args) == 3
            if is_row or is_error:
                yield node.args[-1]
        if isinstance(node, ast.FunctionDef) and node.name in OBJECTIONS:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield inner.value
                if isinstance(inner, ast.Yield) and isinstance(inner.value, ast.Tuple):
                    yield inner.value.elts[-1]


def patterns() -> Counter[str]:
    """Each message as a regular expression, with the number of places that say it."""
    found: Counter[str] = Counter()
    for path in sorted(SOURCE.glob("*.py")):
        if path.name not in NOT_ABOUT_RULES:
            found.update(filter(None, map(_pattern, _messages(ast.parse(path.read_text(encoding="utf-8"))))))
    return found
