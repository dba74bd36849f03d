"""What other rooms do once a backup has been put back. They say so here; the backup knows none of them."""

from collections.abc import Callable, Iterator

_tasks: list[Callable[[], Iterator[str]]] = []


def register(task: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
    """`task` runs after each restore and yields what the person at the machine must know."""
    _tasks.append(task)
    return task


def after_restore() -> Iterator[str]:
    for task in _tasks:
        yield from task()
