"""What a run needs on the machine, and what it installs into the project's own folder.

Python tools go into environments of their own (`.local/tools/<name>`, pinned in requirements-<name>.txt), npm packages
into the `node_modules` beside the package-lock.json that pins them.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from places import PROJECT, TOOLS, Refusal

HERE = Path(__file__).resolve().parent
#: What the page in the browser loads, the JavaScript clients of the stories, and the vendors' clients for simulated vendors.
NPM = {
    "graphiql": PROJECT / "functions" / "graphql" / "graphiql",
    "clients": PROJECT / "tests" / "clients",
    "sdk": PROJECT / "shared" / "vendors-sim" / "sdk",
}


def check_machine() -> None:
    """Refuses with what to install when the machine lacks something that we can't install ourselves."""
    if sys.version_info < (3, 11):
        raise Refusal(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: install it and say `make PYTHON=python3.11 ...`")
    if not shutil.which("cargo"):
        raise Refusal("cargo is missing: install Rust 1.94 or newer (rustup.rs)")
    if not shutil.which("cc") and not shutil.which("gcc"):
        raise Refusal("a C compiler is missing: install gcc (Debian: apt-get install gcc)")


def install(*names: str) -> None:
    """Makes sure that the named tools (`emulator`, `sam`, `build`, `tests`, `graphiql`, `clients`, `sdk`) are there as pinned."""
    missing = [name for name in names if not _is_installed(name)]
    if missing:
        print(f"installing {', '.join(missing)} (once, up to a minute) ...", flush=True)
    running = [(name, _begin_npm(NPM[name]) if name in NPM else _begin_pip(name)) for name in missing]
    for name, installer in running:
        words, _ = installer.communicate()
        if installer.returncode != 0:
            reason = [line for line in words.decode(errors="replace").splitlines() if line.strip()]
            registry = "npm's registry" if name in NPM else "PyPI"
            raise Refusal(f"could not install {name}: {reason[-1] if reason else 'no reason given'} (is {registry} reachable?)")
        _stamp_file(name).write_text(_stamp(name))


def program(tool: str, name: str) -> str:
    """The path of an installed program."""
    return str(TOOLS / tool / "bin" / name)


def sam_environment() -> dict[str, str]:
    """Settings that keep the SAM CLI off the internet: no telemetry, no look for a newer version, no files in the home folder."""
    folder = TOOLS / "sam-settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps({"telemetryEnabled": False, "lastVersionCheck": time.time()}))
    return {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(folder)}


def _begin_npm(folder: Path) -> subprocess.Popen:
    if not shutil.which("node") or not shutil.which("npm"):
        raise Refusal(f"node and npm are missing, which install what {folder.relative_to(PROJECT)} needs: install Node.js 20 or newer")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)


def _begin_pip(name: str) -> subprocess.Popen:
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
    """Changes with the pinned versions; for Python tools also with the Python and the place (an environment can't be moved)."""
    if name in NPM:
        return hashlib.sha256((NPM[name] / "package-lock.json").read_bytes()).hexdigest()
    told = _requirements(name).read_bytes() + sys.version.encode() + str(TOOLS).encode()
    return hashlib.sha256(told).hexdigest()


def _stamp_file(name: str) -> Path:
    return NPM[name] / "node_modules" / ".installed" if name in NPM else TOOLS / name / ".requirements"


def _is_installed(name: str) -> bool:
    stamp = _stamp_file(name)
    return stamp.is_file() and stamp.read_text() == _stamp(name)
