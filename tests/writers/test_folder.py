"""The output folder is the earlier one or the new one, whole, wherever the process that writes it is killed."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import BinaryIO

import granger
import pytest
from granger.engine.progress import Progress
from granger.engine.writers import folder as folder_module
from granger.engine.writers import kernel
from granger.engine.writers.folder import Content, write_folder, write_new
from granger.engine.writers.leftovers import recover

OLD = {"run.json": "old", "statements/Ana.md": "old\r\n", "gone.csv": "old"}
NEW = {"run.json": "new", "statements/Ana.md": "new\n", "statements/Bo.md": "né\ud800", "a/b/c.csv": ""}
GONE = 2**22 + 1
"""No process has this number: Linux counts up to 2^22, macOS to 99,998."""


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "surrogatepass")
        for path in folder.rglob("*")
        if path.is_file()
    }


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


@pytest.fixture(params=["exchange", "renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of taking the place: in one step, and in three where the system cannot."""
    if request.param == "renames":
        monkeypatch.setattr(folder_module, "exchange", lambda one, other: False)
    return str(request.param)


def test_a_folder_is_made_and_replaced(tmp_path: Path, way: str) -> None:
    out = tmp_path / "deep" / "out"
    for files in (OLD, NEW, OLD):
        write_folder(out, files)
        assert contents(out) == files
        assert beside(out) == []
    assert not (out / "a").exists()


def test_linux_and_macos_exchange_in_one_step(tmp_path: Path) -> None:
    if sys.platform not in ("linux", "darwin"):
        pytest.skip("the system has no exchange")
    one, other = tmp_path / "one", tmp_path / "other"
    write_folder(one, OLD)
    write_folder(other, NEW)
    before = one.stat().st_ino, other.stat().st_ino
    assert kernel.exchange(one, other)
    assert (other.stat().st_ino, one.stat().st_ino) == before
    assert (contents(one), contents(other)) == (NEW, OLD)


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux's")
def test_without_a_function_in_the_c_library_the_kernel_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = kernel.ctypes.CDLL(None, use_errno=True)

    class Older:
        syscall = library.syscall

    monkeypatch.setattr(kernel.ctypes, "CDLL", lambda name, use_errno: Older())
    one, other = tmp_path / "one", tmp_path / "other"
    write_folder(one, OLD)
    write_folder(other, NEW)
    if kernel.platform.machine() not in kernel._SYSCALLS:
        assert not kernel.exchange(one, other)
        pytest.skip("the call has no known number on this machine")
    assert kernel.exchange(one, other)
    assert (contents(one), contents(other)) == (NEW, OLD)
    with pytest.raises(FileNotFoundError):
        kernel.exchange(one, tmp_path / "nothing")


@pytest.mark.parametrize("problem", sorted(kernel._CANNOT))
def test_where_the_system_cannot_exchange_the_renames_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: int
) -> None:
    def refuse(one: bytes, other: bytes) -> int:
        kernel.ctypes.set_errno(problem)
        return -1

    monkeypatch.setattr(kernel, "_exchange", lambda: refuse)
    write_folder(tmp_path / "out", OLD)
    write_folder(tmp_path / "out", NEW)
    assert contents(tmp_path / "out") == NEW
    assert beside(tmp_path / "out") == []


def test_another_problem_of_the_exchange_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(one: bytes, other: bytes) -> int:
        kernel.ctypes.set_errno(errno.EIO)
        return -1

    write_folder(tmp_path / "out", OLD)
    monkeypatch.setattr(kernel, "_exchange", lambda: refuse)
    with pytest.raises(OSError, match="Input/output") as told:
        write_folder(tmp_path / "out", NEW)
    assert told.value.errno == errno.EIO
    assert contents(tmp_path / "out") == OLD
    assert beside(tmp_path / "out") == []


def test_a_content_is_written_piece_by_piece(tmp_path: Path) -> None:
    def pieces(file: BinaryIO, _: Progress) -> None:
        for i in range(1000):
            file.write(f"{i}\n".encode())

    files: dict[str, Content] = {"run.json": "{}", "rows.csv": pieces}
    write_folder(tmp_path / "out", files)
    assert contents(tmp_path / "out")["rows.csv"] == "".join(f"{i}\n" for i in range(1000))


