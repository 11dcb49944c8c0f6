"""What the image is built upon: one that is named, or a Debian made here of its packages.

Made twice of the same packages, with the same `epoch`, it is the same to the byte, and so has the
same id: mmdebstrap promises that of its files (https://manpages.debian.org/mmdebstrap, under
SOURCE_DATE_EPOCH), and what is said about them here holds nothing of the day or the machine.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.container.engine import Engine, Failed, install, may_install, said

SUITE = "trixie"
"""Debian 13: its Python is 3.13, as the Dockerfile's own base and Lambda have it."""
BASE = f"localhost/protege-base-{SUITE}"
WITHIN = ("python3", "python3-venv", "ca-certificates")
UNREAD = ("doc", "man", "locale")
OF_THIS_MACHINE = ("etc/hostname", "etc/resolv.conf")
"""mmdebstrap copies them; an engine lays its own upon them."""
BOOTSTRAP_S = 600


def base(engine: Engine, epoch: str, *, anew: bool = False) -> str:
    """What to build upon: BASE of the environment, a Debian made here, or "" (the Dockerfile's
    own, which comes from a registry). What is made here is named by its id, as a name may be given
    away meanwhile; `anew` makes it once more.

    `epoch`: the time of what is made here, in seconds; where it is older than Debian's Python, that
    one compiles its library at each start; "0": now. Raises Failed.
    """
    if given := os.environ.get("BASE"):
        return given
    if engine.name == "docker" or not (shutil.which("mmdebstrap") or may_install()):
        return ""
    if anew or not _id(engine):
        _bootstrap(engine, epoch)
    return _id(engine)


def _id(engine: Engine) -> str:
    try:
        [about] = json.loads(engine.do("image", "inspect", BASE))
    except Failed:
        return ""
    return str(about["Id"])


def _bootstrap(engine: Engine, epoch: str) -> None:
    """No registry is asked: Debian's own packages make a base like the usual one."""
    if not shutil.which("mmdebstrap"):
        install("mmdebstrap")
    began = time.monotonic()
    with TemporaryDirectory(prefix="protege-base-") as folder:
        files, image = Path(folder) / "files.tar", Path(folder) / "image.tar"
        at = int(epoch) or int(time.time())
        said([*_command(at), str(files)], limit_s=BOOTSTRAP_S)
        pack(files, image, at, said(["dpkg", "--print-architecture"]).strip())
        engine.do("load", "--quiet", "--input", str(image), limit_s=BOOTSTRAP_S)
    print(f"made a base of Debian's packages in {time.monotonic() - began:.0f} s", flush=True)


def _command(epoch: int) -> list[str]:
    without = [f"--dpkgopt=path-exclude=/usr/share/{it}/*" for it in UNREAD]
    ours = " ".join(f'"$1/{it}"' for it in OF_THIS_MACHINE)
    how = ["--quiet", "--variant=minbase", f"--include={','.join(WITHIN)}", *without]
    at = ["env", f"SOURCE_DATE_EPOCH={epoch}"]
    return [*at, "mmdebstrap", *how, f"--customize-hook=rm -f {ours}", SUITE]


def pack(files: Path, image: Path, epoch: int, machine: str) -> None:
    """An image of one layer, as engines load it; its id is the SHA-256 of what is said about it
    (https://github.com/moby/docker-image-spec/blob/main/spec.md).

    `files`: the layer, a tar; `epoch`: seconds; `machine`: what Debian and the image's description
    both call it, such as amd64. Raises OSError.
    """
    with files.open("rb") as content:
        layer = hashlib.file_digest(content, "sha256").hexdigest()
    at = datetime.fromtimestamp(epoch, UTC).isoformat().replace("+00:00", "Z")
    about = {
        "architecture": machine,
        "os": "linux",
        "created": at,
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer}"]},
        "history": [{"created": at, "created_by": f"mmdebstrap {SUITE}"}],
    }
    parts = {"Config": "config.json", "RepoTags": [f"{BASE}:latest"], "Layers": ["layer.tar"]}
    with tarfile.open(image, "w") as archive:
        for name, content_of in (("config.json", about), ("manifest.json", [parts])):
            raw = json.dumps(content_of).encode()
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
        archive.add(files, "layer.tar")
