"""OpenAI's moderation, in front of any model. It is free of charge.

https://developers.openai.com/api/docs/guides/moderation
"""

import openai

from protege.config import Config
from protege.errors import BotError, Unavailable, UserError
from protege.providers import ChatModel, Completion, Prompt
from protege.providers.openai.chat import connect
from protege.providers.openai.faults import fault
from protege.providers.openai.keys import Key
from protege.providers.persevering import Pieces, whole
from protege.providers.refusals import Passing
from protege.text import Text

QUESTION = Text(
    "I would rather not answer that: the moderation flagged the question. Put it another way?",
    "На это я предпочту не отвечать: модерация отметила вопрос. Может, спросить иначе?",
)
ANSWER = Text(
    "I had an answer, but the moderation flagged it, so I keep it to myself.",
    "Ответ у меня был, но модерация его отметила, поэтому я оставлю его при себе.",
)
RETRIES = 2


class Moderation:
    """Looks at texts. What it cannot look at counts as not looked at: nothing passes unseen."""

    def __init__(self, config: Config, key: Key) -> None:
        self._model = config.openai_moderation_model
        self._client = connect(config, key).with_options(max_retries=RETRIES)

    def flagged(self, text: str) -> bool:
        """Whether a text is flagged. Raises UserError and Unavailable."""
        try:
            found = self._client.moderations.create(model=self._model, input=text)
        except openai.OpenAIError as error:
            raise _down(fault(error, self._model)) from None
        return any(result.flagged for result in found.results)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class Moderated:
    """A model behind moderation. `what`: `questions`, `answers` or `both`.

    A flagged question costs nothing; an answer is held back until it is whole and looked at.
    """

    def __init__(self, model: ChatModel, moderation: Moderation, what: str) -> None:
        self._chat = model
        self._moderation = moderation
        self._questions = what in ("questions", "both")
        self._answers = what in ("answers", "both")

    @property
    def model(self) -> str:
        """Id of the configured model."""
        return self._chat.model

    @property
    def can_complete(self) -> bool:
        """Whether there is a language model."""
        return self._chat.can_complete

    def answer(self, prompt: Prompt) -> Pieces:
        """As the model answers; raises UserError where moderation objects to the question."""
        asked = f"{prompt.question}\n\n{prompt.document}".strip()
        if self._questions and self._moderation.flagged(asked):
            raise UserError(QUESTION)
        if not self._answers:
            return (yield from self._chat.answer(prompt))
        text, usage = whole(self._chat.answer(prompt))
        yield ANSWER.to(prompt.locale) if self._moderation.flagged(text) else text
        return usage

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        """As the model does: what we ask for ourselves is shown to nobody unread."""
        return self._chat.complete(instruction, text, model=model)


def _down(error: BotError) -> BotError:
    return Unavailable(f"the moderation is down: {error}") if isinstance(error, Passing) else error