@pytest.mark.parametrize("failure", [ValueError("no"), OSError(errno.ENOSPC, "disk full"), KeyboardInterrupt()])
@pytest.mark.parametrize("earlier", [None, {}, OLD])
def test_a_content_that_fails_leaves_what_stood_there(
    tmp_path: Path, failure: BaseException, earlier: Mapping[str, str] | None
) -> None:
    def broken(file: BinaryIO, _: Progress) -> None:
        file.write(b"half a line")
        file.flush()
        raise failure

    out = tmp_path / "out"
    if earlier is not None:
        out.mkdir()
        if earlier:
            write_folder(out, earlier)
    with pytest.raises(type(failure)):
        write_folder(out, {"run.json": "new", "rows.csv": broken})
    assert (contents(out) if out.exists() else None) == earlier
    assert beside(out) == []


class Told:
    """Writes down what it is told, and raises at the given moment."""

    def __init__(self, until: int = 10**9) -> None:
        self.until, self.told = until, list[str]()

    def _tell(self, word: str) -> None:
        self.told.append(word)
        if len(self.told) > self.until:
            raise KeyboardInterrupt

    def begin(self, what: str, unit: str = "", total: int | None = None) -> None:
        self._tell(f"{what} {total} {unit}")

    def advance(self, count: int = 1) -> None:
        self._tell(f"+{count}")

    def end(self) -> None:
        self._tell("end")

    def commit(self) -> None:
        self._tell("commit")


