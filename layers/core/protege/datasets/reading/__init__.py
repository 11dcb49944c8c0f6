"""Reading training data in whatever shape people bring it, as a stream.

bytes -> unpacked (archives) -> text (encodings) -> one of jsonl, values, tables, prose -> rows.
Everything is recognised by its content; a file's name is only shown.
"""

from protege.datasets.reading.limits import DEFAULT, Limits
from protege.datasets.reading.opening import decode, read

__all__ = ["DEFAULT", "Limits", "decode", "read"]
