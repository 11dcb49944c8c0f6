"""Files that may never be needed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from protege.storage import Files


class Unopened:
    """Files that are opened at their first use. In the ingress that never comes: it names folders
    and versions from records, and boto3 would take most of a suggestion's three seconds.
    """

    def __init__(self, opened: "Callable[[], Files]") -> None:
        self._opened = opened

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened(), name)
