"""/model list and /model show."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.announce import proof
from protege.commands.model.buttons import activate_version, compare_versions, discard_version
from protege.commands.model.change import rebuild_version
from protege.commands.model.choosing import VERSION, label, number
from protege.commands.model.diff import diff_version
from protege.commands.model.export import export_version
from protege.commands.teaching import is_trainer
from protege.context import Context
from protege.discord.reply import Button, Embed, Reply
from protege.text import Text
from protege.ui.declare import button, command

if TYPE_CHECKING:
    from protege.arena.rating import Rating
    from protege.lineage import Known

AT_ONCE = 5
NONE = Text(
    "Nothing has been trained here yet: `/train` makes the first version.",
    "Здесь ещё ничего не обучали: первую версию сделает `/train`.",
)
HEAD = Text("🧠 **Versions** ({n})", "🧠 **Версии** ({n})")
NEXT = Text("Older", "Раньше")
PARENT = Text("from v{parent}", "от v{parent}")
REBUILT = Text("rebuilt v{n}", "пересобранная v{n}")
ROWS = Text("rows: {n}", "строк: {n}")
DATASETS = Text("datasets: {n}", "наборов: {n}")
SCORE = Text(
    "{right} % right, {refused} % not taught, of {rows} {kind}",
    "верно {right} %, «не учили» {refused} %, {kind}: {rows}",
)
ASKED = {
    "held-out": Text("held-out questions", "отложенных вопросов"),
    "leave-one-out": Text("questions as if untaught", "вопросов, будто их не учили"),
    "variants": Text("questions with a slip", "вопросов с опиской"),
}
"""By what `learning.evaluation` calls the exam."""
RATING = Text("⚔️ {points} ± {margin} (duels: {n})", "⚔️ {points} ± {margin} (дуэлей: {n})")
UNRATED = Text("⚔️ no duels yet: `/compare`", "⚔️ дуэлей ещё не было: `/compare`")
STALE = Text(
    "⚠️ It holds lessons that were taken back. They are not used; rebuild it to be rid of them.",
    "⚠️ В ней есть отозванные уроки. Они не используются; чтобы избавиться от них, пересоберите её.",
)
TRAINED_IN = Text(
    "⚠️ Lessons that were taken back are no longer looked up, but the model that a provider made "
    "was trained on them: activate another version, or rebuild this one.",
    "⚠️ Отозванные уроки больше не ищутся, но на них обучена модель у провайдера: включите другую "
    "версию или пересоберите эту.",
)
MADE = Text("<@{user}>, <t:{at}:R>", "<@{user}>, <t:{at}:R>")
KINDS = Text(
    "Lessons: {lessons} ({corrections} of them corrections, {forgotten} not used any more)",
    "Уроков: {lessons} (из них исправлений: {corrections}, больше не используются: {forgotten})",
)
EMBEDDER = Text("Embedder: `{name}`", "Эмбеддер: `{name}`")
SERVED = Text("Answers by `{model}` ({provider})", "Отвечает `{model}` ({provider})")
JOB = Text("Job `{job}`", "Задание `{job}`")
SERIES = " · "


@command(
    title=Text("model list", "модель список"),
    about=Text("What I have learnt: every version", "Чему я научился: все версии"),
    runs="later",
    private=True,
)
def model_list(ctx: Context) -> Reply:
    """The newest versions, and a button to those before."""
    return _page(ctx, 0)


@button(title=NEXT, runs="later", private=True)
def model_page(ctx: Context, argument: str) -> Reply:
    """Versions older than that with this number."""
    return _page(ctx, number(argument))


@command(
    title=Text("model show", "модель показать"),
    about=Text("All that is known of a version", "Всё, что известно о версии"),
    runs="later",
    private=True,
)
def model_show(ctx: Context, version: Annotated[str, VERSION]) -> Reply:
    """A card, with buttons for trainers."""
    known = ctx.bot.promotion.get(ctx.space, number(version))
    active = ctx.bot.lineage.active(ctx.space).after
    lines = [*_facts(ctx, known), *_more(ctx, known)]
    lines.append(_rating(ctx, ctx.bot.arena.ratings(ctx.space).get(known.number)))
    lines += [_stale(ctx, known)] if known.stale else []
    embed = Embed(label(ctx, known, active), "\n".join(lines))
    buttons = _buttons(ctx, known, active) if is_trainer(ctx) else ()
    return Reply("🧠", buttons, private=True, embed=embed)


def _page(ctx: Context, before: int) -> Reply:
    every = ctx.bot.promotion.versions(ctx.space)
    if not every:
        return Reply(ctx.say(NONE), private=True)
    older = [known for known in every if not before or known.number < before]
    active, ratings = ctx.bot.lineage.active(ctx.space).after, ctx.bot.arena.ratings(ctx.space)
    lines = [ctx.say(HEAD, n=len(every))]
    for known in older[:AT_ONCE]:
        mark = "▶️ " if known.number == active else ""
        rating = ratings.get(known.number)
        lines.append(f"{mark}**{label(ctx, known, active)}**")
        more = [*_facts(ctx, known), *([_rating(ctx, rating)] if rating else [])]
        lines.append(f"-# {SERIES.join(more)}")
        lines += [_stale(ctx, known)] if known.stale else []
    left = len(older) > AT_ONCE
    buttons = (ctx.button(model_page, str(older[AT_ONCE - 1].number)),) if left else ()
    return Reply("\n".join(lines), buttons, private=True)


def _facts(ctx: Context, known: "Known") -> list[str]:
    facts = known.facts
    parts = [ctx.say(PARENT, parent=facts["parent"])] if facts.get("parent") else []
    parts += [ctx.say(REBUILT, n=facts["rebuilds"])] if facts.get("rebuilds") else []
    parts.append(ctx.say(ROWS, n=facts.get("rows", 0)))
    parts += [ctx.say(DATASETS, n=len(facts["datasets"]))] if facts.get("datasets") else []
    found = facts.get("evaluation", {})
    if found.get("rows"):
        said = {name: round(100 * found[name]) for name in ("accuracy", "refused")}
        about = {"rows": found["rows"], "kind": ASKED[found["method"]], "refused": said["refused"]}
        parts.append(ctx.say(SCORE, right=said["accuracy"], **about))
    proven = proof.line(facts.get("proof") or {}, ctx.interaction.locale)
    parts += [proven] if proven else []
    return [*parts, ctx.say(MADE, user=facts["author"], at=round(facts["at"]))]


def _more(ctx: Context, known: "Known") -> list[str]:
    facts, counts = known.facts, ctx.bot.models.counts(ctx.space, known.number)
    lines = [ctx.say(KINDS, **counts._asdict()), ctx.say(EMBEDDER, name=facts["embedder"])]
    chat = facts.get("chat") or {}
    lines += [ctx.say(SERVED, **chat)] if chat.get("provider") else []
    return [*lines, ctx.say(JOB, job=facts["job"])]


def _stale(ctx: Context, known: "Known") -> str:
    made = (known.facts.get("chat") or {}).get("provider")
    return ctx.say(TRAINED_IN if made else STALE)


def _rating(ctx: Context, rating: "Rating | None") -> str:
    if rating is None:
        return ctx.say(UNRATED)
    said = {"points": round(rating.points), "margin": round(rating.margin), "n": rating.duels}
    return ctx.say(RATING, **said)


def _buttons(ctx: Context, known: "Known", active: int) -> tuple[Button, ...]:
    id, mine = str(known.number), known.number == active
    first = () if mine else (ctx.button(activate_version, id, emoji="▶️"),)
    other = active if not mine else known.facts.get("parent", 0)
    compare = (
        (ctx.button(compare_versions, id, emoji="⚖️"), ctx.button(diff_version, id, emoji="📄"))
        if other
        else ()
    )
    rebuild = (ctx.button(rebuild_version, id, emoji="🔁"),) if known.stale else ()
    discard = () if mine else (ctx.button(discard_version, id, emoji="🗑️"),)
    return (*first, *compare, ctx.button(export_version, id, emoji="📦"), *rebuild, *discard)
