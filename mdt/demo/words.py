"""The demonstration's words in the installation's language: people, questions, reasons. Facts are the same in all."""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class Words:
    """English → the words of `language`, as words.LANGUAGE.toml has them; English itself where there is none."""

    def __init__(self, language: str):
        table = HERE / f"words.{language}.toml"
        self._words: dict[str, str] = tomllib.loads(table.read_text(encoding="utf-8")) if table.exists() else {}

    def of(self, text: str) -> str:
        return self._words.get(text.strip(), text)

    def throughout(self, part: Any) -> Any:
        """The same lists and tables with every text in the language; codes and addresses have no other words."""
        if isinstance(part, dict):
            return {name: self.throughout(value) for name, value in part.items()}
        if isinstance(part, list):
            return [self.throughout(value) for value in part]
        return self.of(part) if isinstance(part, str) else part