def test_whoever_listens_may_stop_it_at_any_word_up_to_the_last(tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    write_folder(out, OLD)
    whole = Told()
    write_folder(tmp_path / "other", NEW, whole)
    steps = ["+1"] * len(NEW) + ["end"]
    assert whole.told == ["writing 4 files", *steps, "settling on disk 4 files", *steps, "commit"]
    (tmp_path / "other").rename(tmp_path / ".kept")
    for moment in range(len(whole.told)):
        with pytest.raises(KeyboardInterrupt):
            write_folder(out, NEW, Told(moment))
        assert contents(out) == OLD
        assert beside(out) == [".kept"]


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_a_rename_that_fails_leaves_the_earlier_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """The three renames of the second way, each refused."""
    out = tmp_path / "out"
    write_folder(out, OLD)
    monkeypatch.setattr(folder_module, "exchange", lambda one, other: False)
    rename, count = Path.rename, 0

    def refused(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == moment:
            raise PermissionError(errno.EACCES, "no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError):
        write_folder(out, NEW)
    assert contents(out) == (OLD if moment < 3 else NEW)
    assert beside(out) == []


def lay(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))


def test_what_processes_that_are_gone_have_left_is_taken_away(tmp_path: Path) -> None:
    out = tmp_path / "o.t"
    write_folder(out, OLD)
    for process in (GONE, os.getpid()):
        lay(tmp_path / f".o.t.new-{process}", {"half": ""})
        lay(tmp_path / f".o.t.old-{process}", {"run.json": "older"})
    living = [f".o.t.new-{os.getppid()}", f".o.t.old-{os.getppid()}"]
    others = [f".oxt.new-{GONE}", f".o.t.new-{GONE}x", f".o.t.now-{GONE}", f"o.t.new-{GONE}", f".x.o.t.new-{GONE}"]
    for name in (*living, *others):
        lay(tmp_path / name, {"mine": ""})
    write_folder(out, NEW)
    assert contents(out) == NEW
    assert beside(out) == sorted(living + others)


def test_a_folder_that_a_killed_run_had_put_aside_is_put_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    lay(tmp_path / f".out.old-{GONE}", OLD)
    lay(tmp_path / f".out.new-{GONE}", NEW)
    recover(out)
    assert contents(out) == OLD
    assert beside(out) == []


def test_a_folder_that_a_living_run_has_put_aside_is_left_to_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    lay(tmp_path / f".out.old-{os.getppid()}", OLD)
    write_folder(out, NEW)
    assert contents(out) == NEW
    assert beside(out) == [f".out.old-{os.getppid()}"]


def test_the_same_number_is_asked_of_the_system() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert [kernel.is_alive(n) for n in (os.getpid(), os.getppid(), 1, ended.pid, GONE, 10**30)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_another_folder_is_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "letter").write_text("dear")
    (tmp_path / "file").write_text("a file")
    for name in ("precious", "file"):
        with pytest.raises(granger.FolderInUse):
            write_folder(tmp_path / name, NEW)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    for here in (Path(), Path("../empty"), tmp_path / "empty"):
        with pytest.raises(granger.FolderInUse, match="current folder"):
            write_folder(here, NEW)
        with pytest.raises(granger.FolderInUse, match="current folder"):
            write_new(here, NEW)
    assert beside(tmp_path / "empty") == ["file", "precious"]
    assert contents(tmp_path / "precious") == {"letter": "dear"}


def test_a_link_is_followed_and_stays(tmp_path: Path, way: str) -> None:
    write_folder(tmp_path / "real" / "out", OLD)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "out")
    write_folder(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real" / "out") == NEW
    assert beside(tmp_path / "real" / "out") == []


def test_threads_write_one_after_the_other(tmp_path: Path) -> None:
    out, failures = tmp_path / "out", []

    def write(word: str) -> None:
        try:
            write_folder(out, {"run.json": word, "x/y": word})
        except BaseException as failure:  # noqa: BLE001 - a thread's failure is told by the test
            failures.append(failure)

    threads = [Thread(target=write, args=(str(i),)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(contents(out).values())) == 1
    assert beside(out) == []


KILLED = '''
import json, os, shutil, sys
from pathlib import Path
from granger.engine.writers import folder, leftovers

root, way, old, new = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
exchange = folder.exchange
OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "exchange"}


def child(moment, out):
    """Ends before its operation of that number, or just after all of them."""
    count = 0

    def step(event, arguments):
        nonlocal count
        if event in OPERATIONS:
            if count == moment:
                os._exit(77)
            count += 1

    def told(one, other):
        if way == "renames":
            return False
        step("exchange", ())
        return exchange(one, other)

    def piece(file, progress):
        for word in ("half", " and half"):
            step("open", ())
            file.write(word.encode())
            file.flush()

    folder.exchange = told
    sys.addaudithook(step)
    folder.write_folder(out, {**new, "pieces": piece})
    os._exit(0)


def found(path):
    return {p.relative_to(path).as_posix(): p.read_text() for p in sorted(path.rglob("*")) if p.is_file()}


states, moment, code = [], 0, 77
while code == 77:
    shutil.rmtree(root, ignore_errors=True)
    out = root / "out"
    folder.write_folder(out, old)
    process = os.fork()
    if process == 0:
        child(moment, out)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    state = {"code": code, "out": found(out) if out.exists() else None, "left": sorted(p.name.split("-")[0] for p in root.iterdir())}
    leftovers.recover(out)
    state["healed"] = found(out)
    state["after"] = [p.name for p in root.iterdir()]
    states.append(state)
    moment += 1
print(json.dumps(states))
'''


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.parametrize("way", ["exchange", "renames"])
def test_killed_before_each_operation_the_folder_is_the_old_or_the_new(tmp_path: Path, way: str) -> None:
    old = {"run.json": "old", "statements/Ana.md": "old"}
    new = {"run.json": "new", "statements/Ana.md": "new", "statements/Bo.md": "new"}
    command = [sys.executable, "-c", KILLED, tmp_path / "work", way, json.dumps(old), json.dumps(new)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    states = json.loads(done.stdout)
    new["pieces"] = "half and half"
    assert [state["code"] for state in states] == [77] * (len(states) - 1) + [0]
    assert len(states) > 20
    without = [state for state in states if state["out"] is None]
    assert len(without) == (0 if way == "exchange" else 1)
    for state in states:
        assert state["out"] in (old, new, None)
        assert state["healed"] == (state["out"] or old)
        assert state["after"] == ["out"]
    met = [state["out"] == new for state in states if state["out"] is not None]
    assert met == sorted(met), "once the new one stands there, it stays"
    assert met.count(False) > 10
    assert met.count(True) > 5, "the earlier one is deleted file by file, and each deletion was a moment"
    assert {".out.new"} < {name for state in states for name in state["left"]}
    assert any(".out.old" in state["left"] for state in states) == (way == "renames")
