"""Text as it is written becomes sentences as they are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_worker.sentences import Sentences, cut, language_of, rest_is_written, spoken


def split(text: str, step: int) -> list[str]:
    """All sentences, the text pushed in pieces of so many letters."""
    sentences = Sentences()
    found = [it for at in range(0, len(text), step) for it in sentences.push(text[at : at + step])]
    return found + sentences.end()


SPLIT = [
    (
        "Hello there. We open at 9.30 a.m. on weekdays, e.g. Monday. See Dr. Smith! OK? Fine…",
        [
            "Hello there.",
            "We open at 9.30 a.m. on weekdays, e.g. Monday.",
            "See Dr. Smith!",
            "OK?",
            "Fine…",
        ],
    ),
    (
        "Привет! Открыто с 9:00, т. е. утром, и т.д. Вторник — выходной (с 2020 г. так). "
        "А. С. Пушкин родился в 1799 г. в Москве.",
        [
            "Привет!",
            "Открыто с 9:00, т. е. утром, и т.д.",
            "Вторник — выходной (с 2020 г. так).",
            "А. С. Пушкин родился в 1799 г. в Москве.",
        ],
    ),
    (
        "1. First item\n2. Second one. With more.\n- dash\n\n## Head\nText",
        ["1. First item", "2. Second one.", "With more.", "- dash", "## Head", "Text"],
    ),
    (
        "Do this:\n```py\nprint('a. b')\n\nx\n```\nAfter it. Done",
        ["Do this:", "```py\nprint('a. b')\n\nx\n```", "After it.", "Done"],
    ),
    (
        "| a | b |\n|---|---|\n| 1. x | 2 |\nAfter it.",
        ["| a | b |\n|---|---|\n| 1. x | 2 |", "After it."],
    ),
    (
        "See [the docs. Really](https://a.b/c?d=1) for more. Use `a. B` now! Go.",
        ["See [the docs. Really](https://a.b/c?d=1) for more.", "Use `a. B` now!", "Go."],
    ),
    (
        '"Why?" he asked. "Because." No. 5 is no. Then',
        ['"Why?" he asked.', '"Because."', "No. 5 is no.", "Then"],
    ),
    ("we open at nine. bring a friend. ok?", ["we open at nine.", "bring a friend.", "ok?"]),
    ("今日は。元気ですか？はい", ["今日は。", "元気ですか？", "はい"]),
    ("Version 2.0.1 costs 3.50 dollars. Yes", ["Version 2.0.1 costs 3.50 dollars.", "Yes"]),
]


@pytest.mark.parametrize("step", [1, 4, 1000])
@pytest.mark.parametrize(("text", "sentences"), SPLIT)
def test_sentences_are_the_same_however_the_text_comes(
    text: str, sentences: list[str], step: int
) -> None:
    assert split(text, step) == sentences


def test_a_sentence_comes_as_soon_as_the_next_one_begins() -> None:
    sentences = Sentences()
    assert sentences.push("Yes, we do.") == [] == sentences.push(" ")
    assert sentences.push("A") == ["Yes, we do."]
    assert sentences.push("nd so on\n") == ["And so on"]


def test_the_first_words_do_not_wait_for_the_end_of_a_long_sentence() -> None:
    sentences = Sentences()
    text = "As far as I know we open at nine in the morning, and then we go on and on"
    [first] = sentences.push(text)
    assert first == "As far as I know we open at nine in the morning,"
    assert sentences.push(", and on, and") == []


def test_very_long_sentences_are_cut_between_clauses() -> None:
    clause = "and this goes on for quite a number of words without any stop at all, "
    found = split(clause * 12, 7)
    assert all(60 < len(it) <= 240 and it.endswith(",") for it in found[1:])
    assert " ".join(found) == (clause * 12).strip()
    assert max(map(len, split("word " * 300, 11))) <= 240
    assert [len(it) for it in split("a" * 2500, 100)] == [1000, 1000, 500]


@given(st.text(alphabet='aB1 .!?,\n`|[](*я—…"-', max_size=400), st.integers(1, 50))
def test_no_letter_is_lost_and_none_is_made_up(text: str, step: int) -> None:
    assert "".join("".join(split(text, step)).split()) == "".join(text.split())


@given(
    st.text(st.characters(exclude_characters="\\"), max_size=300), st.sampled_from(["en-US", "ru"])
)
def test_whatever_is_written_something_on_one_line_is_said(text: str, language: str) -> None:
    said = spoken(text, language)
    assert said == " ".join(said.split()) and not set("`*|_~@") & set(said)


SPOKEN = [
    (
        "**Hello**, _there_! See [the docs](https://docs.a.com/x_y?z=1).",
        "Hello, there! See the docs.",
    ),
    (
        "Look: https://www.example.com/a/b?c=d. Or <https://x.org>!",
        "Look: a link to example.com. Or a link to x.org!",
    ),
    ("```py\nprint(1)\n```", "Here is some code."),
    (
        "# Title\n- one\n- two: yes\n1. first\n> quote\n---\nend",
        "Title. one. two: yes. 1: first. quote. end.",
    ),
    (
        "| name | price |\n|---|---:|\n| Tea | 3 € |\n| Cake | 4 € |",
        "name: Tea; price: 3 €. name: Cake; price: 4 €.",
    ),
    ("| a |\n|--|\n" + "| 1 |\n" * 9, "Here is a table of 9 rows."),
    ("Hi <@123>, <@&5> in <#7> <:blob:99> 😀👍🏽", "Hi Ann, a role in a channel."),
    ("Type </ask:12>. ||secret||!", "Type ask. a spoiler!"),
    ("<t:1795279350:D> and <t:1795279350:t>", "November 21, 2026 and 16:42 UTC."),
    (
        "5 \\* 3, C\\# snake_case `foo_bar` a -> b ≈ 3 ~10",
        "5 * 3, C# snake case foo bar a, b about 3 about 10.",
    ),
    ("Whaaaaaaat?!?!?! 𝓗𝓮𝓵𝓵𝓸", "Whaaat? Hello."),
    ("2 * 3 = 6 & it's 3.14, 10%", "2 times 3 is 6 and it's 3.14, 10%."),
    ("me@example.com, e.g. @everyone", "me at example.com, for example everyone."),
]
RUSSIAN = [
    ("Смотри https://ya.ru/abc.", "Смотри ссылка на ya.ru."),
    (
        "<t:1795279350:d> т.е. в 2020 г. было ~5 тыс. руб. и т.д.",
        "21 ноября 2026 года то есть в 2020 году было около 5 тысяч рублей и так далее.",
    ),
    ("```\nx\n```", "Здесь код."),
    ("Кто здесь? <@9>", "Кто здесь? кто-то."),
]


@pytest.mark.parametrize(("written", "said"), SPOKEN)
def test_what_only_eyes_understand_is_put_into_words(written: str, said: str) -> None:
    assert spoken(written, "en-US", lambda id: "Ann" if id == "123" else "") == said


@pytest.mark.parametrize(("written", "said"), RUSSIAN)
def test_the_words_are_russian_in_russian(written: str, said: str) -> None:
    assert spoken(written, "ru") == said


@pytest.mark.parametrize("written", ["", "😀", "***", "!!!???", "---", "<:blob:99>", "\u200b\x07"])
def test_of_what_has_no_words_nothing_is_said(written: str) -> None:
    assert spoken(written) == ""


def test_a_sentence_in_the_other_script_is_read_in_its_own_language() -> None:
    assert language_of("Открыто с девяти.", "en-US") == "ru"
    assert language_of("We open at nine.", "ru") == "en-US"
    assert language_of("Команда /ask отвечает.", "ru") == "ru"
    assert language_of("Встреча в Discord.", "uk") == "uk"
    assert language_of("42", "ru") == "ru"
    assert language_of("Guten Tag.", "de") == "de"


def test_a_long_text_is_cut_between_sentences() -> None:
    assert cut("One. Two is here.\n- three\n- four", 20) == ("One. Two is here.", True)
    assert cut("One. Two.", 20) == ("One. Two.", False)
    assert cut("The very first sentence is long. Two.", 5) == (
        "The very first sentence is long.",
        True,
    )
    assert rest_is_written("ru") == "Остальное — в канале."
