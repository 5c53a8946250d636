"""What the operating system can do and Python has no function for (the only importer of ctypes)."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
_SYSCALLS = {"x86_64": 316, "aarch64": 276, "riscv64": 276}
"""The number of renameat2 for C libraries without a function for it (musl before 1.2.6, glibc before 2.28)."""

_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}
"""An old kernel, a file system without it, a sandbox that does not let it through."""

Exchange = Callable[[bytes, bytes], int]


def exchange(one: Path, other: Path) -> bool:
    """Lets two folders of one file system trade names in one step: nobody ever sees one of the names without a folder.

    False, and nothing done, where the system cannot. Raises OSError as a rename does.
    """
    call = _exchange()
    if call is None:
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    problem = ctypes.get_errno()
    if problem in _CANNOT:
        return False
    raise OSError(problem, os.strerror(problem), str(one), None, str(other))


def _exchange() -> Exchange | None:
    if sys.platform == "win32":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        return lambda one, other: int(libc.renamex_np(one, other, ctypes.c_uint(_RENAME_SWAP)))
    here, flag = ctypes.c_int(_AT_FDCWD), ctypes.c_uint(_RENAME_EXCHANGE)
    if hasattr(libc, "renameat2"):
        return lambda one, other: int(libc.renameat2(here, one, here, other, flag))
    number = _SYSCALLS.get(platform.machine()) if sys.maxsize > 2**32 else None
    if number is None or not hasattr(libc, "syscall"):
        return None
    return lambda one, other: int(libc.syscall(ctypes.c_long(number), here, one, here, other, flag))


def is_alive(process: int) -> bool:
    """Whether a process of this number runs, whoever's it is."""
    if sys.platform == "win32":  # there os.kill with 0 is no question but a Ctrl-C
        synchronize, access_denied, timeout = 0x00100000, 5, 0x102
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel32.OpenProcess.restype = ctypes.c_void_p
        handle = kernel32.OpenProcess(synchronize, 0, ctypes.c_ulong(process))
        if not handle:
            return bool(ctypes.get_last_error() == access_denied)
        waited = kernel32.WaitForSingleObject(ctypes.c_void_p(handle), 0)
        kernel32.CloseHandle(ctypes.c_void_p(handle))
        return bool(waited == timeout)
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
