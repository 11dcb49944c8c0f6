"""`python -m tools.container`: build the voice worker's image, run it, check it; CI's last step.

Needs docker or podman; on a Debian as root, podman is installed. Where neither works, it checks
what can be checked without and says so. `--built`: check the image that is there; `--twice`: build
it twice from nothing, its base included, and compare (not in CI: it takes ten minutes). BASE names
another image to build upon, SOURCE_DATE_EPOCH the time that files in it have.
"""

import sys

from tools.container import checks, paper
from tools.container.debian import BASE
from tools.container.engine import Engine, Failed, found, hide_hybrid_cgroups
from tools.container.image import NAME, Image, build, seen
from tools.container.report import Report

MODULE = "tools.container"


def main(arguments: list[str]) -> int:
    """How many checks failed."""
    hide_hybrid_cgroups(MODULE)
    report, twice = Report(), "--twice" in arguments
    paper.check(report)
    engine = found()
    if engine is None:
        return _without(report, "neither docker nor podman works here")
    try:
        image = seen(engine, NAME) if "--built" in arguments else build(engine, anew=twice)
    except Failed as error:
        return _failed(report, engine, error)
    checks.of_image(report, image)
    if twice:
        _twice(report, engine, image)
    checks.of_running(report, engine, image.id)
    return report.end(f"built and run by {engine.name}")


def _failed(report: Report, engine: Engine, error: Failed) -> int:
    """A podman that cannot start a process is none; any other build that fails is our fault."""
    if engine.name == "podman" and not engine.runs(BASE):
        return _without(report, f"podman starts nothing here ({str(error)[-300:]})")
    report.check("build", False, str(error))
    return report.end(f"built by {engine.name}")


def _twice(report: Report, engine: Engine, image: Image) -> None:
    """Docker leaves the time of the build in every file, where BuildKit is not told otherwise."""
    if engine.name == "docker":
        report.tell("the same again", "NOT COMPARED: docker keeps the times of the build")
        return
    try:
        again = build(engine, anew=True)
    except Failed as error:
        report.check("the same again", False, str(error))
        return
    checks.of_another(report, image, again)


def _without(report: Report, why: str) -> int:
    report.tell("NO CONTAINER", f"{why}: the image was NOT built; checked on paper instead")
    paper.check_instead(report)
    return report.end("on paper")


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
