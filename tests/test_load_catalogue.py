"""reports.toml: what is taken over, and what refuses the folder."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from load_samples import write

from rag.errors import MetadataError
from rag.load import Metadata, Source, find_files, load_report
from rag.schema import Period


def names(found) -> list[str]:
    return [source.path.name for source in found.sources]


FULL = """
["a"]
title = " Situation report "
publisher = "OCHA"
type = "situation report"
symbol = " X/2024/7 "
period_start = 2024-01-01
period_end = "2024-02-29"
published = 2024-03-15
language = "es"
"""


def catalogue(folder: Path, text: str | bytes) -> Path:
    write(folder, "a.txt")
    write(folder, "reports.toml", text)
    return folder


def test_every_key_of_a_table_is_taken_over(tmp_path):
    (source,) = find_files([catalogue(tmp_path, "\ufeff" + FULL)]).sources
    report = load_report(source.path, source.metadata)
    assert (report.title, report.publisher, report.type) == ("Situation report", "OCHA", "situation report")
    assert report.period == Period(date(2024, 1, 1), date(2024, 2, 29))
    assert (report.published, report.language, report.symbol) == (date(2024, 3, 15), "es", "X/2024/7")
    assert set(report.origins.values()) == {"reports.toml"}


BAD_CATALOGUES = [
    ("[a]\ntitel = 'X'", ["[a]", 'titel = "X"', "Did you mean title?", "period_start"]),
    ("[a]\npages = 3", ["unknown key: pages = 3", "Allowed are title, publisher, type"]),
    ("[a]\ntitle = 3", ["[a] title = 3 must be a text in quotes"]),
    ("[a]\ntitle = ''", ["[a] title is empty"]),
    ("[a]\ntype = true", ["type = true must be a text"]),
    ("[a]\npublished = '31.12.2024'", ['published = "31.12.2024" must be a day such as 2024-01-31']),
    ("[a]\npublished = '2024-02-30'", ["published", "must be a day"]),
    ("[a]\npublished = '2024-W01-1'", ["published", "must be a day"]),
    ("[a]\npublished = 2024-01-01T10:00:00", ["published = 2024-01-01T10:00:00 must be a day"]),
    ("[a]\npublished = 2024", ["published = 2024 must be a day"]),
    ("[a]\nperiod_start = 2024-03-01\nperiod_end = 2024-02-01", ["period_end = 2024-02-01 is before"]),
    ("[a]\nperiod_start = 2024-03-01", ["add period_end"]),
    ("[a]\nperiod_end = 2024-03-01", ["add period_start"]),
    ("[a]\nlanguage = 'xx'", ['language = "xx" must be one of en, es, fr']),
    ("[a]\nlanguage = 1", ["language = 1 must be a text"]),
    ("title = 'X'", ['[title] is "X" outside of any table']),
    ("[a.v2]\ntitle = 'X'", ['needs quotes: ["id.with.dot"]']),
    ("[a]\ntitle = X\n[b]", ["is not valid TOML", "line 2"]),
    ("[a]\n[a]\n", ["is not valid TOML", "line 2"]),
    (b"[a]\ntitle = '\xe9'", ["is not UTF-8 at byte 13"]),
]


@pytest.mark.parametrize("text, said", BAD_CATALOGUES, ids=[said[0][:30] for _, said in BAD_CATALOGUES])
def test_a_bad_catalogue_refuses_the_folder_and_names_the_place(tmp_path, text, said):
    catalogue(tmp_path, text)
    for paths in ([tmp_path], [tmp_path / "a.txt"]):
        with pytest.raises(MetadataError) as error:
            find_files(paths)
        for part in (str(tmp_path / "reports.toml"), *said):
            assert part in str(error.value)


def test_a_catalogue_that_is_a_folder_is_refused(tmp_path):
    write(tmp_path, "a.txt")
    (tmp_path / "reports.toml").mkdir()
    with pytest.raises(MetadataError, match="is not a file"):
        find_files([tmp_path])


def test_a_table_without_a_report_is_only_warned_of(tmp_path):
    found = find_files([catalogue(tmp_path, "['a.txt']\ntitle = 'X'\n[zzz]\n")])
    place = tmp_path / "reports.toml"
    assert found.warnings == (
        f"{place}: there is no report for the table [a.txt]; did you mean [a]?",
        f"{place}: there is no report for the table [zzz]",
    )
    assert names(found) == ["a.txt"]


def test_a_catalogue_holds_for_subfolders_unless_they_have_their_own_table(tmp_path):
    write(tmp_path, "reports.toml", "[b]\ntitle = 'Top'\n[c]\ntitle = 'Top'\n")
    write(tmp_path, "sub/b.txt")
    write(tmp_path, "sub/c.txt")
    write(tmp_path, "sub/reports.toml", "[c]\ntitle = 'Sub'\n")
    found = find_files([tmp_path])
    assert [source.metadata and source.metadata.title for source in found.sources] == ["Top", "Sub"]
    assert found.warnings == ()


def test_a_catalogue_above_the_folder_given_is_not_read(tmp_path):
    write(tmp_path, "reports.toml", "this is not TOML")
    write(tmp_path, "sub/a.txt")
    assert find_files([tmp_path / "sub"]).sources[0].metadata is None


def test_a_file_given_alone_has_its_folders_catalogue_without_warnings_about_the_others(tmp_path):
    catalogue(tmp_path, "[a]\ntitle = 'A'\n[b]\ntitle = 'B'\n")
    write(tmp_path, "b.txt")
    found = find_files([tmp_path / "a.txt"])
    assert found.sources == (Source(tmp_path / "a.txt", Metadata(title="A")),)
    assert found.warnings == ()


def test_a_table_is_found_under_either_form_of_an_accent(tmp_path):
    write(tmp_path, unicodedata.normalize("NFC", "situación.txt"))
    write(tmp_path, "reports.toml", unicodedata.normalize("NFD", '["situación"]\ntitle = "X"\n'))
    assert find_files([tmp_path]).sources[0].metadata == Metadata(title="X")
