"""What was found in plain words, and what to do about it."""

from protege.datasets.reading import words
from protege.datasets.report.figures import Finding
from protege.text import Text

PLACEHOLDER = Text("an answer that says nothing (n/a, TODO, …)", "пустой ответ (n/a, TODO, …)")
LONG_ANSWER = Text("an answer over 2,000 characters", "ответ длиннее 2000 символов")
LONG_QUESTION = Text("a question over 1,000 characters", "вопрос длиннее 1000 символов")
WHAT = {
    "contradiction": Text("the same question, other answers", "тот же вопрос, другие ответы"),
    "duplicate": Text("exact repeats", "точные повторы"),
    "near": Text("almost the same question", "почти тот же вопрос"),
}
ADVICE = {
    "secret": Text(
        "Anybody could ask me for it: take it out, and make a new one — it has been shown.",
        "Его сможет узнать любой: уберите и замените новым — он уже раскрыт.",
    ),
    "personal": Text(
        "I would tell it to anybody: take it out unless it is public.",
        "Я расскажу это любому: уберите, если это не общедоступно.",
    ),
    "contradiction": Text(
        "Decide which answer is right and delete the other.",
        "Решите, какой ответ верный, и удалите другой.",
    ),
    "placeholder": Text(
        "Write what I should say, or delete the row.",
        "Напишите, что отвечать, или удалите строку.",
    ),
    "long_answer": Text(
        "Discord shows it in several messages: shorten it or link to the details.",
        "Discord покажет его в нескольких сообщениях: сократите или дайте ссылку.",
    ),
    "long_question": Text(
        "I compare only its beginning: ask as people would, in a sentence or two.",
        "Я сравниваю только начало: спросите как люди, одной-двумя фразами.",
    ),
    "duplicate": Text(
        "Nothing to do: I keep one of each.", "Ничего делать не надо: оставлю по одному."
    ),
    "near": Text(
        "Keep them if they are ways people ask; delete typing slips and copies.",
        "Оставьте, если так спрашивают люди; опечатки и копии удалите.",
    ),
}
SPLIT = Text("Send the rest as another file.", "Пришлите остаток другим файлом.")
SENT = Text("Save it once more and send it again.", "Сохраните файл заново и пришлите ещё раз.")
REJECTED = {
    words.NO_INPUT: Text("Write the question.", "Допишите вопрос."),
    words.NO_ANSWER: Text("Write the answer.", "Допишите ответ."),
    words.NOT_JSON: Text(
        "Check its quotes, commas and brackets.", "Проверьте кавычки, запятые и скобки."
    ),
    words.NOT_A_ROW: Text(
        'Write it as {"question": "…", "answer": "…"}.',
        'Запишите так: {"question": "…", "answer": "…"}.',
    ),
    words.BROKEN_CELLS: Text(
        "Put a quote where the cell ends; a quote inside is doubled.",
        "Поставьте кавычку в конце ячейки; кавычка внутри удваивается.",
    ),
    words.NO_QUESTION_ABOVE: Text(
        "Begin with a line like `Q: …`.", "Начните со строки вида `В: …`."
    ),
    words.EMPTY: Text("Perhaps it was not saved: send it again.", "Возможно, файл не сохранён."),
    words.ENCRYPTED: Text("Pack it without a password.", "Упакуйте без пароля."),
    words.NESTED: Text("Send the inner archives by themselves.", "Пришлите внутренние отдельно."),
    words.NO_TEXT_INSIDE: Text("Save its text as CSV or TXT.", "Сохраните текст как CSV или TXT."),
    words.BROKEN_ARCHIVE: SENT,
    words.DAMAGED: SENT,
    words.TOO_LONG: Text("Shorten it, or split it in two rows.", "Сократите или разделите на две."),
    words.TOO_MANY: SPLIT,
    words.TOO_MANY_FILES: SPLIT,
    words.TOO_LARGE_PACKED: SPLIT,
    words.TOO_LARGE_UNPACKED: SPLIT,
}
OTHERWISE = Text("Mend it in the file of rejected rows.", "Исправьте в файле отклонённых строк.")


def advice(finding: Finding) -> Text:
    """What to do about a finding."""
    if finding.kind != "rejected":
        return ADVICE[finding.kind]
    known = (todo for why, todo in REJECTED.items() if _is(finding.what, why))
    return next(known, OTHERWISE)


def _is(what: Text, why: Text) -> bool:
    """Whether one is the other, whatever numbers stand in its {fields}."""
    before, field, after = why.en.partition("{")
    after = after.partition("}")[2]
    return (
        what.en == why.en if not field else what.en.startswith(before) and what.en.endswith(after)
    )
