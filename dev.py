"""The one door for whoever works on Saraptama: `python3 dev.py VERB`. Standard library only, Linux and Windows.

Every verb first makes the environment `.venv` from the pinned, hashed `requirements.lock` if it isn't there yet.
What was set up is written into a stamp inside `.venv`, last of all: a set-up that was interrupted has no stamp
and is made anew by the next call, and a finished one costs only the reading of the stamp.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "saraptama-setup.json"
LOCK = ROOT / "requirements.lock"
OUT = ROOT / "out"
GATE = OUT / "set-up.lock"
WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")

# Debian 12's names; later releases append t64 to some of them.
WINDOW_PACKAGES = (
    "libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 "
    "libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
).split()
TEST_PACKAGES = "xvfb xauth xdotool dbus at-spi2-core poppler-utils qpdf zbar-tools".split()
BROWSER_PACKAGES = ["chromium", "chromium-driver"]
DATABASE_PACKAGES = ["postgresql-15", "pgbouncer"]
BUILD_PACKAGES = ["binutils"]

VERBS = {
    "run": "open the window (without a display: run the demo); further words are passed on",
    "centre": "a centre on this machine with sample data, to link desks with; further words are passed on",
    "test": "run the tests; further words go to pytest",
    "check": "lint, format, types, import contracts, catalogues",
    "bench": "measure start, memory, saving, proposing and printing, as ratios in one run",
    "i18n": "collect the sentences, bring the catalogues up to date, compile them, say what is missing",
    "pack": "write a rule pack's manifest anew and sign it; further words are passed on",
    "build": "build the one-folder application into dist/ and let it test itself",
}


class Stop(Exception):
    """Something the caller has to know; the sentence says what to do."""


def main(argv: list[str]) -> int:
    if sys.version_info < (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise Stop(f"Python 3.11 or later is needed; this is {found}. Call dev.py with a newer Python.")
    if not argv or argv[0] in ("-h", "--help", "help"):
        print("python3 dev.py VERB\n")
        for verb, what in VERBS.items():
            print(f"  {verb:6} {what}")
        return 0
    verb, rest = argv[0], argv[1:]
    if verb not in VERBS:
        raise Stop(f"There is no verb “{verb}”. Verbs: {', '.join(VERBS)}.")
    os.chdir(ROOT)
    outer = outer_python()
    if outer is not None:
        return become([outer, str(ROOT / "dev.py"), *argv])
    done = {"run": run, "centre": centre, "test": test, "check": check, "bench": bench, "i18n": i18n, "pack": pack}
    return {**done, "build": build}[verb](rest)


# ---------------------------------------------------------------------------------------------------- the verbs


def run(rest: list[str]) -> int:
    set_up(WINDOW_PACKAGES)
    # A first word without a dash is a command of the program and knows itself whether it needs a window.
    # Whoever asks for help or the version wants that of the program, which needs no window either.
    asks = any(word in ("-h", "--help", "--version") for word in rest)
    if not has_display() and not asks and not (rest and not rest[0].startswith("-")):
        print("There is no display here, so the demo runs instead of the window.", flush=True)
        rest = ["demo", *rest]
    return become([str(PYTHON), "-m", "app.cli", *rest])


def centre(rest: list[str]) -> int:
    set_up([])
    # A first word without a dash is a command of the centre; else one is made in out/ and listens.
    words = rest if rest and not rest[0].startswith("-") else ["trial", "--out", str(OUT / "centre"), *rest]
    return become([str(PYTHON), "-m", "app.centre.cli", *words])


def test(rest: list[str]) -> int:
    set_up(WINDOW_PACKAGES + TEST_PACKAGES)
    try:
        install_system_packages(BROWSER_PACKAGES)
    except Stop as stop:  # everything but the page for browsers can be tested without
        print(f"{stop} Until then the page that checks papers is not tried in a browser.", file=sys.stderr, flush=True)
    try:
        if not WINDOWS and not install_system_packages(DATABASE_PACKAGES):
            print("Until then the centre is tried on SQLite alone, not on PostgreSQL.", file=sys.stderr, flush=True)
    except Stop as stop:
        print(f"{stop} Until then the centre is tried on SQLite alone.", file=sys.stderr, flush=True)
    seed = os.environ.get("SARAPTAMA_SEED", "20261122")
    env = environment()
    env.setdefault("QT_QPA_PLATFORM", "offscreen")
    env["PYTHONHASHSEED"] = "0"
    print(f"seeds: hypothesis {seed} (SARAPTAMA_SEED chooses another), hashes 0", flush=True)
    words = [str(PYTHON), "-m", "pytest", f"--hypothesis-seed={seed}"]
    if not rest:  # the whole suite: both cores
        words += ["--numprocesses=auto", "--dist=worksteal"]
    return call([*words, *rest], env=env)


def check(rest: list[str]) -> int:
    set_up(WINDOW_PACKAGES)
    checks = {
        "lint": ["-m", "ruff", "check"],
        "format": ["-m", "ruff", "format", "--check", "--quiet"],
        "types": ["-m", "mypy"],
        "imports": ["-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"],
        "catalogues": ["build/catalogues.py", "check"],
    }
    unknown = [name for name in rest if name not in checks]
    if unknown:
        raise Stop(f"There is no check “{unknown[0]}”. Checks: {', '.join(checks)}.")
    failed = []
    for name, words in checks.items():
        if rest and name not in rest:
            continue
        print(f"== {name}", flush=True)
        if call([str(PYTHON), *words]) != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def bench(rest: list[str]) -> int:
    set_up(WINDOW_PACKAGES)
    return become([str(PYTHON), "-m", "tests.bench", *rest])


def i18n(rest: list[str]) -> int:
    set_up([])
    return call([str(PYTHON), "build/catalogues.py", "update", *rest])


def pack(rest: list[str]) -> int:
    set_up([])
    return become([str(PYTHON), "-m", "app.crypto.pack_signature", *rest])


def build(rest: list[str]) -> int:
    set_up(WINDOW_PACKAGES + BUILD_PACKAGES)
    # Not build/ itself: that folder holds the sources of the build.
    work = OUT / "pyinstaller"
    words = [str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    code = call([*words, f"--workpath={work}", f"--distpath={ROOT / 'dist'}", *rest, "build/pyinstaller.spec"])
    if code != 0:
        return code
    program = ROOT / "dist" / "saraptama" / ("saraptama-cli.exe" if WINDOWS else "saraptama")
    print(f"built {program.parent}; it now tests itself", flush=True)
    return call([str(program), "self-test"])


# ------------------------------------------------------------------------------------------------------- set-up


def set_up(system: list[str]) -> None:
    """Make what isn't there yet: system packages, environment, project, catalogues. One set-up at a time."""
    with alone():
        make_up(system)


