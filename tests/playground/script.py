"""What the scripted bot registers and says."""

from typing import Any

Json = dict[str, Any]
RICH = """# Aurora
**Bold**, *italic*, __underlined__, ~~struck~~, ||spoiler||, `code` and [a link](https://discord.com).
> quoted
- one
- two
  - nested
```python
print("<b>not bold</b>")
```
-# small print"""


def texts(en: str, ru: str) -> Json:
    """A description in both languages."""
    return {"description": en, "description_localizations": {"ru": ru}}


COMMANDS: list[Json] = [
    {
        "name": "ask",
        "type": 1,
        "name_localizations": {"ru": "спросить"},
        **texts("Ask me anything", "Спросить меня о чём угодно"),
        "contexts": [0, 1],
        "options": [
            {
                "type": 3,
                "name": "question",
                **texts("What you want to know", "Что вы хотите узнать"),
                "required": True,
                "autocomplete": True,
                "max_length": 1000,
            },
            {
                "type": 3,
                "name": "tone",
                **texts("How to answer", "Как ответить"),
                "choices": [
                    {"name": "Plain", "name_localizations": {"ru": "Просто"}, "value": "plain"},
                    {"name": "Poetic", "name_localizations": {"ru": "Поэтично"}, "value": "poem"},
                ],
            },
            {"type": 5, "name": "private", **texts("Only for you", "Только для вас")},
            {
                "type": 4,
                "name": "words",
                **texts("How long", "Сколько слов"),
                "min_value": 1,
                "max_value": 500,
            },
        ],
    },
    {
        "name": "train",
        "type": 1,
        "name_localizations": {"ru": "обучить"},
        **texts("Train a model on your data", "Обучить модель на ваших данных"),
        "default_member_permissions": "32",
        "contexts": [0, 1],
        "options": [
            {"type": 11, "name": "dataset", **texts("A JSONL file", "Файл JSONL"), "required": True}
        ],
    },
    {
        "name": "dataset",
        "type": 1,
        **texts("Data sets", "Наборы данных"),
        "options": [
            {"type": 1, "name": "show", **texts("Show all data sets", "Показать наборы")},
            {
                "type": 1,
                "name": "remove",
                **texts("Remove a data set", "Удалить набор"),
                "options": [
                    {"type": 3, "name": "name", **texts("Which", "Какой"), "required": True}
                ],
            },
        ],
    },
    {
        "name": "form",
        "type": 1,
        "name_localizations": {"ru": "форма"},
        **texts("Open a form", "Открыть форму"),
        "contexts": [0, 1],
    },
    {"name": "gallery", "type": 1, **texts("Everything a message can hold", "Всё сразу")},
    {
        "name": "Correct this answer",
        "type": 3,
        "name_localizations": {"ru": "Исправить этот ответ"},
        "contexts": [0, 1],
    },
]
BUTTONS = [
    {
        "type": 1,
        "components": [
            {"type": 2, "style": 3, "custom_id": "like", "emoji": {"name": "👍"}},
            {"type": 2, "style": 2, "custom_id": "correct", "label": "Correct"},
            {"type": 2, "style": 4, "custom_id": "drop", "label": "Delete"},
            {"type": 2, "style": 5, "url": "https://discord.com", "label": "Docs"},
            {"type": 2, "style": 1, "custom_id": "off", "label": "Off", "disabled": True},
        ],
    },
    {
        "type": 1,
        "components": [
            {
                "type": 3,
                "custom_id": "pick",
                "placeholder": "Choose a model",
                "options": [
                    {"label": "Small", "value": "small", "description": "Fast"},
                    {"label": "Large", "value": "large", "description": "Wise"},
                ],
            }
        ],
    },
]


def correction_form(prefilled: str = "") -> Json:
    """A form with a paragraph."""
    field = {"type": 4, "custom_id": "correction", "style": 2, "max_length": 400, "min_length": 3}
    filled = {**field, "value": prefilled} if prefilled else field
    label = {"type": 18, "label": "The right answer", "description": "As you would say it"}
    data = {
        "custom_id": "corrected",
        "title": "Correct",
        "components": [{**label, "component": filled}],
    }
    return {"type": 9, "data": data}


WHOLE_FORM: Json = {
    "type": 9,
    "data": {
        "custom_id": "whole",
        "title": "Everything",
        "components": [
            {
                "type": 18,
                "label": "Name",
                "component": {"type": 4, "custom_id": "name", "style": 1, "value": "Aurora"},
            },
            {
                "type": 18,
                "label": "Level",
                "component": {
                    "type": 3,
                    "custom_id": "level",
                    "options": [
                        {"label": "Low", "value": "low"},
                        {"label": "High", "value": "high"},
                    ],
                },
            },
            {
                "type": 18,
                "label": "Files",
                "component": {"type": 19, "custom_id": "files", "required": False, "max_values": 2},
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 4,
                        "custom_id": "old",
                        "style": 1,
                        "label": "In an old row",
                        "required": False,
                    }
                ],
            },
        ],
    },
}


def gallery() -> Json:
    """A message with nearly everything."""
    return {
        "content": RICH,
        "components": BUTTONS,
        "embeds": [
            {
                "title": "Training finished",
                "url": "https://discord.com",
                "description": "Accuracy rose to **0.94**.\n- 120 lessons\n- 3 contradictions",
                "color": 0x57F287,
                "author": {"name": "Protégé"},
                "fields": [
                    {"name": "Model", "value": "`small-3`", "inline": True},
                    {"name": "Lessons", "value": "120", "inline": True},
                    {"name": "Asked by", "value": "Vera", "inline": True},
                    {"name": "Note", "value": "Held-out questions only"},
                ],
                "footer": {"text": "took 3.2 s"},
            }
        ],
    }
