"""Conversations: what is looked up for a question, and what is answered."""

from collections.abc import Callable, Generator, Sequence
from math import ceil
from typing import NamedTuple

from protege.answers import Answer, Answers
from protege.chat.instructions import InForce as InForce
from protege.chat.instructions import Instruction as Instruction
from protege.chat.instructions import Instructions as Instructions
from protege.chat.instructions import in_force as in_force
from protege.learning import Embedder
from protege.learning.model import Verdict
from protege.learning.passages import best_passages
from protege.models import Current, Models
from protege.providers import ChatModel, Example, Prompt, Usage
from protege.providers.passing import passing
from protege.spending import OverBudget, Spending

EXAMPLES = 10
PASSAGES = 3


class Knowing(NamedTuple):
    """What is asked: a version as it was trained, not what answers now.

    `trial`: as if its held-out questions had never been taught, so that they can be asked fairly.
    """

    version: int
    trial: bool = False


class Recall(NamedTuple):
    """What the bot knows about a question before it answers."""

    question: str
    version: int
    verdict: Verdict
    prompt: Prompt
    space: str = ""
    """The guild that asks, and pays."""

    @property
    def lesson(self) -> str:
        """Id of the lesson that answers the question; empty where none does."""
        return self.verdict.lesson.id if self.verdict.lesson else ""


class Chat:
    """Answers questions with what the guild has taught."""

    def __init__(
        self,
        model: ChatModel,
        models: Models,
        embedder: Callable[[], Embedder],
        instructions: "Instructions",
        answers: Answers,
        spending: Spending,
    ) -> None:
        self._model = model
        self._models = models
        self._embedder = embedder
        self._instructions = instructions
        self._answers = answers
        self._spending = spending

    def recall(self, space: str, question: str, locale: str, document: str = "") -> Recall:
        """Find the lessons for a question. `document`: text of a file that came with it.

        Raises as `recalls`, and UserError where the file costs more than the budget has.
        """
        [recall] = self.recalls(space, [question], locale)
        if not document:
            return recall
        passages = self._passages(space, document, question, recall)
        return recall._replace(prompt=recall.prompt._replace(document="\n\n".join(passages)))

    def recalls(
        self, space: str, questions: Sequence[str], locale: str, *, at: Knowing | None = None
    ) -> list[Recall]:
        """Find the lessons for many questions at once: in what answers now, or in a version.

        Raises Missing where there is no such version.
        """
        current = self._known(space, at)
        instruction = in_force(self._instructions, self._models, space, current.version).text
        made = self._models.about(space, current.version).get("chat") or {}
        vectors = self._embedder().embed(list(questions))
        found = []
        for question, vector in zip(questions, vectors, strict=True):
            verdict = current.model.answer(question, vector)
            key = f"{space}/v{current.version}"
            prompt = prompted(verdict, question, instruction, locale, key)
            prompt = prompt._replace(provider=made.get("provider", ""), model=made.get("model", ""))
            found.append(Recall(question, current.version, verdict, prompt, space))
        return found

    def _passages(self, space: str, document: str, question: str, recall: Recall) -> list[str]:
        try:
            self._spending.check_embedding(space)
        except OverBudget:
            if not recall.prompt.taught:
                raise
            return []  # what was taught is answered without
        return best_passages(document, question, self._embedder(), PASSAGES)

    def _known(self, space: str, at: Knowing | None) -> Current:
        if at is None:
            return self._models.current(space)
        load = self._models.trial if at.trial else self._models.load
        return Current(at.version, load(space, at.version))

    def instruction(self, space: str) -> InForce:
        """The instruction that answers follow now."""
        version = self._models.pointer(space).version
        return in_force(self._instructions, self._models, space, version)

    def remember(self, space: str, id: str, recall: Recall, text: str, user: str) -> None:
        """Keep what was answered, under the id of the interaction that asked."""
        self._answers.remember(
            space, Answer(id, recall.question, text, user, recall.version, recall.lesson)
        )

    def answer(self, recall: Recall) -> Generator[str, None, None]:
        """The answer in pieces; what it cost is noted once it is whole. Closed before, what it
        must have cost until then: no provider tells.

        Raises Unavailable and UserError as the model does, UserError where the budget is used up.
        """
        model = recall.prompt.model or self._model.model
        if model:
            self._spending.check(recall.space)
        said: list[str] = []
        try:
            usage = yield from passing(self._model.answer(recall.prompt), said.append)
        except GeneratorExit:
            if model:
                self._spending.note(recall.space, "chat", model, guessed(recall.prompt, said))
            raise
        self._spending.note(recall.space, "chat", model, usage)


def guessed(prompt: Prompt, said: Sequence[str]) -> Usage:
    """What an answer cost that was broken off: tokens estimated from what was read and written."""
    from protege.datasets.report.tokens import tokens

    examples = (part for example in prompt.examples for part in example)
    read = (prompt.instruction, *examples, prompt.document, prompt.taught, prompt.question)
    return Usage(ceil(sum(map(tokens, read))), ceil(tokens("".join(said))))


def prompted(
    verdict: Verdict, question: str, instruction: str, locale: str, cache_key: str
) -> Prompt:
    """What a model is told: the instruction, the lessons near the question, the taught answer."""
    return Prompt(
        instruction=instruction,
        examples=_examples(verdict),
        question=question,
        document="",
        taught=verdict.lesson.good if verdict.lesson else "",
        locale=locale,
        cache_key=cache_key,
    )


def _examples(verdict: Verdict) -> tuple[Example, ...]:
    """The nearest lessons, nearest last."""
    near = [hit.lesson for hit in verdict.hits[:EXAMPLES]]
    return tuple(Example(lesson.input, lesson.good, lesson.bad) for lesson in reversed(near))
