"""Other programs as tests use them: each in an environment of its own, as they need other versions
of much; nothing of them is in ours.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from filelock import FileLock


def python_with(package: str, variable: str, config: pytest.Config) -> str:
    """A Python that has `package`: the one that the environment variable names, or one in pytest's
    cache, made once. Skips the test where it cannot be installed.
    """
    named = os.environ.get(variable)
    if named:
        return named
    place = config.cache.mkdir(package.replace("==", "-"))
    python, is_ready = place / "env/bin/python", place / "is-ready"
    # Few of their modules are used; some ask for pkg_resources, which only older setuptools have.
    quiet = "-q", "--no-compile", package, "setuptools<81"
    make = [
        [sys.executable, "-m", "venv", "--clear", "--without-pip", str(place / "env")],
        [sys.executable, "-m", "pip", "--python", str(python), "install", *quiet],
    ]
    with FileLock(place / "lock"):
        for step in make if not is_ready.exists() else ():
            try:
                subprocess.run(step, check=True, capture_output=True, timeout=300)
            except (subprocess.SubprocessError, OSError):
                pytest.skip(f"{package} cannot be installed here")
        is_ready.touch()
    return str(python)
