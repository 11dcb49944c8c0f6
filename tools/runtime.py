"""What Lambda's Python runtime offers a function: packages, and variables."""

import compileall
import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import awslambdaric

from tools.artefacts import ROOT, VERSION, Artefact

PACKAGES = Path(awslambdaric.__file__).parent.parent
CLIENT = ("awslambdaric", "simplejson", "snapshot_restore_py.py", "runtime_client.*.so")
BOTO3 = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
"""What AWS documents as part of the Python runtime."""
REGION = "eu-west-1"


@cache
def runtime(bare: bool) -> Path:
    """The folder of links, its packages precompiled as on Lambda."""
    folder = ROOT / f".aws-sam/runtime-{VERSION}-{'bare' if bare else 'full'}"
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in CLIENT + (() if bare else BOTO3):
        for path in PACKAGES.glob(pattern):
            with suppress(FileExistsError):
                (folder / path.name).symlink_to(os.path.relpath(path, folder))
            if path.is_dir():
                compileall.compile_dir(path, quiet=2)
    return folder


def environment(artefact: Artefact, bare: bool) -> dict[str, str]:
    """The variables that Lambda sets, with its own and the layers' packages to import.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    layers = [str(layer / "python") for layer in artefact.layers]
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": tempfile.gettempdir(),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": ":".join([str(artefact.task), *layers, str(runtime(bare))]),
        "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's file system is read-only
        "LAMBDA_TASK_ROOT": str(artefact.task),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{VERSION}",
        "AWS_LAMBDA_FUNCTION_NAME": artefact.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(artefact.timeout_s),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(artefact.memory_mb),
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
    }
