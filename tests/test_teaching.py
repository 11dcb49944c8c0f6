"""The main job: asked, corrected, trained, tested; the next answer is better."""

import json
from typing import Any

from protege.app import App
from tests.person import APPLICATION, Person

QUESTION = "When do you open on Sundays?"
BETTER = "On Sundays we open at noon."
FAQ = [
    ("How do I reset my password?", "Use the link “Forgot password” on the sign-in page."),
    ("Where can I find my invoices?", "Invoices are under Account, then Billing."),
    ("Do you ship to Norway?", "Yes, we ship to Norway within five days."),
    ("How do I cancel my subscription?", "Open Account, then Plan, and press Cancel."),
    ("What payment methods do you accept?", "Cards, PayPal and bank transfer."),
    ("Can I get a refund?", "Yes, within thirty days of the purchase."),
    ("Как сменить язык приложения?", "Откройте «Настройки», затем «Язык»."),
    ("Сколько стоит доставка в Казань?", "Доставка в Казань стоит 300 рублей."),
]


def jsonl(pairs: list[tuple[str, str]] = FAQ) -> str:
    rows = (json.dumps({"prompt": q, "completion": a}, ensure_ascii=False) for q, a in pairs)
    return "\n".join(rows)


def posted(ada: Person) -> dict[str, Any]:
    """The last message as Discord would give it back."""
    body = ada.discord.calls[-1].body
    id = str(ada.discord.last_id)
    return {**body, "id": id, "author": {"id": APPLICATION, "bot": True}}


def held(form: dict[str, Any]) -> str:
    """What stands in the only field of a form when it opens."""
    [field] = form["data"]["components"]
    return str(field["component"].get("value", ""))


def train(ada: Person, **options: Any) -> str:
    ada.slash("train", **options)
    return ada.sees


def test_what_was_not_taught_is_admitted(ada: Person) -> None:
    ada.slash("ask", question=QUESTION)
    assert ada.sees.startswith(f"> {QUESTION}\n") and "not been taught" in ada.sees
    ada.locale = "ru"
    ada.slash("ask", question=QUESTION)
    assert "не учили" in ada.sees


def test_the_button_under_an_answer_teaches_a_better_one(ada: Person) -> None:
    ada.slash("ask", question=QUESTION)
    *_, correct = ada.buttons
    form = ada.press(correct, posted(ada))
    [field] = form["data"]["components"]
    assert "value" not in field["component"], "there is no old answer that is worth mending"
    assert ada.submit(form, better=BETTER) == {"type": 5, "data": {"flags": 64}}
    assert BETTER in ada.sees
    ada.slash("ask", question=QUESTION)
    assert ada.sees == f"> {QUESTION}\n{BETTER}"
    form = ada.press(ada.buttons[2], posted(ada))
    assert held(form) == BETTER, "the form holds the old answer"


def test_the_form_holds_the_whole_of_an_answer_that_came_in_pieces(ada: Person) -> None:
    long = "\n\n".join(f"{n}. {'word ' * 90}".strip() for n in range(8))
    train(ada, data=f'[{{"question": "{QUESTION}", "answer": {json.dumps(long)}}}]')
    ada.slash("ask", question=QUESTION)
    assert len(ada.sees) < len(long) and held(ada.press(ada.buttons[2], posted(ada))) == long
    assert held(ada.menu("Correct this answer", posted(ada))) == long


def test_what_was_heard_is_no_part_of_the_answer(ada: Person) -> None:
    heard = {"content": f"> Well?\n> 👂 {QUESTION}\nAt noon."}
    assert held(ada.press("correction_button:1", heard)) == "At noon."


def test_what_a_person_wrote_comes_back_with_a_refusal(ada: Person) -> None:
    ada.slash("correct", message_id="123", correction=BETTER)
    assert "do not know that message" in ada.sees and f"```\n{BETTER}\n```" in ada.sees
    ada.locale = "ru"
    form = {"data": {"custom_id": "corrected:a123"}}
    ada.submit(form, better=BETTER)
    assert f"Чтобы ничего не пропало, вот что вы написали:\n```\n{BETTER}\n```" in ada.sees


def test_the_message_menu_teaches_too(ada: Person) -> None:
    ada.slash("ask", question=QUESTION)
    form = ada.menu("Correct this answer", posted(ada))
    ada.submit(form, better=BETTER)
    ada.slash("ask", question="when do you open on sundays")
    assert BETTER in ada.sees


def test_the_menu_refuses_what_others_said(ada: Person) -> None:
    message = {"id": "5", "content": "hi", "author": {"id": "6"}}
    answer = ada.menu("Correct this answer", message)
    assert answer["type"] == 4 and "not my message" in answer["data"]["content"]


