"""Conversations: what is looked up for a question, and what is answered."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from protege.answers import Answer, Answers
from protege.learning import Embedder
from protege.learning.model import Verdict
from protege.learning.passages import best_passages
from protege.models import Models
from protege.providers import ChatModel, Example, Prompt
from protege.storage import Records

EXAMPLES = 10
PASSAGES = 3


class Recall(NamedTuple):
    """What the bot knows about a question before it answers."""

    question: str
    version: int
    verdict: Verdict
    prompt: Prompt

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
    ) -> None:
        self._model = model
        self._models = models
        self._embedder = embedder
        self._instructions = instructions
        self._answers = answers

    def recall(self, space: str, question: str, locale: str, document: str = "") -> Recall:
        """Find the lessons for a question. `document`: text of a file that came with it."""
        [recall] = self.recalls(space, [question], locale)
        if not document:
            return recall
        passages = best_passages(document, question, self._embedder(), PASSAGES)
        return recall._replace(prompt=recall.prompt._replace(document="\n\n".join(passages)))

    def recalls(self, space: str, questions: Sequence[str], locale: str) -> list[Recall]:
        """Find the lessons for many questions at once."""
        current = self._models.current(space)
        instruction = self._instructions.text(space)
        vectors = self._embedder().embed(list(questions))
        found = []
        for question, vector in zip(questions, vectors, strict=True):
            verdict = current.model.answer(question, vector)
            prompt = Prompt(
                instruction=instruction,
                examples=_examples(verdict),
                question=question,
                document="",
                taught=verdict.lesson.good if verdict.lesson else "",
                locale=locale,
                cache_key=f"{space}/v{current.version}",
            )
            found.append(Recall(question, current.version, verdict, prompt))
        return found

    def remember(self, space: str, id: str, recall: Recall, text: str, user: str) -> None:
        """Keep what was answered, under the id of the interaction that asked."""
        self._answers.remember(
            space, Answer(id, recall.question, text, user, recall.version, recall.lesson)
        )

    def answer(self, recall: Recall) -> Iterator[str]:
        """The answer in pieces. Raises Unavailable and UserError as the model does."""
        yield from self._model.answer(recall.prompt)


class Instructions:
    """What a guild tells the bot about itself: tone, language, what it is for."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def text(self, space: str) -> str:
        """The instruction now; empty where none was written."""
        return str(next(self._latest(space), ""))

    def write(self, space: str, id: str, text: str, author: str) -> None:
        """Replace the instruction. Earlier ones stay on record. `id`: the interaction's."""
        self._records.put(f"instruction#{space}", id.zfill(20), {"text": text, "author": author})

    def _latest(self, space: str) -> Iterator[str]:
        for record in self._records.find(f"instruction#{space}", newest=True, limit=1):
            yield record.fields["text"]


def _examples(verdict: Verdict) -> tuple[Example, ...]:
    """The nearest lessons, nearest last."""
    near = [hit.lesson for hit in verdict.hits[:EXAMPLES]]
    return tuple(Example(lesson.input, lesson.good, lesson.bad) for lesson in reversed(near))
