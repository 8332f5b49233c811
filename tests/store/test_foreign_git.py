"""A study may come from somebody else, with a repository around it: looking at its history runs
nothing that is theirs.
"""

from __future__ import annotations

import os
import shutil

import pytest
from conftest import git

LOOKING = (("diff",), ("diff", "HEAD~1", "HEAD"), ("history",), ("trace", "noticing the pay"))


@pytest.fixture
def marked(coded, tmp_path):
    """A study with two commits; and a file that appears when a command of its author runs."""
    git("init", "-q", cwd=coded.root)
    coded.write(
        ".gitattributes",
        "* diff=theirs filter=theirs\n*.yaml diff=theirs filter=theirs merge=theirs\n",
    )
    for subject in ("first", "second"):
        coded.write(
            "data/initial-codes/jim.yaml",
            coded.read("data/initial-codes/jim.yaml") + f"# {subject}\n",
        )
        git("add", "-Af", ".", cwd=coded.root)
        git("commit", "-qm", subject, cwd=coded.root)
    return coded, tmp_path / "ran"


def config(touched) -> str:
    """Settings of a repository that run a command wherever git takes one."""
    command = f"touch {touched}; false"
    return f"""
[core]
\tfsmonitor = "{command}"
\thooksPath = theirs
\tsshCommand = "{command}"
\tpager = "{command}"
\taskPass = "{command}"
[pager]
\tlog = "{command}"
\tdiff = "{command}"
[diff]
\texternal = "{command}"
[diff "theirs"]
\ttextconv = "{command}"
\tcommand = "{command}"
[filter "theirs"]
\tclean = "{command}"
\tsmudge = "{command}"
\tprocess = "{command}"
\trequired = true
[merge "theirs"]
\tdriver = "{command}"
[log]
\tshowSignature = true
[gpg]
\tprogram = {touched}.sh
[alias]
\tlog = "!{command}"
\trev-parse = "!{command}"
\tls-tree = "!{command}"
[credential]
\thelper = "!{command}"
[protocol]
\tallow = always
[protocol "file"]
\tallow = always
[protocol "ext"]
\tallow = always
"""


def looked_at(study, touched) -> None:
    """Every command that asks git has been run in the study, and none of its author's."""
    for arguments in LOOKING:
        ran = study(*arguments)
        assert ran.code in (0, 1), (arguments, ran.err)
        assert "Traceback" not in ran.err
        assert not touched.exists(), arguments


def test_settings_of_a_repository_that_came_along_run_nothing(marked):
    study, touched = marked
    script = touched.with_name("ran.sh")
    script.write_text(f"#!/bin/sh\ntouch {touched}\n")
    script.chmod(0o755)
    for hook in ("post-index-change", "reference-transaction", "pre-auto-gc"):
        shutil.copy(script, study.write(f"theirs/{hook}", ""))
    included = study.write("data/theirs.txt", config(touched))
    with open(study.root / ".git/config", "a") as file:
        file.write(f"{config(touched)}[include]\n\tpath = {included}\n")
    signed = git("cat-file", "commit", "HEAD", cwd=study.root).stdout.replace(
        "\n\n",
        "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aa\n -----END PGP SIGNATURE-----\n\n",
        1,
    )
    (study.root / "signed").write_text(signed)
    hash = git("hash-object", "-t", "commit", "-w", "signed", cwd=study.root).stdout.strip()
    (study.root / ".git/refs/heads/main").write_text(hash + "\n")
    (study.root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    os.utime(study.root / "data/initial-codes/jim.yaml", (1, 1))
    looked_at(study, touched)
    assert "first" in study.ok("history")
    assert study("git", "setup").code == 0 and not touched.exists()


def test_a_bare_repository_among_the_files_of_a_study_is_none(marked):
    study, touched = marked
    inside = study.root / "more/study"
    inside.mkdir(parents=True)
    for name in ("pipeline.yaml", "data"):
        (shutil.copytree if name == "data" else shutil.copy)(study.root / name, inside / name)
    git("init", "-q", "--bare", ".", cwd=inside)
    (inside / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n" + config(touched)
    )
    study.root = inside
    looked_at(study, touched)
    ran = study("diff")
    assert ran.code == 1 and ran.err.startswith(
        ".: git does not open the repository around this study. If the study came from somebody "
        "else, "
        "run no git in it yourself before you know why.\n    | fatal: "
    )


def test_a_git_file_that_leads_into_the_study_runs_nothing(marked):
    study, touched = marked
    (study.root / ".git").rename(study.root / "data/kept")
    (study.root / ".git").write_text("gitdir: data/kept\n")
    with open(study.root / "data/kept/config", "a") as file:
        file.write(config(touched))
    looked_at(study, touched)


def test_a_work_tree_elsewhere_is_not_this_study(marked, tmp_path):
    study, touched = marked
    (tmp_path / "elsewhere").mkdir()
    git("config", "core.worktree", str(tmp_path / "elsewhere"), cwd=study.root)
    looked_at(study, touched)
    assert study("diff").err.startswith(
        ".: the repository around this study has its files elsewhere. "
    )


def test_what_is_missing_in_a_clone_is_not_fetched(marked):
    study, touched = marked
    blob = git("rev-parse", "HEAD~1:data/initial-codes/jim.yaml", cwd=study.root).stdout.strip()
    (study.root / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    with open(study.root / ".git/config", "a") as file:
        file.write(
            '[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = '
            f"{study.root}\n\tpromisor = true\n"
            f'\tuploadpack = "touch {touched};"\n[protocol "file"]\n\tallow = always\n'
        )
    git("config", "core.repositoryFormatVersion", "1", cwd=study.root)
    looked_at(study, touched)
    told = study("diff", "HEAD~1").err
    assert (
        told == ".: files of earlier versions are not in this clone. "
        "`git fetch --refetch --no-filter` brings them.\n"
    )


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "/nowhere/.git"},
        {"GIT_DIR": ".git", "GIT_WORK_TREE": "."},
        {"GIT_INDEX_FILE": "/nowhere/index"},
        {"GIT_CONFIG_PARAMETERS": "'core.fsmonitor'='touch RAN'"},
        {"GIT_EXTERNAL_DIFF": "touch RAN"},
        {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "core.fsmonitor",
            "GIT_CONFIG_VALUE_0": "touch RAN",
        },
        {"LANGUAGE": "de", "LC_ALL": "de_DE.UTF-8"},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_the_history_is_that_of_the_repository_around_the_study(marked, monkeypatch, variables):
    """A hook of another repository, or a setting for one call, tells git of something else."""
    study, touched = marked
    for name, value in variables.items():
        monkeypatch.setenv(name, value.replace("RAN", str(touched)))
    (study.root / "data/deeper").mkdir()
    told = study("history", cwd=study.root / "data/deeper")
    assert told.code == 0 and "first" in told.out
    assert not touched.exists()


def test_no_git_of_the_study_is_run(marked, monkeypatch):
    study, touched = marked
    study.write("git", f"#!/bin/sh\ntouch {touched}\n").chmod(0o755)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    looked_at(study, touched)


def test_a_subject_with_control_characters_is_one_commit(marked):
    study, _ = marked
    git("commit", "-q", "--allow-empty", "-m", "third\x1e\x1f\x1b[31m", cwd=study.root)
    study.write(
        "data/codebook.yaml",
        study.read("data/codebook.yaml") + "\n- code: noticing the pay\n  definition: money\n",
    )
    git("commit", "-qam", "fourth\x1ehalf", cwd=study.root)
    told = study.ok("history")
    assert "fourth\ufffdhalf" in told