def make_up(system: list[str]) -> None:
    done = read_stamp()
    lock = digest(LOCK.read_bytes())
    if done.get("lock") != lock or done.get("python") != os.path.realpath(PYTHON):
        done = {}
    unseen = [name for name in system if name not in done.get("system", [])]
    installed = unseen if unseen and install_system_packages(unseen) else []
    if not done:
        make_environment()
        done = {"lock": lock, "python": os.path.realpath(PYTHON)}
    project = digest((ROOT / "pyproject.toml").read_bytes())
    if done.get("project") != project:
        say("install the project")
        pip(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
        compile_bytecode([ROOT / name for name in ("app", "ui", "db")])
    if stale_catalogues():
        say("compile the catalogues")
        must([str(PYTHON), "build/catalogues.py", "compile"])
    if done.get("project") != project or installed:
        write_stamp({**done, "project": project, "system": sorted({*done.get("system", []), *installed})})


def make_environment() -> None:
    if VENV.exists():
        say("the environment is not of this set-up or not finished: make it anew")
        try:
            shutil.rmtree(VENV)
        except OSError as error:
            raise Stop(
                f"{VENV} could not be removed ({error.strerror}). Close what uses it, then try again."
            ) from error
    say("make the environment in .venv")
    own_pip = make_venv()
    say("install the pinned packages")
    # Compiled by compileall afterwards, on all cores; pip does it on one.
    pip(["--no-compile", "--require-hashes", "-r", str(LOCK)], own_pip=own_pip)
    say("compile them")
    compile_bytecode([VENV])


def make_venv() -> bool:
    """Make `.venv`; says whether it has a pip of its own (Debian may lack ensurepip: then ours serves it)."""
    if not importable("ensurepip") and is_root_on_debian():
        install_system_packages(["python3-venv"])
    if importable("ensurepip"):
        must([sys.executable, "-m", "venv", str(VENV)])
        return True
    if importable("pip") and importable("venv"):
        must([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
        return False
    raise Stop("This Python has neither ensurepip nor pip. Install them: sudo apt-get install -y python3-venv")


def pip(words: list[str], *, own_pip: bool | None = None) -> None:
    own = (VENV / "saraptama-no-pip").exists() is False if own_pip is None else own_pip
    if own_pip is False:
        (VENV / "saraptama-no-pip").touch()
    words = ["--disable-pip-version-check", "-qq", "install", *words]
    command = [str(PYTHON), "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if call([*command, *words]) != 0:
        raise Stop(
            "The packages could not be installed; pip says above why. "
            "Check the network and the space on the disk, then call dev.py again."
        )


def compile_bytecode(folders: list[Path]) -> None:
    # Explicitly, because PYTHONDONTWRITEBYTECODE may be set and would double the start time. Failures are files
    # that packages ship for other Python versions.
    present = [str(folder) for folder in folders if folder.exists()]
    call([str(PYTHON), "-m", "compileall", "-qq", "-j", "0", *present])


def install_system_packages(names: list[str]) -> bool:
    """Install Debian packages where that is possible, else say the command and go on; whether all are there."""
    missing = missing_system_packages(names)
    if not missing:
        return True
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not is_root_on_debian():
        print(f"System packages are missing. Install them: sudo {shlex.join(command)}", file=sys.stderr, flush=True)
        return False
    say(f"install system packages: {' '.join(missing)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *command[1:]]
    first = subprocess.run(quiet, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if first.returncode != 0:  # most often: no package lists yet
        subprocess.run(["apt-get", "-qq", "update"], env=env, check=False)
        if subprocess.run(quiet, env=env, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise Stop(f"The system packages could not be installed. Try it by hand: {shlex.join(command)}")
    return True


def missing_system_packages(names: list[str]) -> list[str]:
    if WINDOWS or not shutil.which("dpkg-query"):
        return []
    asked = [*names, *(f"{name}t64" for name in names)]
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    installed = {line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in names if not installed & {name, f"{name}t64"}]


def has_display() -> bool:
    if WINDOWS or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_root_on_debian() -> bool:
    return not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def stale_catalogues() -> bool:
    for po in (ROOT / "resources" / "translations").glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
            return True
    return False


# -------------------------------------------------------------------------------------------------- small parts


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other set-up works in this folder. The lock goes with its process, however that ends."""
    try:
        GATE.parent.mkdir(exist_ok=True)
        opened = GATE.open("ab")
    except OSError:  # who can't write here can't set up anything either, but may use what is there
        yield
        return
    with opened as gate:
        waited = False
        while not locked(gate.fileno()):
            if not waited:
                say("another set-up works here; wait for it")
            waited = True
            time.sleep(0.2)
        yield


def locked(descriptor: int) -> bool:
    try:
        if WINDOWS:
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def outer_python() -> str | None:
    """The Python that `.venv` was made with, if this one lies in `.venv`: a set-up may take that away."""
    return sys._base_executable if Path(sys.prefix) == VENV and sys.prefix != sys.base_prefix else None


def read_stamp() -> dict:
    with contextlib.suppress(OSError, ValueError):
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        if isinstance(stamp, dict) and PYTHON.exists():
            return stamp
    return {}


def write_stamp(stamp: dict) -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    fresh.replace(STAMP)


def digest(data: bytes) -> str:
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def importable(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def environment() -> dict:
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # changed modules of ours are compiled as they are met
    env.pop("PYTHONHOME", None)
    env["PYTHONUTF8"] = "1"
    env["VIRTUAL_ENV"] = str(VENV)
    env["PATH"] = os.pathsep.join([str(BIN), env.get("PATH", "")])
    return env


def call(words: list[str], *, env: dict | None = None) -> int:
    return subprocess.run(words, env=env or environment(), cwd=ROOT, check=False).returncode


def must(words: list[str]) -> None:
    if call(words) != 0:
        raise Stop(f"This step of the set-up failed: {shlex.join(words)}. Its reason stands above; then try again.")


def become(words: list[str]) -> int:
    """Go on as another program: nothing of ours stays behind to wait for it (Windows can't)."""
    if not WINDOWS:
        os.execve(words[0], words, environment())
    return call(words)


def say(what: str) -> None:
    print(f"set-up: {what}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(stop, file=sys.stderr)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
