"""`privacy: private: true` in `pipeline.yaml`: what gtpipe writes is its owner's alone."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from gtpipe.model.problems import UserError
from gtpipe.store import placing
from gtpipe.store.layout import SETTINGS, Study, decode


def as_the_study_says(study: Study) -> AbstractContextManager[None]:
    """Within, what is written is its owner's alone, where the settings of the study say so, or name
    it and cannot be read.
    """
    return placing.private() if _is_private(study) else nullcontext()


def _is_private(study: Study) -> bool:
    try:
        content = study.path(SETTINGS).read_bytes()
    except OSError:
        return False
    if b"private" not in content:
        return False
    from gtpipe.store import settings  # brings YAML, which most studies can do without here

    try:
        return settings.loads(decode(content, SETTINGS)).private
    except UserError:
        return True
