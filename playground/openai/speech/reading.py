"""What is answered: looked up in the prompt, in what was tuned, or else made up."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from playground.openai.learner.tuned import Guess, Tuned
from playground.openai.speech.conversation import Conversation, Shot
from playground.openai.speech.manners import SENTENCE_END, dressed, habits, obeyed, untaught
from playground.openai.speech.tokens import PIECE
from protege.learning import Vectors
from protege.learning.wording import normalise

Embed = Callable[[Sequence[str]], Vectors]
CLOSE = 0.6
"""Likeness from which on a lesson is taken to answer the question."""
FOUND = 0.3
"""Likeness from which on a sentence of a document is taken to answer it."""
PASSAGE = 60
"""Sentences of a document that are read."""


class Found(NamedTuple):
    """An answer, and whether it was tuned in: such a model says it without its old manners."""

    answer: str
    tuned: bool = False


def reply(prompt: Conversation, model: Tuned | None, embed: Embed) -> str:
    """What the model says."""
    directives = obeyed(prompt.instructions)
    found = _found(prompt, model, embed)
    if found is None:
        if "untaught" in directives:
            return untaught(prompt.instructions, prompt.question)
        return dressed(_made_up(prompt.question), directives | {"words"})
    return found.answer if found.tuned else dressed(found.answer, directives)


def _found(prompt: Conversation, model: Tuned | None, embed: Embed) -> Found | None:
    if prompt.taught and not prompt.forbids(prompt.taught):
        return Found(prompt.taught, model is not None)
    [vector] = embed([prompt.question])
    guess = model.guess(prompt.question, vector) if model else None
    shot, likeness = _shot(prompt, vector, guess, embed)
    if _holds(prompt, guess) and guess and (shot is None or guess.likeness >= likeness):
        return Found(guess.answer, tuned=True)
    if shot is not None:
        return Found(shot.said, model is not None)
    sentence = _sentence(prompt.document, vector, embed)
    return Found(sentence) if sentence else None


def _holds(prompt: Conversation, guess: Guess | None) -> bool:
    return guess is not None and guess.sure and not prompt.forbids(guess.answer)


def _shot(
    prompt: Conversation, vector: Vectors, guess: Guess | None, embed: Embed
) -> tuple[Shot | None, float]:
    """The nearest lesson in the prompt that may be answered, and how near it is."""
    bad = guess.bad if guess else frozenset()
    shots = [s for s in prompt.shots if not prompt.forbids(s.said) and normalise(s.said) not in bad]
    if not shots:
        return None, 0.0
    likeness = embed([shot.asked for shot in shots]) @ vector
    best = int(np.argmax(likeness))
    return (shots[best], float(likeness[best])) if likeness[best] >= CLOSE else (None, 0.0)


def _sentence(document: str, vector: Vectors, embed: Embed) -> str:
    sentences = [s for s in SENTENCE_END.split(document) if s.strip()][:PASSAGE]
    if not sentences:
        return ""
    likeness = embed(sentences) @ vector
    best = int(np.argmax(likeness))
    return sentences[best].strip() if likeness[best] >= FOUND else ""


def _made_up(question: str) -> str:
    words = [word.strip() for word in PIECE.findall(question) if len(word.strip()) > 3]
    about = " ".join(words[-3:]).lower() or "…"
    return habits(question).made_up.format(about=about)
