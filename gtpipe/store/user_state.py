"""What gtpipe keeps of this user outside every study: a random key, and a random id for each study
whose cache is theirs.

No words stand here, and no names: the file of a study is named by the hash of the study's path.
With the id a study's cache is known again as one that this user's own gtpipe made in this very
folder; with the key the record of an unfinished change is signed. Where the folder cannot be made
there is neither, and nothing that needs them is believed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from contextlib import suppress
from pathlib import Path

from gtpipe.store import placing
from gtpipe.store.layout import Study

HOME = "GTPIPE_STATE_HOME"
_KEY_BYTES = 32


def known_id(study: Study) -> str | None:
    """The id that this user keeps for the cache of the study, None where there is none."""
    home = _home()
    try:
        return None if home is None else _file_of(home, study).read_text("ascii").strip() or None
    except (OSError, ValueError):
        return None


def new_id(study: Study) -> str | None:
    """Draw another id for the cache of the study and keep it; None where it cannot be kept."""
    home = _made()
    if home is None:
        return None
    id = os.urandom(16).hex()
    try:
        placing.replace(_file_of(home, study), f"{id}\n".encode("ascii"))
    except OSError:
        return None
    return id


def sign(study: Study, content: bytes) -> str | None:
    """What only this user can put under `content`, and only for this study where it lies; None
    where there is no key.
    """
    key = _key()
    if not key:
        return None
    signed = os.fsencode(_real(study)) + b"\0" + content
    return hmac.new(key, signed, hashlib.sha256).hexdigest()


def is_signed(study: Study, content: bytes, signature: str) -> bool:
    """Whether `signature` is what `sign` puts under `content`."""
    mine = sign(study, content)
    return mine is not None and hmac.compare_digest(
        mine.encode(), signature.encode("utf-8", "replace")
    )


def _real(study: Study) -> str:
    return os.path.realpath(study.root)


def _home() -> Path | None:
    given = os.environ.get(HOME)
    if given:
        return Path(given).absolute()
    import platformdirs

    home = Path(platformdirs.user_state_dir("gtpipe", appauthor=False))
    return home if home.is_absolute() else None


def _made() -> Path | None:
    """The folder, made where it is missing, for this user alone; None where it cannot be."""
    home = _home()
    if home is None:
        return None
    try:
        (home / "studies").mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (home, home / "studies"):
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)
    except OSError:
        return None
    return home


def _file_of(home: Path, study: Study) -> Path:
    return home / "studies" / hashlib.sha256(os.fsencode(_real(study))).hexdigest()


def _key() -> bytes | None:
    home = _made()
    if home is None:
        return None
    place = home / "key"
    with suppress(OSError):
        key = place.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
        place.unlink()
    temporary = placing.beside(place)
    try:
        placing.make(temporary, os.urandom(_KEY_BYTES))
        try:
            os.link(temporary, place)
        except FileExistsError:  # another gtpipe was first: its key counts
            pass
        except OSError:  # no links on this disk
            os.replace(temporary, place)
        return place.read_bytes()
    except OSError:
        return None
    finally:
        with suppress(OSError):
            os.unlink(temporary)