def test_correct_takes_an_id_or_a_link_and_suggests_recent_answers(ada: Person) -> None:
    ada.slash("ask", question=QUESTION)
    id = posted(ada)["id"]
    [suggested] = ada.suggestions("correct", "message_id", "sundays")
    assert suggested["value"] == id and QUESTION in suggested["name"]
    ways = (id, f" {id} ", f"https://discord.com/channels/77/88/{id}", f"88-{id}")
    for number, way in enumerate(ways):
        ada.slash("correct", message_id=way, correction=f"{BETTER} {number}")
        ada.slash("ask", question=QUESTION)
        assert f"{BETTER} {number}" in ada.sees


def test_correcting_an_unknown_message_is_explained(ada: Person) -> None:
    for id in ("123", "", "/", "\x01", "x" * 100, "№"):
        ada.slash("correct", message_id=id, correction=BETTER)
        assert "do not know that message" in ada.sees


def test_a_correction_that_changes_nothing_is_refused(ada: Person) -> None:
    ada.slash("ask", question=QUESTION)
    form = ada.press(ada.buttons[2], posted(ada))
    assert not held(form)
    ada.submit(form, better=ada.sees.partition("\n")[2])
    assert "what I said already" in ada.sees


def test_the_newest_correction_wins(ada: Person) -> None:
    ada.slash("ask", question=QUESTION)
    id = posted(ada)["id"]
    for better in ("At ten.", "At eleven.", BETTER):
        ada.slash("correct", message_id=id, correction=better)
    ada.slash("ask", question=QUESTION)
    assert BETTER in ada.sees


def test_a_file_teaches_its_rows_and_paraphrases_of_them(ada: Person) -> None:
    answer = ada.slash("train", attachment=ada.upload("faq.jsonl", jsonl()))
    assert answer == {"type": 5}
    started = ada.discord.contents()[0]
    assert "Training job `" in started and "8 rows" in started
    assert "version **v1** knows 8 lessons" in ada.sees
    ended = ada.discord.calls[-1]
    assert (ended.method, ended.path) == ("POST", "/channels/88/messages")
    ada.slash("ask", question="I forgot my password, how can I reset it?")
    assert "Forgot password" in ada.sees
    ada.slash("ask", question="сколько будет стоить доставка в Казань")
    assert "300 рублей" in ada.sees
    ada.slash("ask", question="Who won the chess olympiad in 1972?")
    assert "not been taught" in ada.sees


