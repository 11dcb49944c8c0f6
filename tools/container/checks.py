"""What the image must be, and what must come of it when it runs."""

from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playground.voice.speech import speech
from tools.container.engine import Engine, Failed
from tools.container.image import Image
from tools.container.report import Report
from tools.container.running import Running, answers, options, running
from tools.container.sounds import KINDS, unread
from tools.container.stage import ANSWER, QUESTION, Stage, stage

MEMORY_MB = 2048
"""What the task has on Fargate (template.yaml, VoiceTask)."""
LEAVES_S = 5.0
HEARD_FRAMES = 25
"""Half a second of what it says is not silence."""
SILENT_S = 1.0
UNWANTED = ("pip", "pip3", "gcc", "cc", "make", "git", "curl", "wget", "ffprobe")
ROOTS = "find / -xdev -type f -perm /6000 | head -3; for p in {}; do command -v $p; done; true"
WHO = "id | grep -E '[^0-9]0\\(' || true"
WRITES = "for it in / /opt/protege /etc /tmp; do touch $it/x 2>&- && echo $it; done; touch /data/x"


def of_image(report: Report, image: Image) -> None:
    """What can be seen without running it."""
    upon = f" upon {image.base}" if image.base else ""
    report.tell("image", f"{image.id[:19]}, built in {image.seconds:.0f} s{upon}")
    largest = "; ".join(f"{mb:.0f}: {_short(by)}" for mb, by in image.layers[:4])
    ours = f", {image.mb - image.base_mb:.0f} of them upon its base" if image.base_mb else ""
    report.tell("size", f"{image.mb:.0f} MB{ours}")
    report.tell("its largest layers", largest)
    report.check("user", image.user.split(":")[0] not in ("", "0", "root"), image.user or "root")
    probe = " ".join(image.probe)
    report.check("health check", "voice_worker.probe" in probe, probe or "none")


def _short(made_by: str) -> str:
    words = made_by.replace("/bin/sh -c", "").replace("#(nop)", "").split()
    return " ".join(words)[:48]


def of_another(report: Report, image: Image, again: Image) -> None:
    """Built a second time, from nothing, it is the same: files, their times, what is said of it.

    Its id may be another one: before buildah 1.41 the container it was built in is written down
    (https://github.com/podman-container-tools/buildah/pull/6211).
    """
    pairs = enumerate(zip_longest(image.digests, again.digests))
    other = [f"layer {nr}" for nr, (one, two) in pairs if one != two]
    other += [name for name in image.said if image.said[name] != again.said.get(name)]
    differs = f"{', '.join(other)}: podman image diff {image.id[:19]} {again.id[:19]}"
    found = differs if other else f"{len(again.digests)} layers, their times, what is said of them"
    report.check("the same again", not other, f"{found}; built in {again.seconds:.0f} s")


def of_running(report: Report, engine: Engine, name: str) -> None:
    """Run it beside the stand-ins, have it join and talk, end it."""
    with TemporaryDirectory(prefix="protege-container-") as folder, stage(Path(folder)) as it:
        given = options(it.env, it.server.voice.ca_file)
        with running(engine, name, given, Path(folder) / "log") as container:
            if _ready(report, it, container):
                _inside(report, container)
                _talk(report, it, container)
                report.tell("memory", f"{container.peak_mb():.0f} MB of {MEMORY_MB} at most")
                _end(report, it, container)


def _ready(report: Report, it: Stage, container: Running) -> bool:
    with report.trying("ready") as found:
        seconds = container.until(lambda: answers(it.health, "/readyz"), "ready")
        found(f"after {seconds:.1f} s, on a read-only file system, without capabilities")
        return True
    return False


def _inside(report: Report, container: Running) -> None:
    with report.trying("health check answers") as found:
        container.inside("python", "-m", "voice_worker.probe")
        found("exit 0")
    _silent(report, container, "not root", WHO, "neither user nor group")
    _silent(report, container, "writes", WRITES, "to /data only")
    unwanted = ROOTS.format(" ".join(UNWANTED))
    _silent(report, container, "nothing to break out", unwanted, "no setuid, pip or compiler")
    with report.trying("sound files") as found:
        if told_not := unread(container):
            raise Failed(f"cannot read {', '.join(told_not)}")
        found(f"{len(KINDS)} kinds read")


def _silent(report: Report, container: Running, name: str, script: str, good: str) -> None:
    """A script that says what should not be."""
    with report.trying(name) as found:
        if told := container.inside("sh", "-c", script).strip():
            raise Failed(told)
        found(good)


def _talk(report: Report, it: Stage, container: Running) -> None:
    with report.trying("joins") as found:
        it.order("join")
        seconds = container.until(lambda: it.present, "in the voice channel")
        it.act(lambda person: person.wait_heard(it.bot, HEARD_FRAMES, timeout_s=60.0))
        it.act(lambda person: person.quiet(it.bot, SILENT_S))
        if it.person.plaintext or it.person.undecryptable or not it.person.secure.is_set():
            raise Failed("what came was not encrypted end to end")
        found(f"after {seconds:.1f} s, says hello, encrypted end to end")
    with report.trying("answers aloud") as found:
        before = len(it.person.voiced(it.bot))
        it.act(lambda person: person.say(speech(QUESTION)))
        shown = it.typing.wait_for(lambda said: ANSWER in said["content"], timeout_s=60.0)
        more = before + HEARD_FRAMES
        it.act(lambda person: person.wait_heard(it.bot, more, timeout_s=60.0))
        found(_first_line(shown))


def _first_line(message: dict[str, Any]) -> str:
    return str(message["content"]).splitlines()[0][:80]


def _end(report: Report, it: Stage, container: Running) -> None:
    with report.trying("SIGTERM") as found:
        status, seconds = container.ended()
        if status or seconds > LEAVES_S or it.present:
            raise Failed(f"status {status} after {seconds:.1f} s, present: {it.present}")
        found(f"left its channel, exit 0, {seconds:.1f} s")
