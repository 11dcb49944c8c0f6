"""What the code never does, and no pattern that a text could keep busy."""

import ast
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import protege
import voice_worker
from tests.security.tally import Attacks

ATTACK = "dangerous calls and slow patterns"
ROOT = Path(__file__).parents[2]
PRODUCT = ("layers/core/protege", "voice_worker", "functions")
FORBIDDEN = {
    "eval", "exec", "compile", "input", "os.system", "os.popen", "pickle.load", "pickle.loads",
    "marshal.loads", "shelve.open", "yaml.load", "yaml.unsafe_load", "subprocess.getoutput",
    "subprocess.call", "os.execv", "tempfile.mktemp", "random.seed", 
    "ssl._create_unverified_context",
    "xml.etree.ElementTree.parse", "xml.etree.ElementTree.fromstring", "tarfile.open",
    "shutil.unpack_archive", "importlib.import_module", "ctypes.CDLL", "hashlib.md5",
    "hashlib.sha1",
}  # fmt: skip
ALLOWED = {
    "protege/storage/aws/parts.py": {"hashlib.md5"},
    "protege/storage/embedded/uploads.py": {"hashlib.md5"},
    "voice_worker/listening/opus.py": {"ctypes.CDLL"},
}
"""S3's tags are MD5 sums; they guard nothing. libopus is the system's own."""
RISKY = {"shell": True, "verify": False, "allow_pickle": True, "cert_reqs": "CERT_NONE"}
"""Arguments that nothing is called with."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield (
                str(path.relative_to(ROOT)).removeprefix("layers/core/"),
                ast.parse(path.read_text()),
            )


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_nothing_runs_what_it_was_sent(attacks: Attacks) -> None:
    for name, tree in sources():
        for called, node in calls(tree):
            allowed = called in ALLOWED.get(name, ())
            attacks.stopped(called not in FORBIDDEN or allowed, (name, node.lineno, called))
            for given in node.keywords:
                value = given.value.value if isinstance(given.value, ast.Constant) else None
                risky = given.arg in RISKY and value == RISKY[given.arg]
                attacks.stopped(not risky, (name, node.lineno, given.arg))


def test_programs_are_started_with_a_list_of_arguments(attacks: Attacks) -> None:
    """A string would go through a shell."""
    starters = ("subprocess.run", "subprocess.Popen", "asyncio.create_subprocess_exec")
    for name, tree in sources():
        for called, node in calls(tree):
            if called in starters and node.args:
                text = isinstance(node.args[0], ast.JoinedStr)
                attacks.stopped(not text, (name, node.lineno))
            attacks.stopped(called != "asyncio.create_subprocess_shell", (name, node.lineno))


def modules() -> Iterator[str]:
    """All modules of ours that can be imported here."""
    for package in (protege, voice_worker):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield found.name


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern that a module of ours keeps, by where it is."""
    found: dict[str, re.Pattern[str]] = {}
    for name in modules():
        module = sys.modules.get(name) or importlib.import_module(name)
        for value in vars(module).values():
            pattern = value if isinstance(value, re.Pattern) else getattr(value, "__self__", None)
            if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                found.setdefault(pattern.pattern, pattern)
    return found | {text: re.compile(text) for text in written() if text not in found}


def written() -> Iterator[str]:
    """Patterns that stand where they are used."""
    for _, tree in sources():
        for called, node in calls(tree):
            if called.partition(".")[0] == "re" and called not in ("re.escape", "re.compile"):
                first = next(iter(node.args), None)
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


UNITS = (
    "a", " ", "\n", "0", "-", ".", "_", "*", "**", "#", "=>", "> ", "(", "[", "<", "`", '"', "\\",
    ": ", "@", "!", "a ", "a.", "a@", "1.", "- ", "Q:", "**Q", "ё", "http://", "[a](", '"a":', "a-",
)  # fmt: skip
"""What hostile texts repeat."""
SHORT, LONG = 1_000, 4_000
MOST_RATIO = 9.0
"""Of four times the text: 4 where time grows with it, 16 where with its square."""
SLOW_S = 0.05
"""Below this nobody cares, nor can it be measured."""


def texts(size: int) -> Iterator[str]:
    for unit in UNITS:
        yield (unit * size)[:size]
        yield "x" + (unit * size)[: size - 2] + "\x00"


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """The least of some tries, from the text's beginning."""
    found = []
    for _ in range(2):
        began = time.thread_time()
        pattern.match(text)
        pattern.fullmatch(text)
        found.append(time.thread_time() - began)
        if found[-1] < SLOW_S:
            break
    return min(found)


def test_no_pattern_is_kept_busy_by_a_text(attacks: Attacks) -> None:
    """Time grows with the text, or the text is short enough for that not to matter."""
    for pattern in patterns().values():
        for short, long in zip(texts(SHORT), texts(LONG), strict=True):
            took = seconds(pattern, long)
            good = took < SLOW_S or took / max(seconds(pattern, short), 1e-4) < MOST_RATIO
            attacks.stopped(good, (pattern.pattern[:80], long[:12], f"{took:.3f} s"))
