"""Answers without any model service: the taught answer, or that there is none."""

from collections.abc import Generator

from protege.providers import Completion, Prompt, Usage
from protege.text import Text
from protege.untaught import NOT_TAUGHT

FROM_FILE = Text("In the file I found:\n{found}", "Вот что я нашёл в файле:\n{found}")


class LocalChat:
    """Says what was taught, word for word; a file that came with the question is looked into."""

    model = ""
    can_complete = False

    def answer(self, prompt: Prompt) -> Generator[str, None, Usage]:
        """The taught answer, else passages of the document, else a plain "not taught"."""
        if prompt.taught:
            yield prompt.taught
        elif prompt.document:
            yield FROM_FILE.to(prompt.locale, found=prompt.document)
        else:
            yield NOT_TAUGHT.to(prompt.locale)
        return Usage()

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        """There is no language model here. Raises NotImplementedError."""
        raise NotImplementedError("no language model is configured")
