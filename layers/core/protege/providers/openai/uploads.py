"""Files of rows at the provider, for as long as a job needs them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from tempfile import TemporaryFile

import openai


def upload(client: openai.OpenAI, name: str, rows: Callable[[], Iterator[bytes]]) -> str:
    """The id of a file of that name and these rows: of one that is there already, or a new one.

    It goes by way of the disk: so memory stays flat, the length is known, and it can be sent twice.
    Raises openai.OpenAIError.
    """
    with TemporaryFile() as file:
        for chunk in rows():
            file.write(chunk)
        size = file.tell()
        for known in client.files.list(purpose="fine-tune", limit=100).data:
            if (known.filename, known.bytes) == (name, size):
                return known.id
        file.seek(0)
        about = (name, file, "application/jsonl")
        return client.files.create(file=about, purpose="fine-tune").id


def tidy(client: openai.OpenAI, files: Iterable[str | None]) -> None:
    """Delete files: people's words stay no longer than they are needed. A courtesy: never fails."""
    for file in filter(None, files):
        with suppress(openai.OpenAIError):
            client.files.delete(file)
