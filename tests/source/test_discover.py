"""Which files of a folder are read, and what becomes of those that cannot be."""

import os

import pytest
from granger.engine.source import discover
from granger.engine.source.discover import read_workspace

WORKSPACE = "kind: workspace\nname: w\ncurrency: EUR\n"
LIBRARY = "kind: library\nname: figures\neffective: {from: 2026-01-01}\nsettings: {a: 1}\n"


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_yml", ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def told(result):
    return [(problem.code, problem.place.file) for problem in result.diagnostics]


def test_all_yaml_files_sorted_by_path(tmp_path):
    write(tmp_path, granger_yaml=WORKSPACE, b_yml=LIBRARY, a__c_yaml=LIBRARY)
    (tmp_path / "UPPER.YAML").write_text(LIBRARY)
    (tmp_path / "notes.txt").write_text("not: yaml: at all")
    result = read_workspace(tmp_path)
    assert told(result) == []
    assert [document.file for document in result.documents] == ["UPPER.YAML", "a/c.yaml", "b.yml", "granger.yaml"]
    assert result.lines["granger.yaml"][0] == "kind: workspace"


@pytest.mark.parametrize(
    "folder", ["data", ".git", "out", "out-2026-Q3", "out_old", "venv", "pay/data", "node_modules"]
)
def test_folders_that_are_not_policies(tmp_path, folder):
    write(tmp_path, granger_yaml=WORKSPACE)
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "x.yaml").write_text("broken: [")
    assert told(read_workspace(tmp_path)) == []


@pytest.mark.parametrize("folder", ["outreach", "database", "rules"])
def test_folders_that_only_look_like_them(tmp_path, folder):
    write(tmp_path, granger_yaml=WORKSPACE)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "x.yaml").write_text("broken: [")
    assert told(read_workspace(tmp_path)) == [("yaml-syntax", f"{folder}/x.yaml")]


def test_without_granger_yaml(tmp_path):
    write(tmp_path, a_yaml=LIBRARY)
    result = read_workspace(tmp_path)
    assert told(result) == [("workspace-missing", "granger.yaml")]
    assert tmp_path.name in result.diagnostics[0].message
    assert told(read_workspace(tmp_path / "absent")) == [("workspace-missing", "granger.yaml")]
    assert told(read_workspace(tmp_path / "a.yaml")) == [("workspace-missing", "granger.yaml")]


def test_mistakes_of_all_files_are_told_in_order(tmp_path):
    write(tmp_path, granger_yaml=WORKSPACE + "curency: x\n", b_yaml="kind: [", a_yaml=LIBRARY + "x: 0x1F\ny: 1\n")
    assert told(read_workspace(tmp_path)) == [
        ("unknown-key", "a.yaml"),
        ("number-form-refused", "a.yaml"),
        ("unknown-key", "a.yaml"),
        ("yaml-syntax", "b.yaml"),
        ("unknown-key", "granger.yaml"),
    ]
    assert set(read_workspace(tmp_path).lines) == {"a.yaml", "b.yaml", "granger.yaml"}


def test_two_workspaces(tmp_path):
    write(tmp_path, granger_yaml=WORKSPACE, team__granger_yaml=WORKSPACE)
    result = read_workspace(tmp_path)
    assert told(result) == [("two-workspaces", "team/granger.yaml")]
    assert str(result.diagnostics[0].related[0].place) == "granger.yaml:1:1"


def test_granger_yaml_of_another_kind(tmp_path):
    write(tmp_path, granger_yaml=LIBRARY)
    assert told(read_workspace(tmp_path)) == [("not-a-workspace", "granger.yaml")]


def test_links(tmp_path):
    inside, outside = tmp_path / "w", tmp_path / "elsewhere"
    outside.mkdir()
    write(inside, granger_yaml=WORKSPACE, a_yaml=LIBRARY)
    (outside / "x.yaml").write_text(LIBRARY)
    (inside / "file.yaml").symlink_to(outside / "x.yaml")
    (inside / "folder").symlink_to(outside)
    (inside / "data").symlink_to(outside)
    (inside / "again.yaml").symlink_to(inside / "a.yaml")
    (inside / "gone.yaml").symlink_to(inside / "absent")
    (inside / "loop").symlink_to(inside)
    result = read_workspace(inside)
    assert told(result) == [
        ("link-leads-outside", "file.yaml"),
        ("link-leads-outside", "folder"),
        ("unreadable-file", "gone.yaml"),
    ]
    assert [document.file for document in result.documents] == ["a.yaml", "granger.yaml"]


def test_what_is_no_file(tmp_path):
    write(tmp_path, granger_yaml=WORKSPACE)
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert told(read_workspace(tmp_path)) == [("unreadable-file", "loop.yaml"), ("unreadable-file", "pipe.yaml")]


def test_a_file_that_may_not_be_opened(tmp_path, monkeypatch):
    write(tmp_path, granger_yaml=WORKSPACE, a_yaml=LIBRARY)
    really = type(tmp_path).open

    def forbidden(path, *args, **kwargs):
        if path.name == "a.yaml":
            raise PermissionError(13, "no")
        return really(path, *args, **kwargs)

    monkeypatch.setattr(type(tmp_path), "open", forbidden)
    result = read_workspace(tmp_path)
    assert told(result) == [("unreadable-file", "a.yaml")]
    assert "permission is missing" in result.diagnostics[0].message


def test_a_name_that_is_not_text(tmp_path):
    write(tmp_path, granger_yaml=WORKSPACE)
    with open(os.fsencode(tmp_path) + b"/\xff\x1b.yaml", "wb") as file:  # noqa: PTH123 - a name that Path cannot write
        file.write(b"x: 1\n")
    (problem,) = read_workspace(tmp_path).diagnostics
    assert problem.place.file == "\ufffd\ufffd.yaml"


def test_too_many_files(tmp_path, monkeypatch):
    assert discover.MAX_FILES == 2_000
    monkeypatch.setattr(discover, "MAX_FILES", 3)
    write(tmp_path, granger_yaml=WORKSPACE, a_yaml=LIBRARY, b_yaml=LIBRARY)
    assert told(read_workspace(tmp_path)) == []
    write(tmp_path, c_yaml=LIBRARY)
    result = read_workspace(tmp_path)
    assert told(result) == [("too-many-files", "granger.yaml")]
    assert [document.file for document in result.documents] == ["granger.yaml"]
