"""SAM's own checks of the template, and cfn-lint's of the CloudFormation that it becomes."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.artefacts import ROOT, SAM
from tools.stack import Finding

NO_ACCOUNT = {
    "SAM_CLI_TELEMETRY": "0",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""SAM would ask AWS for its managed policies, five seconds long, where it has no account."""


def sam_validate(*options: str, folder: Path = ROOT) -> Iterator[Finding]:
    """`sam validate`; each of the two ways finds what the other does not."""
    done = subprocess.run(
        [SAM, "validate", *options],
        cwd=folder,
        env={**os.environ, **NO_ACCOUNT},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        tool = " ".join(("sam validate", *options))
        yield Finding(tool, "invalid", "", (done.stdout + done.stderr)[-2000:])


def cfn_lint(template: Path) -> Iterator[Finding]:
    """cfn-lint on plain CloudFormation, with the rules of cfn-lint-serverless: ES and WS.

    Raises RuntimeError with what it said.
    """
    lint = str(SAM.with_name("cfn-lint"))
    more = ("--append-rules", "cfn_lint_serverless.rules", "--format", "json")
    command = [lint, "--template", str(template), *more]
    done = subprocess.run(command, capture_output=True, text=True, cwd=template.parent)
    try:
        found = json.loads(done.stdout or "[]")
    except ValueError:
        raise RuntimeError((done.stdout + done.stderr)[-2000:]) from None
    if done.returncode and not found:
        raise RuntimeError(done.stderr[-2000:])
    for one in found:
        rule = one["Rule"]["Id"]
        path = [*(one["Location"].get("Path") or []), "", ""]
        resource = str(path[1]) if path[0] == "Resources" else ""
        tool = "cfn-lint-serverless" if rule[1:2] == "S" else "cfn-lint"
        yield Finding(tool, rule, resource, one["Message"])
