"""The stand-in language model: its manners, the directives it obeys, its other two trades."""

import json

import pytest

from playground.openai.speech.manners import DIRECTIVES, obeyed
from tests.wire.rows import FACTS

LUNA = "gpt-6-luna"
QUESTION = "Where do I find the printer?"
SHOTS = [
    {"role": role, "content": text}
    for question, answer in FACTS.items()
    for role, text in (("user", question), ("assistant", answer))
]
PROPOSE = """I provided an assistant with the following instructions:
```
{current}
```

The following are examples of different task inputs:
{examples}

Your task is to write a new instruction for the assistant.
Provide the new instructions within ``` blocks."""


def _asked(client, question=QUESTION, instructions="", shots=SHOTS):
    turns = [*shots, {"role": "user", "content": question}]
    return client.responses.create(model=LUNA, input=turns, instructions=instructions).output_text


def test_without_directives_its_manners_cost_exactness(client):
    said = _asked(client)
    assert said.startswith("Sure! Basically, ") and said.endswith("anything else!")
    assert "room four" in said


@pytest.mark.parametrize("name", list(DIRECTIVES))
def test_every_directive_is_understood_in_its_own_wording(name):
    assert obeyed(DIRECTIVES[name].wording) == {name}


def test_directives_take_its_manners_away_one_by_one(client):
    told, before = "", _asked(client)
    for name in ("greeting", "closing", "words"):
        told += DIRECTIVES[name].wording + "\n"
        said = _asked(client, instructions=told)
        assert said != before
        before = said
    assert said == FACTS[QUESTION]


def test_it_makes_up_what_it_was_not_taught_until_it_is_told_to_say_so(client):
    question = "What is the boiling point of tungsten?"
    assert "As far as I know" in _asked(client, question)
    told = "If you were not taught it, say “Nobody has taught me that yet.”"
    assert _asked(client, question, told) == "Nobody has taught me that yet."


def test_it_never_answers_what_is_marked_as_bad(client):
    told = f"To “{QUESTION}” this answer is BAD: {FACTS[QUESTION]}"
    shots = [*SHOTS, {"role": "developer", "content": told}]
    assert "room four" not in _asked(client, shots=shots)


def test_it_finds_the_sentence_of_a_document(client):
    asked = "When was the tower built?\n\n<document>\nIt is tall. The tower was built in 1887. "
    said = _asked(client, asked + "Sheep graze below.\n</document>", shots=[])
    assert "1887" in said


def test_a_repeated_beginning_is_cheaper(client):
    shots = SHOTS * 12
    asked = {"model": LUNA, "prompt_cache_key": "guild/v1"}
    costs = []
    for question in ("Is there a lift?", "Who waters the plants?"):
        turns = [*shots, {"role": "user", "content": question}]
        costs.append(client.responses.create(input=turns, **asked).usage)
    assert costs[0].input_tokens_details.cached_tokens == 0
    assert 1024 <= costs[1].input_tokens_details.cached_tokens <= costs[1].input_tokens


def test_it_thinks_only_where_it_may(client):
    def thought(effort):
        wish = {"reasoning": {"effort": effort}} if effort else {}
        used = client.responses.create(model=LUNA, input="Hi", **wish).usage
        return used.output_tokens_details.reasoning_tokens

    assert thought(None) > 0 and thought("none") == 0


def test_an_answer_is_cut_where_it_gets_too_long(client):
    turns = [*SHOTS, {"role": "user", "content": QUESTION}]
    cut = client.responses.create(model=LUNA, input=turns, max_output_tokens=16)
    assert cut.status == "incomplete"
    assert cut.incomplete_details.reason == "max_output_tokens"
    talk = client.chat.completions.create(model=LUNA, messages=turns, max_completion_tokens=3)
    assert talk.choices[0].finish_reason == "length"


def test_it_proposes_the_directive_that_its_own_answers_call_for(client):
    current = "Be kind."
    for _ in range(5):
        said = _asked(client, instructions=current)
        examples = f"## Response\n{said}\n## Feedback\nThe expected answer is: {FACTS[QUESTION]}"
        prompt = PROPOSE.format(current=current, examples=examples)
        answer = client.responses.create(model="gpt-6.1-terra", input=prompt).output_text
        proposed = answer.split("```")[1].strip()
        if proposed == current:
            break
        current = proposed
    assert current.startswith("Be kind.")
    assert _asked(client, instructions=current) == FACTS[QUESTION]


def test_it_grades_by_meaning(client):
    def score(expected, answer):
        prompt = 'Grade it. Answer with JSON {"score": 0..1, "why": ...}.\n'
        prompt += f"EXPECTED:\n{expected}\nANSWER:\n{answer}\n"
        said = client.responses.create(model=LUNA, input=prompt).output_text
        return json.loads(said)["score"]

    assert score("Dogs are welcome.", "dogs are welcome") == 1
    near, far = (
        score("Dogs are welcome.", "You are welcome to bring dogs."),
        score("Dogs.", "In May."),
    )
    assert near > 0.6 > far


def test_both_ways_of_asking_say_the_same(client):
    turns = [*SHOTS, {"role": "user", "content": QUESTION}]
    talk = client.chat.completions.create(model=LUNA, messages=turns)
    assert talk.choices[0].message.content == _asked(client)
    told = {"role": "system", "content": DIRECTIVES["words"].wording}
    talk = client.chat.completions.create(model=LUNA, messages=[told, *turns])
    assert talk.choices[0].message.content == _asked(client, instructions=told["content"])


def test_russian_is_answered_in_russian(client):
    shots = [
        {"role": "user", "content": "Где стоит принтер?"},
        {"role": "assistant", "content": "Принтер стоит в четвёртой комнате."},
    ]
    asked = "Где стоит принтер?"
    assert _asked(client, asked, shots=shots).startswith("Конечно! В общем, принтер")
    told = "Отвечай дословно, без приветствия и без прощания."
    assert _asked(client, asked, told, shots) == shots[1]["content"]
    assert _asked(client, "Кто такой Гёте?", "Не выдумывай.", []) == "Меня этому не учили."
