"""LibreOffice for tests: it converts documents, and its own API changes them by a macro.

Debian's LibreOffice without windows ends as soon as it lays out a comment, because it comes without
the description of that window: the macro runs in one go, and nothing is laid out beside it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

SOFFICE = shutil.which("soffice")
needs = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

_LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE library:library PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">\n'
    '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" '
    'library:readonly="false" library:passwordprotected="false">{}</library:library>'
)
_LIBRARIES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE library:libraries PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">\n'
    '<library:libraries xmlns:library="http://openoffice.org/2000/library" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" '
    'xlink:href="$(USER)/basic/Standard/{}.xlb/" xlink:type="simple" library:link="false"/>'
    "</library:libraries>"
)
_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
    'script:language="StarBasic">{}</script:module>'
)
_MACRO = """\
Function Named(name, value)
  Dim one As New com.sun.star.beans.PropertyValue
  one.Name = name
  one.Value = value
  Named = one
End Function

Sub AddComment(document, words, chosen, author, said)
  search = document.createSearchDescriptor()
  search.SearchString = words
  place = document.findFirst(search)
  If Not chosen Then place.collapseToEnd()
  one = document.createInstance("com.sun.star.text.textfield.Annotation")
  one.Author = author
  one.Content = Replace(said, "|", Chr(10))
  place.Text.insertTextContent(place, one, chosen)
End Sub

Sub ReplaceWords(document, words, others)
  search = document.createReplaceDescriptor()
  search.SearchString = words
  search.ReplaceString = others
  document.replaceAll(search)
End Sub

Sub Main
  EnableReschedule(False)
  hidden = Array(Named("Hidden", True))
  document = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden)
{lines}
  document.storeToURL("{target}", Array(Named("FilterName", "MS Word 2007 XML")))
  document.close(True)
  StarDesktop.terminate()
End Sub
"""


class LibreOffice:
    """It, with a profile of its own in a folder."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self._run("--terminate_after_init")
        basic = profile / "user/basic/Standard"
        basic.mkdir(parents=True, exist_ok=True)
        element = '<library:element library:name="Module1"/>'
        (basic / "script.xlb").write_text(_LIBRARY.format(element))
        (basic / "dialog.xlb").write_text(_LIBRARY.format(""))
        for name in ("script", "dialog"):
            (profile / f"user/basic/{name}.xlc").write_text(_LIBRARIES.format(name))

    def _run(self, *arguments: str) -> None:
        place = f"-env:UserInstallation={self.profile.as_uri()}"
        options = ("--headless", "--norestore", "--nologo")
        subprocess.run([SOFFICE, place, *options, *arguments], capture_output=True, timeout=180)

    def convert(self, source: Path, to: str, folder: Path) -> Path:
        self._run("--convert-to", to, "--outdir", str(folder), str(source))
        return folder / f"{source.stem}.{to.partition(':')[0]}"

    def save(self, source: Path, target: Path, *lines: str) -> Path:
        """The document saved anew, after `lines` of BASIC that change it."""
        macro = (
            _MACRO.replace("{source}", source.as_uri())
            .replace("{target}", target.as_uri())
            .replace("{lines}", "\n".join(lines))
        )
        module = self.profile / "user/basic/Standard/Module1.xba"
        module.write_text(_MODULE.format(escape(macro)), encoding="utf-8")
        self._run("macro:///Standard.Module1.Main")
        assert target.exists(), "LibreOffice saved nothing"
        return target
