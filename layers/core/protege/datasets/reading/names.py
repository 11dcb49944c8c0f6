"""What people call a question, an answer and a bad answer."""

import re

INPUTS = (
    *("input", "prompt", "question", "q", "instruction", "text", "query", "request"),
    *("user", "human", "message", "utterance"),
    *("вопрос", "запрос", "инструкция", "текст", "сообщение", "пользователь"),
)
GOODS = (
    *("preferred_output", "good", "chosen", "preferred", "expected", "output", "completion"),
    *("answer", "response", "a", "reply", "target", "assistant", "bot", "gpt", "label", "category"),
    *("ответ", "правильный ответ", "хороший ответ", "хорошо", "бот", "метка", "категория"),
)
BADS = (
    *("non_preferred_output", "bad", "rejected", "dispreferred", "wrong"),
    *("неправильный ответ", "плохой ответ", "плохо", "неверно"),
)
TALKS = ("messages", "conversations", "conversation", "dialog", "dialogue", "turns")
ENVELOPES = ("data", "rows", "examples", "items", "records", "dataset", "данные")
"""Names of the list of rows inside an object that holds a whole dataset."""
ABOUT_INPUT = re.compile(r"question|prompt|query|вопрос|запрос").search
ABOUT_GOOD = re.compile(r"answer|response|completion|reply|ответ").search
ABOUT_BAD = re.compile(r"\bbad|reject|wrong|плох|неправильн|неверн").search
LONGEST_NAME = 60


def plain(name: object) -> str:
    """A name as it is compared: `Preferred-Output ` is `preferred_output`."""
    return str(name).strip().strip("\ufeff\"'*").strip().lower().replace("-", "_")
