"""What a run needs on the machine, and what it installs into the project's own folder."""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from places import PROJECT, TOOLS, Refusal

HERE = Path(__file__).resolve().parent


def check_machine() -> None:
    """Refuses with what to install when the machine lacks something that we can't install ourselves."""
    if sys.version_info < (3, 11):
        raise Refusal(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: install it and say `make PYTHON=python3.11 ...`")
    if not shutil.which("cargo"):
        raise Refusal("cargo is missing: install Rust 1.94 or newer (rustup.rs)")
    if not shutil.which("cc") and not shutil.which("gcc"):
        raise Refusal("a C compiler is missing: install gcc (Debian: apt-get install gcc)")


def install(*names: str) -> None:
    """Makes sure that the named tools (`emulator`, `sam`, `build`) are there as pinned in requirements-<name>.txt."""
    missing = [name for name in names if not _is_installed(name)]
    if missing:
        print(f"installing {', '.join(missing)} into {TOOLS.relative_to(PROJECT)} (once, up to a minute) ...", flush=True)
    running = [(name, _begin(name)) for name in missing]
    for name, pip in running:
        words, _ = pip.communicate()
        if pip.returncode != 0:
            reason = [line for line in words.decode(errors="replace").splitlines() if line.strip()]
            raise Refusal(f"could not install {name}: {reason[-1] if reason else 'pip said nothing'} (is PyPI reachable?)")
        (TOOLS / name / ".requirements").write_text(_stamp(name))


def program(tool: str, name: str) -> str:
    """The path of an installed program."""
    return str(TOOLS / tool / "bin" / name)


def sam_environment() -> dict[str, str]:
    """Settings that keep the SAM CLI off the internet: no telemetry, no look for a newer version, no files in the home folder."""
    folder = TOOLS / "sam-settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps({"telemetryEnabled": False, "lastVersionCheck": time.time()}))
    return {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(folder)}


def _begin(name: str) -> subprocess.Popen:
    folder = TOOLS / name
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True)
    if made.returncode != 0:
        raise Refusal("Python can't make a virtual environment: install its venv module (Debian: apt-get install python3-venv)")
    # Every package is pinned, so nothing has to be resolved; compiling happens when a module is first used.
    command = [program(name, "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile"]
    return subprocess.Popen(
        [*command, "-r", str(_requirements(name))], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )


def _requirements(name: str) -> Path:
    return HERE / f"requirements-{name}.txt"


def _stamp(name: str) -> str:
    """Changes with the pinned versions, the Python and the place (a virtual environment can't be moved)."""
    told = _requirements(name).read_bytes() + sys.version.encode() + str(TOOLS).encode()
    return hashlib.sha256(told).hexdigest()


def _is_installed(name: str) -> bool:
    stamp = TOOLS / name / ".requirements"
    return stamp.is_file() and stamp.read_text() == _stamp(name)
