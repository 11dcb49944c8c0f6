"""A stand-in for AWS' base image, where no registry is reached: same paths, same interpreter.

It is Debian, not Amazon Linux. Its folders and entry point are those of AWS' own image
(https://github.com/aws/aws-lambda-base-images); the runtime's client is AWS' awslambdaric.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.container.debian import BASE
from tools.container.engine import Engine
from tools.emulator import runtime

NAME = "localhost/protege-lambda-python:3.13"
BUILD_S = 300
DOCKERFILE = f"""\
FROM {BASE}
COPY runtime /var/runtime
COPY bootstrap /var/runtime/bootstrap
COPY entrypoint /lambda-entrypoint.sh
RUN chmod 755 /var/runtime/bootstrap /lambda-entrypoint.sh
ENV LANG=C.UTF-8 TZ=:/etc/localtime LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime
WORKDIR /var/task
ENTRYPOINT ["/lambda-entrypoint.sh"]
"""
BOOTSTRAP = """\
#!/bin/sh
export AWS_EXECUTION_ENV=AWS_Lambda_python3.13 PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH=/var/task:/opt/python:/var/runtime
exec python3 -m awslambdaric "${_HANDLER:-$AWS_LAMBDA_FUNCTION_HANDLER}"
"""
ENTRYPOINT = """\
#!/bin/sh
export _HANDLER="$1"
if [ -z "$AWS_LAMBDA_RUNTIME_API" ]; then exec /var/rapid/aws-lambda-rie /var/runtime/bootstrap; fi
exec /var/runtime/bootstrap
"""


def make(engine: Engine) -> str:
    """Build it; its name. Raises Failed."""
    with TemporaryDirectory(prefix="protege-lambda-") as place:
        folder = Path(place)
        for path in runtime(bare=False).iterdir():
            into = folder / "runtime" / path.name
            if path.is_dir():
                shutil.copytree(path, into)
            else:
                into.parent.mkdir(exist_ok=True)
                shutil.copy(path, into)
        for name, text in (("bootstrap", BOOTSTRAP), ("entrypoint", ENTRYPOINT)):
            (folder / name).write_text(text)
        (folder / "Dockerfile").write_text(DOCKERFILE)
        words = ("build", "--quiet", *engine.limits, "-t", NAME, place)
        engine.do(*words, limit_s=BUILD_S)
    return NAME