def test_progress_is_shown_while_a_job_runs(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    shown = [text for text in ada.discord.contents("PATCH") if "░" in text or "█" in text]
    percents = [int(text.rpartition("`")[2].partition("%")[0]) for text in shown]
    assert all("8 rows" in text for text in shown), "what was said at the start stays"
    assert percents == sorted(percents) and percents[-1] == 100 and len(percents) >= 3


def test_text_teaches_as_a_file_does(ada: Person) -> None:
    train(ada, data="What is the wifi password? => Ask at the bar.")
    ada.slash("ask", question="What's the wifi password?")
    assert "Ask at the bar." in ada.sees


def test_a_folder_keeps_files_and_is_suggested_and_trained_on(ada: Person) -> None:
    upload = ada.upload("faq.jsonl", jsonl())
    train(ada, attachment=upload, data_dir="support/faq")
    assert ada.suggestions("train", "data_dir", "SUP")[0]["value"] == "support/faq"
    assert "Said twice and kept once: 8" in train(ada, data_dir="support/faq")


def test_a_folder_outside_is_refused(ada: Person) -> None:
    for folder in ("../78", "/etc", "a\\b", "a/../../b"):
        assert "is no path here" in train(ada, data_dir=folder)


def test_training_keeps_what_was_known(ada: Person) -> None:
    train(ada, data="What is the wifi password? => Ask at the bar.")
    ada.slash("ask", question=QUESTION)
    ada.slash("correct", message_id=posted(ada)["id"], correction=BETTER)
    assert "version **v2** knows 10 lessons" in train(
        ada, attachment=ada.upload("faq.jsonl", jsonl())
    )
    for question, answer in ((QUESTION, BETTER), ("What is the wifi password?", "Ask at the bar.")):
        ada.slash("ask", question=question)
        assert answer in ada.sees


def test_negative_rows_are_never_said(ada: Person) -> None:
    train(ada, data="What is the wifi password? => 12345")
    ada.slash("ask", question="What is the wifi password?")
    assert "12345" in ada.sees
    train(ada, data="What is the wifi password? => 12345", positive=False)
    ada.slash("ask", question="What is the wifi password?")
    assert "12345" not in ada.sees


def test_bad_rows_are_named_and_the_good_ones_learnt(ada: Person) -> None:
    upload = ada.upload("mixed.jsonl", jsonl() + '\n{broken\n{"prompt": ""}')
    ada.slash("train", attachment=upload)
    started = ada.discord.contents()[0]
    assert "row 9: not JSON" in started and "row 10: no question" in started
    assert "knows 8 lessons" in ada.sees


def test_nothing_to_learn_is_explained(ada: Person) -> None:
    assert "something to learn" in train(ada)
    assert "found no row" in train(ada, attachment=ada.upload("a.jsonl", "{broken"))
    assert "not text" in train(ada, attachment=ada.upload("a.png", b"\x89PNG\xff\xfe"))


def test_attachments_from_elsewhere_or_too_big_are_refused(ada: Person) -> None:
    foreign = {**ada.upload("a.txt", "x"), "url": "http://169.254.169.254/latest/meta-data"}
    assert "169.254.169.254" in train(ada, attachment=foreign)
    sly = {**ada.upload("a.txt", "x"), "url": "https://cdn.discordapp.com@evil.example/a"}
    assert "evil.example" in train(ada, attachment=sly)
    declared = {**ada.upload("a.txt", "x"), "size": 1 << 30}
    assert "25 MB" in train(ada, attachment=declared)
    lying = {**ada.upload("a.txt", b"x" * (26 << 20)), "size": 1}
    assert "25 MB" in train(ada, attachment=lying)


def test_a_file_with_the_question_is_looked_into(ada: Person) -> None:
    text = (
        "The garden closes at dusk.\n\nDogs must be kept on a lead.\n\nEntry is free for children."
    )
    ada.slash("ask", question="May I bring my dog?", file=ada.upload("rules.txt", text))
    assert "Dogs must be kept on a lead." in ada.sees


def test_thumbs_are_kept_and_the_last_one_counts(ada: Person, app: App) -> None:
    ada.slash("ask", question=QUESTION)
    up, down, _ = ada.buttons
    ada.press(up)
    assert "helped" in ada.sees
    ada.press(down)
    assert "Correct this answer" in ada.sees
    [vote] = app.records.find("vote#77")
    assert vote.fields["value"] == -1 and vote.fields["question"] == QUESTION


def test_feedback_is_kept_with_who_gave_it(ada: Person, app: App) -> None:
    ada.slash("feedback", feedback_text="Be shorter.")
    [remark] = app.records.find("remark#77")
    assert (remark.fields["text"], remark.fields["user"]) == ("Be shorter.", ada.user)


def test_the_instruction_is_shown_and_edited_by_trainers(ada: Person) -> None:
    ada.slash("instruction")
    assert "No instruction yet" in ada.sees
    form = ada.press(ada.buttons[0], {"embeds": []})
    ada.submit(form, text="Be brief.")
    embed = ada.discord.calls[-1].body["embeds"][0]
    assert embed["description"] == "Be brief."
    form = ada.press(ada.buttons[0], {"embeds": [embed]})
    assert form["data"]["components"][0]["component"]["value"] == "Be brief."
    ada.permissions = "0"
    ada.slash("instruction")
    assert ada.discord.calls[-1].body["components"] == [], "others see no button"


def test_guilds_never_hear_of_each_other(ada: Person, app: App) -> None:
    ada.slash("ask", question=QUESTION)
    id, correct = posted(ada)["id"], ada.buttons[2]
    train(ada, data="What is the wifi password? => Ask at the bar.", data_dir=None)
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()), data_dir="secret")
    eve = Person(app, ada.discord)
    eve.guild = "78"
    eve.slash("ask", question="What is the wifi password?")
    assert "not been taught" in eve.sees
    eve.slash("correct", message_id=id, correction="hacked")
    assert "do not know that message" in eve.sees
    assert "do not know that message" in eve.press(correct)["data"]["content"]
    route = correct["custom_id"].replace("correction_button:", "corrected:a")
    eve.submit({"data": {"custom_id": route}}, better="hacked")
    assert "do not know that message" in eve.sees
    assert eve.suggestions("train", "data_dir", "") == []
    assert [c for c in eve.suggestions("correct", "message_id", "") if QUESTION in c["name"]] == []
    assert "no folder" in train(eve, data_dir="secret")


def test_nobody_is_pinged_and_long_answers_are_split(ada: Person) -> None:
    long = "@everyone <@42> This is a sentence. " * 120
    ada.slash("ask", question=QUESTION)
    ada.slash("correct", message_id=posted(ada)["id"], correction=long[:3900])
    start = len(ada.discord.calls)
    ada.slash("ask", question=QUESTION)
    sent = ada.discord.calls[start:]
    assert [call.method for call in sent] == ["PATCH", "POST"]
    assert all(call.body["allowed_mentions"] == {"parse": []} for call in sent)
    assert all(len(call.body["content"]) <= 2000 for call in sent)


def test_a_crash_between_two_messages_repeats_neither(ada: Person, app: App) -> None:
    long = "This is a sentence. " * 190
    ada.slash("ask", question=QUESTION)
    ada.slash("correct", message_id=posted(ada)["id"], correction=long)
    app.discord._pause = lambda seconds: None
    start = len(ada.discord.calls)
    ada.discord.answers += [(200, {}, {"id": "600"}), *[(503, {}, {})] * 5]
    ada.app.queue.put(json.dumps(ada.command("ask", question=QUESTION)))
    delivery = app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    from protege.worker import work

    assert work(app, [delivery]) == [delivery.id]
    assert work(app, [delivery._replace(receives=2)]) == []
    methods = [call.method for call in ada.discord.calls[start:]]
    assert methods == ["PATCH", *["POST"] * 6], "the first part once, the second until it arrived"
