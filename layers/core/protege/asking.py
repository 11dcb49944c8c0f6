"""One question put to the bot, however it came: by /ask, in a message, or spoken."""

from collections.abc import Generator
from typing import NamedTuple

from protege.chat import Chat
from protege.spending import OverBudget, paid_by


class Question(NamedTuple):
    """What is asked. `id`: a snowflake, of what asked it (an interaction, a message)."""

    id: str
    space: str
    """The guild that is asked, and pays; or a private chat."""
    user: str
    text: str
    locale: str
    document: str = ""
    """Text of a file that came with it."""


class Asking:
    """From the lessons to an answer that is remembered. For one question, in this order."""

    def __init__(self, chat: Chat, question: Question) -> None:
        self.question = question
        self._chat = chat
        self._said: list[str] = []
        with paid_by(question.space):
            self._recall = chat.recall(
                question.space, question.text, question.locale, question.document
            )

    @property
    def answer(self) -> str:
        """As much as has come."""
        return "".join(self._said).strip()

    def pieces(self) -> Generator[str, None, None]:
        """The answer as it comes. Closed early, it is paid for as far as it got. Raises as
        `Chat.answer`.
        """
        for piece in (pieces := self._answer()):
            self._said.append(piece)
            try:
                yield piece
            except GeneratorExit:
                pieces.close()
                raise

    def _answer(self) -> Generator[str, None, None]:
        """Where the budget is used up, what was taught costs nothing."""
        try:
            yield from self._chat.answer(self._recall)
        except OverBudget:
            if not self._recall.prompt.taught:
                raise
            yield self._recall.prompt.taught

    def whole(self) -> str:
        """The whole answer, remembered. Raises as `Chat.answer`."""
        for _ in self.pieces():
            pass
        return self.remember()

    def remember(self) -> str:
        """Keep the answer, as much as has come, so that it can be rated and corrected."""
        question = self.question
        self._chat.remember(question.space, question.id, self._recall, self.answer, question.user)
        return self.answer
