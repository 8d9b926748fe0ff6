"""Landing: every habit of the exports, and that no line of a file disappears. Needs no registry."""

import datetime as dt
import hashlib
import io
import zipfile
from dataclasses import replace

import pytest
import xlsxwriter
from conftest import NOTES, contract_of, landing, text_column
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import reading

from pipelines.errors import BooksError, ExportsError
from pipelines.expectations.contract import Column
from pipelines.landing import apart, lines
from pipelines.landing import land as raw

HEADER = "Numero;Nimi;Huom\n"
DECLARED = [("Numero", "c1", "declared"), ("Nimi", "c2", "declared"), ("Huom", "c3", "declared")]
WINDOWS = replace(NOTES, encoding="windows-1252")
COMMA = replace(NOTES, delimiter=",")


# The ordinary file


def test_a_row_is_its_cells_as_text_with_the_line_it_starts_on(land):
    landed = land(HEADER + "1;Aalto;soitti\n2;Berg;\n")
    assert landed.rows == [(2, "1", "Aalto", "soitti"), (3, "2", "Berg", "")]
    assert (landed.status, landed.lines, landed.books) == ("read", 3, (2, 2, 0))
    assert (landed.columns, landed.rejected) == (DECLARED, [])


def test_file_hash_and_size_are_those_of_the_bytes(land):
    data = (HEADER + "1;Aalto;soitti").encode()
    land(data)
    digest = hashlib.sha256(data).hexdigest()
    assert land.query("select file, sha256, bytes, lines from feed.files join raw.test_notes using (file, sha256)") == [
        ("vihko.csv", digest, len(data), 2)
    ]


@pytest.mark.parametrize("contract", [NOTES, COMMA], ids=["semicolon", "comma"])
def test_the_delimiter_is_the_contracts(land, contract):
    text = 'Numero;Nimi;Huom\n1;"Aalto; Eva";x\n'.replace(";", contract.delimiter)
    assert land(text, contract).cells == [("1", f"Aalto{contract.delimiter} Eva", "x")]


@pytest.mark.parametrize("delimiter", ["\t", "|", "^", "-", "\\", "]", "."])
def test_any_other_delimiter_works_as_well(land, delimiter):
    text = 'Numero;Nimi;Huom\n"1";"A;""B""";x\n;;\n2;"a\nb";\n'.replace(";", delimiter)
    landed = land(text, replace(NOTES, delimiter=delimiter))
    assert landed.rows == [(2, "1", f'A{delimiter}"B"', "x"), (4, "2", "a\nb", "")]
    assert landed.books == (2, 2, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["ends with a line end", "ends without"])
def test_line_ends_of_both_kinds_also_mixed_and_at_the_end(land, end, last):
    text = end.join([HEADER.strip(), "1;a;b", "2;c;d"]) + (end if last else "")
    assert land(text).rows == [(2, "1", "a", "b"), (3, "2", "c", "d")]
    assert land(HEADER + "1;a;b\r\n2;c;d\n").cells == [("1", "a", "b"), ("2", "c", "d")]


def test_a_lone_carriage_return_is_part_of_a_cell_and_ends_no_line(land):
    assert land(HEADER + "1;a\rb;c\n").rows == [(2, "1", "a\rb", "c")]


def test_line_ends_that_were_translated_twice_do_no_harm(land):
    landed = land("Numero;Nimi;Huom\r\r\n1;a;b\r\r\n;;\r\r\n")
    assert (landed.columns, landed.rows, landed.books) == (DECLARED, [(2, "1", "a", "b\r")], (1, 1, 0))


def test_a_byte_order_mark_is_no_part_of_the_first_header(land):
    landed = land(b"\xef\xbb\xbf" + (HEADER + "1;\u00e4;b\n").encode())
    assert (landed.columns, landed.cells) == (DECLARED, [("1", "\u00e4", "b")])


def test_a_byte_order_mark_further_down_is_text_wherever_the_file_is_cut(land, monkeypatch):
    for size in (5, 20, 2**20):
        monkeypatch.setattr(lines, "PIECE_BYTES", size)
        assert land(HEADER + "\ufeff1;a;b\n\ufeff2;c;d\n").cells == [("\ufeff1", "a", "b"), ("\ufeff2", "c", "d")]


# Encodings


def test_windows_1252_with_its_euro_dash_and_apostrophe(land):
    assert land(HEADER + "1;\u20ac \u2013 \u2019;\u00e5\u00e4\u00f6\n", WINDOWS).cells == [
        ("1", "\u20ac \u2013 \u2019", "\u00e5\u00e4\u00f6")
    ]


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_each_byte_that_windows_1252_does_not_know_rejects_its_row_only(land, byte):
    landed = land(HEADER.encode() + b"1;a;b\n2;x" + bytes([byte]) + b";y\n3;c;d\n", WINDOWS)
    assert [row[0] for row in landed.rows] == [2, 4]
    assert (landed.rejected, landed.books) == ([(3, "byte unknown to the encoding")], (3, 2, 1))
    assert (3, "2") in landed.rejected_cells


@pytest.mark.parametrize("sequence", [b"\xff", b"\xe4", b"\xe2\x82", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"])
def test_bytes_that_are_no_utf_8_reject_their_row_only(land, sequence):
    landed = land(HEADER.encode() + b"1;a" + sequence + b";b\n2;c;d\n3;e;f" + sequence + b"\n")
    assert (landed.rows, landed.books) == ([(3, "2", "c", "d")], (3, 1, 2))
    assert landed.rejected == [(2, "byte unknown to the encoding"), (4, "byte unknown to the encoding")]


def test_an_undecodable_byte_in_a_cell_of_several_lines_rejects_the_record_where_it_starts(land):
    landed = land(HEADER.encode() + b'1;"a\nb\xff\nc";d\n2;e;f\n')
    assert (landed.rows, landed.rejected) == ([(5, "2", "e", "f")], [(2, "byte unknown to the encoding")])


def test_a_blank_line_with_an_undecodable_byte_is_not_blank(land):
    assert land(HEADER.encode() + b"\xff\n").books == (1, 0, 1)


@pytest.mark.parametrize("mark", ["\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"])
def test_a_noncharacter_in_a_file_rejects_its_row_and_is_never_changed_silently(land, mark):
    assert land(HEADER + f"1;a{mark};b\n2;\ufdfa;c\n").cells == [("2", "\ufdfa", "c")]


def test_nul_bytes_and_other_control_characters_stay_in_their_cells(land):
    landed = land(HEADER + "1;a\0b;\x01\n\0;;\n2;\x02;\x7f\n")
    assert landed.cells == [("1", "a\0b", "\x01"), ("\0", "", ""), ("2", "\x02", "\x7f")]


def test_iso_8859_1_is_read_where_a_contract_says_so(land):
    assert land(HEADER.encode() + b"1;\xe4\xa4;b\n", replace(NOTES, encoding="iso-8859-1")).cells == [
        ("1", "\u00e4\u00a4", "b")
    ]


# Quotes


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends(land):
    landed = land(HEADER + '1;"a;b ""c""\n\nd";e\n2;f;g\n')
    assert landed.rows == [(2, "1", 'a;b "c"\n\nd', "e"), (5, "2", "f", "g")]
    assert (landed.lines, landed.books) == (5, (2, 2, 0))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('Numero;Nimi;Huom\r\n1;"a\r\nb";c\r\n', "a\r\nb"),
        ('Numero;Nimi;Huom\r\n1;"a\r\nb";c', "a\r\nb"),
        ('Numero;Nimi;Huom\r\n1;"a\nb";c\r\n', "a\nb"),
        ('Numero;Nimi;Huom\n1;"a\r\nb";c\n', "a\nb"),
        ('Numero;Nimi;Huom\n1;"a\nb";c\n', "a\nb"),
        ('Numero;Nimi;Huom\r1;"a\rb";c\r', "a\nb"),
    ],
)
def test_a_line_end_in_a_cell_is_the_files_own_or_where_it_has_several_a_line_feed(land, text, cell):
    assert land(text).cells == [("1", cell, "c")]


def test_a_quote_may_close_three_lines_later(land):
    landed = land(HEADER + '1;"a\nb\nc\nd";e\n2;f;g\n')
    assert landed.rows == [(2, "1", "a\nb\nc\nd", "e"), (6, "2", "f", "g")]


def test_one_record_may_open_cells_again_and_again(land):
    assert land(HEADER + '"1\n2";"a\n";"\nb"\n3;c;d\n').rows == [(2, "1\n2", "a\n", "\nb"), (6, "3", "c", "d")]


def test_a_quote_that_is_never_closed_rejects_its_own_line_only(land):
    landed = land(HEADER + '1;"a;b\n2;c;d\n3;e;f\n')
    assert (landed.rejected, [row[0] for row in landed.rows]) == ([(2, "malformed quoting")], [3, 4])
    assert (landed.books, (2, "1") in landed.rejected_cells) == ((3, 2, 1), True)


def test_an_unclosed_quote_does_not_swallow_rows_up_to_the_next_quoted_cell(land):
    landed = land(HEADER + '1;"a;b\n2;c;d\n3;"e";f\n')
    assert (landed.rejected, landed.cells) == ([(2, "malformed quoting")], [("2", "c", "d"), ("3", "e", "f")])


def test_text_after_a_closing_quote_rejects_the_line_but_spaces_there_are_nothing(land):
    landed = land(HEADER + '1;"a"b;c\n2;"d" \t;"e"  \n')
    assert (landed.rejected, landed.cells) == ([(2, "malformed quoting")], [("2", "d", "e")])


def test_a_quote_inside_an_unquoted_cell_is_an_ordinary_character(land):
    assert land(HEADER + '1;5" putki;a"b"\n2; "x";y\n').cells == [("1", '5" putki', 'a"b"'), ("2", ' "x"', "y")]


def test_a_quoted_cell_that_lost_its_delimiter_does_not_move_the_next(land):
    landed = land(HEADER + '1a"b;c";d\n2;"x;y";z\n3;5" putki;6" putki\n')
    assert (landed.rejected, landed.cells) == (
        [(2, "malformed quoting")],
        [("2", "x;y", "z"), ("3", '5" putki', '6" putki')],
    )


def test_quoted_numbers_and_empty_cells_are_cells_like_others(land):
    assert land(HEADER + '"1";"";"0012"\n').cells == [("1", "", "0012")]


# Too little, too much, nothing


@pytest.mark.parametrize("text", ["", "\n", "\n \n\t\n\u00a0\n", "\ufeff", ";;;\n", '"";""\n'])
def test_a_file_of_nothing_has_no_header_line(land, text):
    landed = land(text)
    assert (landed.status, landed.rows, landed.columns, landed.books) == ("no header line", [], [], (None, None, None))


def test_a_header_only_is_a_file_without_rows(land):
    landed = land(HEADER)
    assert (landed.status, landed.rows, landed.books, landed.columns) == ("read", [], (0, 0, 0), DECLARED)


def test_a_file_without_any_declared_header_has_no_header_line_and_its_first_row_is_not_told(land):
    landed = land("1;Aalto;soitti\n2;Berg;\n")
    assert (landed.status, landed.columns, landed.rejected) == ("no header line", [], [])


def test_a_missing_file_is_missing(land):
    assert land(None).status == "missing"


def test_a_folder_of_that_name_is_no_file(land):
    (land.folder / NOTES.file).mkdir()
    assert land(None).status == "missing"
    (land.folder / NOTES.file).rmdir()


def test_blank_lines_and_rows_of_only_empty_cells_are_no_fault_anywhere(land):
    landed = land(
        '\n;;\n"";\n' + HEADER + "\n  \n;;\n; ;\u00a0\n1;a;b\n;;;;;\n;\n" + '"";"";""\n" ";;\n"\n";"";""\n\t\n'
    )
    assert (landed.rows, landed.rejected, landed.books) == ([(9, "1", "a", "b")], [], (1, 1, 0))
    assert landed.columns == DECLARED


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1", "too few cells"),
        ("1;a", "too few cells"),
        ("1;a;", None),
        ("1;;", None),
        (";;b", None),
        ("1;a;b;", "too many cells"),
        ("1;a;b;;; ;\u00a0", "too many cells"),
        ("1;;a;b", "cell beyond the last header"),
        (";1;;", "too many cells"),
        ("1;a;b;c", "cell beyond the last header"),
        ("1;a;b;;;c", "cell beyond the last header"),
        ('1;a;b;"c"', "cell beyond the last header"),
        ('1;a;b;""', "too many cells"),
        ('"1;a;b"', "too few cells"),
        ("Numero;Nimi;Huom", "repeated header"),
        ('"Numero"; Nimi ;"Huom"', "repeated header"),
        ("  Numero\t;Nimi;Huom;;", "repeated header"),
        ("Numero;Nimi;huom", None),
        ("Numero;Nimi;muuta", None),
        ("Numero;Nimi", "too few cells"),
    ],
)
def test_what_is_a_row_and_what_is_none(land, row, reason):
    landed = land(HEADER + "0;x;y\n" + row + "\n9;z;z\n")
    assert landed.rejected == ([(3, reason)] if reason else [])
    assert len(landed.rows) == (2 if reason else 3)
    assert landed.books == (3, len(landed.rows), len(landed.rejected))


def test_rejected_rows_keep_their_text_and_their_cells(land):
    landed = land(HEADER + '1;" a "\n')
    assert land.query("select system, dataset, file, text from raw.rejected_rows") == [
        ("test", "notes", "vihko.csv", '1;" a "')
    ]
    assert landed.rejected_cells == {(2, "1"), (2, "a")}


# Headers


def test_headers_may_stand_in_another_order(land):
    landed = land("Huom;Numero;Nimi\nx;1;a\n")
    assert land.query("select c1, c2, c3 from raw.test_notes") == [("1", "a", "x")]
    assert {status for *_, status in landed.columns} == {"declared"}


def test_a_column_nobody_declared_is_landed_and_told(land):
    landed = land("Numero;Nimi;Syntym\u00e4aika;Huom\n1;a;1.1.1980;b\n")
    assert landed.columns == [DECLARED[0], DECLARED[1], ("column 3", "undeclared_3", "undeclared"), DECLARED[2]]
    assert landed.cells == [("1", "a", "1.1.1980", "b")]


def test_a_declared_column_that_is_not_there_is_missing(land):
    landed = land("Numero;Huom\n1;b\n")
    assert landed.columns == [DECLARED[0], DECLARED[2], ("Nimi", "c2", "missing")]


def test_of_a_header_that_stands_twice_the_second_is_undeclared(land):
    landed = land("Numero;Nimi;Huom;Nimi\n1;a;b;c\n")
    assert landed.columns == [*DECLARED, ("column 4", "undeclared_4", "undeclared")]
    assert landed.cells == [("1", "a", "b", "c")]


def test_an_empty_header_between_others_is_undeclared_and_at_the_end_it_is_none(land):
    landed = land("Numero;;Nimi;Huom;;\n1;x;a;b;;\n")
    assert landed.columns == [DECLARED[0], ("column 2", "undeclared_2", "undeclared"), *DECLARED[1:]]
    assert landed.cells == [("1", "x", "a", "b")]


@pytest.mark.parametrize(
    "header",
    [
        '"Numero";"Nimi";"Huom"',
        " Numero ;Nimi\t;\u00a0Huom",
        'Numero;"Nimi\n";Huom',
        '"Numero" ;Nimi;Huom;;',
        "Numero;Nimi;Huom\r",
    ],
)
def test_quotes_and_spaces_around_headers_are_no_part_of_them(land, header):
    landed = land(header + "\n1;a;b\n" + header + "\n2;c;d\n")
    assert (landed.columns, landed.cells) == (DECLARED, [("1", "a", "b"), ("2", "c", "d")])
    assert [reason for _, reason in landed.rejected] == ["repeated header"]


def test_white_space_inside_a_header_counts_once_also_when_it_is_repeated(land):
    contract = contract_of(["Numero", "Asiakkuus alkoi", "Huom"])
    header = 'Numero;"Asiakkuus\n alkoi";Huom\n'
    landed = land(header + "1;a;b\n" + header, contract)
    assert ([row[0] for row in landed.rows], landed.rejected) == ([3], [(4, "repeated header")])


HOSTILE = [
    'a"b',
    "a;b",
    "'; drop table raw.rejected_rows; --",
    "line",
    "file",
    "sha256",
    "text",
    "cells",
    "NIMI",
    "nimi",
    "undeclared_3",
    "rejected_rows",
    "{{ 7 * 7 }}",
    "$name",
    "\\",
    "c1",
    "Ni\0mi",
    "x" * 200_000,
    "{}",
    "%s",
]


def test_hostile_headers_are_names_and_nothing_else(land):
    header = ";".join('"' + name.replace('"', '""') + '"' for name in ["Numero", "Nimi", *HOSTILE])
    row = ";".join(["1", "a", *("x" for _ in HOSTILE)])
    wide = contract_of(["Numero", "Nimi", *(f"Huom {number}" for number in range(6))])
    landed = land(f"{header}\n{row}\n{header}\n", wide)
    assert [name for name, _, status in landed.columns if status == "undeclared"] == [
        f"column {place}" for place in range(3, 3 + len(HOSTILE))
    ]
    assert [name for (name,) in land.query("select header from raw.undeclared_headers order by position")] == HOSTILE
    assert (len(landed.rows), landed.rejected) == (1, [(3, "repeated header")])
    assert land.query("select c1, c2 from raw.test_notes") == [("1", "a")]


def test_a_header_with_an_undecodable_byte_is_undeclared_and_the_others_stay(land):
    landed = land(b"Numero;Ni\xffmi;Huom\n1;a;b\n")
    assert ("column 2", "undeclared_2", "undeclared") in landed.columns and len(landed.rows) == 1


def test_a_header_with_an_unclosed_quote_is_cut_at_its_delimiters(land):
    landed = land('Numero;"Nimi;Huom\n1;a;b\n')
    assert (landed.columns, landed.cells) == (DECLARED, [("1", "a", "b")])


@pytest.mark.parametrize(
    "names", [["v", "text", "cells", "c", "judged"], ["select", "order", "lines", "records", "row"]]
)
def test_registry_names_may_be_words_of_sql(land, names):
    columns = [text_column(name, name.upper(), key=not place) for place, name in enumerate(names)]
    contract = contract_of(columns)
    land.register(contract, notes=";".join(names).upper() + "\n1;2;3;4;-\n", subject=("notes", names[0]))
    quoted = ", ".join(f'"{name}"' for name in names)
    assert land.query(f"select record_key, {quoted} from registry.notes") == [("1", "1", "2", "3", "4", None)]


# Long


def test_a_cell_of_100000_characters_and_one_over_many_lines_are_read(land):
    long, tall = "\u00e4" * 100_000, "\n".join(str(n) for n in range(5_000))
    landed = land(f'{HEADER}1;{long};"{tall}"\n2;"{long}";b\n')
    assert landed.rows == [(2, "1", long, tall), (5_002, "2", long, "b")]


@pytest.mark.parametrize(("length", "fits"), [(1_999_999, True), (2_000_000, False), (2_500_000, False)])
def test_a_line_beyond_all_measure_is_rejected_with_its_key(land, length, fits):
    landed = land(HEADER + "1;" + "x" * (length - 4) + ";b\n2;c;d\n")
    assert landed.rejected == ([] if fits else [(2, "line too long")])
    assert landed.cells[-1] == ("2", "c", "d")
    assert fits or (2, "1") in landed.rejected_cells


def test_a_line_that_only_grows_too_long_in_utf_8_is_rejected_too(land):
    landed = land(HEADER.encode() + b"1;" + b"\x80a" * 700_000 + b";b\n2;c;d\n", WINDOWS)
    assert (landed.rejected, landed.cells) == ([(2, "line too long")], [("2", "c", "d")])


def test_a_long_line_at_the_end_of_the_file_or_without_any_line_end_is_rejected(land, monkeypatch):
    monkeypatch.setattr(lines, "PIECE_BYTES", 2**20)
    assert land(HEADER + "1;" + "\u00e4" * 2_500_000).rejected == [(2, "line too long")]
    assert land("\ufeffNumero;" + "x" * 5_000_000).lines == 1


def test_lines_keep_their_numbers_in_a_file_of_many_pieces(land, monkeypatch):
    monkeypatch.setattr(lines, "PIECE_BYTES", 100_000)
    pieces, seen = apart.pieces, []
    monkeypatch.setattr(apart, "pieces", lambda *words: (seen.append(piece) or piece for piece in pieces(*words)))
    land(HEADER + "".join(f"{n};rivi;x\n" for n in range(2, 40_002)))
    assert land.query("select count(*), count(*) filter (line = c1::bigint) from raw.test_notes") == [(40_000, 40_000)]
    assert len(seen) > 5 and max(map(len, seen)) < 110_000  # as the process that reads was told


# Files that are not what they seem


def test_only_the_declared_name_is_read(land):
    for name in ("vihko.csv.bak", "vihko.csv;rm -rf", "' or 1=1 --.csv", "..csv", "vihko"):
        (land.folder / name).write_text(HEADER + "1;a;b\n")
    assert land(None).status == "missing"


def test_a_file_name_with_quotes_and_brackets_is_only_a_name(land):
    contract = contract_of(["Numero", "Nimi"], file="O'Hara [1] ${x}.csv")
    assert land("Numero;Nimi\n1;a\n2\n", contract).books == (2, 1, 1)
    assert land.query("select distinct file from raw.rejected_rows") == [("O'Hara [1] ${x}.csv",)]


def test_a_link_out_of_the_folder_is_refused_and_one_within_it_is_read(land, tmp_path):
    (tmp_path / "elsewhere.csv").write_text(HEADER + "1;a;b\n")
    (land.folder / "vihko.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(ExportsError, match="vihko.csv: is a link out of the folder"):
        land(None)
    (land.folder / "vihko.csv").unlink()
    (land.folder / "other.csv").write_text(HEADER + "1;a;b\n")
    (land.folder / "vihko.csv").symlink_to(land.folder / "other.csv")
    assert land(None).books == (1, 1, 0)


class Locked:
    """A file that opens and then will not be read, as one on a share that another program has locked."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read(self, *_):
        raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("file", ["vihko.csv", "vihko.xlsx"])
@pytest.mark.parametrize("when", ["opening", "reading"])
def test_a_locked_file_ends_in_one_message_with_a_remedy(land, monkeypatch, file, when):
    def refuse(path, *_):
        if path.name == file and when == "opening":
            raise PermissionError(13, "Permission denied")
        return Locked()

    (land.folder / file).write_text(HEADER)
    monkeypatch.setattr(type(land.folder), "open", refuse)
    with pytest.raises(ExportsError, match=f"{file}: cannot be read: Permission denied\n  Remedy: close the program"):
        land(None, contract_of(["Numero", "Nimi", "Huom"], file=file))


def test_books_that_do_not_balance_stop_the_run(land, monkeypatch):
    monkeypatch.setattr(raw.quoting, "join_lines", lambda connection, header, delimiter: header)
    with pytest.raises(BooksError, match="rows read, but"):
        land(HEADER + '1;"a\nb";c\n')


# Worksheets

SHEET = contract_of(["Numero", "Nimi", "Huom"], file="vihko.xlsx")


def workbook(*rows, sheets_=("Taul1",), first_row=0) -> bytes:
    """An XLSX file with these rows on its first sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    moment = book.add_format({"num_format": "d.m.yyyy h:mm"})
    for number, name in enumerate(sheets_):
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows if not number else ()):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(first_row + place, column, cell, moment)
                else:
                    sheet.write(first_row + place, column, cell)
    book.close()
    return buffer.getvalue()


def test_native_cells_of_a_worksheet_are_the_text_that_csv_would_hold(land):
    rows = [
        ("Numero", "Nimi", "Huom"),
        (dt.date(2025, 12, 31), 12345, True),
        (dt.datetime(2025, 2, 1, 4, 5), 1234.5, False),
        (0.1 + 0.2, -7, "00123"),
        (1e15, 1e-7, 358401234567),
    ]
    assert land(workbook(*rows), SHEET).rows == [
        (2, "31.12.2025", "12345", "K"),
        (3, "1.2.2025 4:05", "1234,5", "E"),
        (4, "0,3", "-7", "00123"),
        (5, "1000000000000000", "0,0000001", "358401234567"),
    ]


def test_every_minute_of_a_day_survives_the_worksheet(land):
    moments = [dt.datetime(2025, 12, 31, 0, 1) + dt.timedelta(minutes=n) for n in range(1439)]
    landed = land(workbook(["Numero", "Nimi", "Huom"], *([n, moment] for n, moment in enumerate(moments))), SHEET)
    assert [row[2] for row in landed.rows] == [f"31.12.2025 {one.hour}:{one.minute:02d}" for one in moments]


def test_native_cells_are_written_as_their_column_is_declared(land):
    def column(name, type_, **more):
        return Column(name, name, type_, "varchar", "", **more)

    columns = [
        column("day", "date", format="yyyy-MM-dd", key=True),
        column("month", "month", format="yyyy-MM"),
        column("second", "timestamp", format="yyyy-MM-dd HH:mm:ss"),
        column("minute", "timestamp", format="d.M.yyyy H:mm"),
        column("amount", "decimal", decimal_separator="."),
        column("flag", "boolean", true_value="yes", false_value="no"),
    ]
    contract = contract_of(columns, file="vihko.xlsx")
    day = dt.datetime(2026, 6, 1)
    rows = [[one.header for one in columns], [day, day, dt.datetime(2026, 6, 1, 14, 5, 9), day, 12.5, True]]
    landed = land(workbook(*rows), contract)
    assert landed.cells == [("2026-06-01", "2026-06", "2026-06-01 14:05:09", "1.6.2026 0:00", "12.5", "yes")]


def test_worksheet_rows_keep_their_row_numbers_and_their_faults(land):
    rows = [
        ("Numero", "Nimi", "Huom"),
        (),
        (1, "a", "b"),
        (" ", "", ""),
        (2, "c", "d", "e"),
        ("Numero", " Nimi", "Huom"),
        (3, "f"),
    ]
    landed = land(workbook(*rows, first_row=2), SHEET)
    assert landed.rows == [(5, "1", "a", "b"), (9, "3", "f", "")]
    assert landed.rejected == [(7, "cell beyond the last header"), (8, "repeated header")]
    assert landed.books == (4, 2, 2)


def test_a_worksheet_that_starts_further_right_has_empty_headers_first(land):
    landed = land(workbook(("", "Numero", "Nimi", "Huom"), ("", 1, "a", "b")), SHEET)
    assert ("column 1", "undeclared_1", "undeclared") in landed.columns and landed.cells == [("", "1", "a", "b")]


@pytest.mark.parametrize(
    "data", [b"", workbook(), workbook((" ",), ("",)), workbook((1, 2))], ids=["0 bytes", "empty", "blank", "data only"]
)
def test_a_worksheet_without_headers_has_no_header_line(land, data):
    assert land(data, SHEET).status == "no header line"


def test_the_sheet_that_the_contract_names_is_read_and_its_absence_told(land):
    data = workbook(("Numero", "Nimi", "Huom"), (1, "a", "b"), sheets_=("Tiedot", "Muut"))
    assert land(data, replace(SHEET, sheet="Tiedot")).books == (1, 1, 0)
    assert land(data, replace(SHEET, sheet="Muut")).status == "no header line"
    with pytest.raises(ExportsError, match="vihko.xlsx: has no sheet 'Taul1'"):
        land(data, replace(SHEET, sheet="Taul1"))


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


GOOD = workbook(("Numero", "Nimi", "Huom"), (1, "a", "b"))
GARBAGE = {
    "text": HEADER.encode(),
    "a zip of something else": zipped(a=b"x"),
    "cut short": GOOD[: len(GOOD) // 2],
    "the old format": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "noise": bytes(range(256)) * 20,
    "broken inside": GOOD.replace(b"PK\x01\x02", b"PK\x01\x03", 1),
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_workbook_ends_in_one_message(land, data):
    with pytest.raises(ExportsError, match="vihko.xlsx: is not a readable XLSX workbook\n  Remedy: save it again"):
        land(data, SHEET)


# Whatever the file holds: the same as an independent reader, and books that balance

PIECES = [
    b'"',
    b'""',
    b";",
    b"\n",
    b"\r\n",
    b"\r",
    b"a",
    b"1",
    b" ",
    b"\t",
    b"-",
    b"\0",
    b"\x01",
    b"\x1f",
    b"\xff",
    b"\x81",
    b"\xe2\x82",
]
PIECES += [
    one.encode()
    for one in ("\u00e4", "\u20ac", "\u00a0", "\ufeff", "n/a", HEADER, ";;\n", '"";" ";""\n', "1;x;y\n", "2;x;y;;\r\n")
]
PIECES += [
    one.encode()
    for one in (
        '3;"a;b";c\n',
        '4;"a\nb";c\n',
        '"5\n";"\n;";"6"\r\n',
        '7;"a\n',
        'b";c\n',
        '8;a"b;"c""d"\n',
        "9;a\n",
        "0;a;b;c\n",
    )
]
STARTS = [b"", b"\n", b" \r\n", b";;\n", b"\xef\xbb\xbf", b'"";""\n']
HEADS = [
    HEADER.encode(),
    HEADER.replace("\n", "\r\n").encode(),
    b'"Numero"; Nimi ;"Huom\n"\n',
    b"Nimi;Numero;Muu;Huom;\n",
    b"Huom;Huom;Numero\n",
]

files = st.builds(
    lambda start, head, body: start + head + b"".join(body),
    st.sampled_from(STARTS),
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(PIECES), max_size=60),
)
nasty = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def quoted_cell_with_spaces_after_it(quoted_cell):
    """The oracle's reader of a quoted cell; spaces after the closing quote are no text."""

    def read(data, place):
        cell = quoted_cell(data, place)
        if cell is None:
            return None
        rest = data[cell[1] :]
        return cell[0], cell[1] + len(rest) - len(rest.lstrip(b" \t"))

    return read


def expected(data: bytes, encoding: str, delimiter: str, declared: set[str]):
    """(rows, lines of rejected rows) by the plain reader of tests/oracle, cells without surrounding white space; None where
    the file is refused."""
    rows = [row for row in reading.csv_rows(data, encoding, delimiter) if not row.is_blank()]
    header = reading._without_empty_end(rows[0].cells)
    if any("\r" in title for title in header):
        return None
    known = list(dict.fromkeys(title for title in header if title in declared))
    undeclared = len(header) - len(known)
    wide = len(rows[0].cells) if undeclared else reading.width_of_rows(rows[0], rows[1:])
    if undeclared and reading.may_be_moved(rows, header, [None] * undeclared, len(declared) - len(known)):
        wide = -1
    good, rejected = [], []
    text = data if data.endswith((b"\n", b"\r")) else data + b"\r\n"
    line_end = "\r\n" if text.count(b"\r\n") == text.count(b"\n") else "\n"
    for row in rows[1:]:
        cells = None if row.cells is None else reading._without_empty_end(row.cells)
        if cells is None or len(row.cells) != wide or len(cells) > len(header) or cells == header:
            rejected.append(row.line)
        else:
            good.append((row.line, *(cell.replace("\r\n", line_end) for cell in row.cells[: len(header)])))
    return good, rejected


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with landing(tmp_path_factory.mktemp("nasty")) as place:
        yield place


@settings(nasty, max_examples=200)
@given(
    data=files,
    encoding=st.sampled_from(["utf-8", "windows-1252"]),
    comma=st.booleans(),
    size=st.sampled_from([40, 2**26]),
)
def test_any_file_is_read_as_an_independent_reader_reads_it(place, data, encoding, comma, size):
    contract = replace(NOTES, encoding=encoding, delimiter="," if comma else ";")
    data = data.replace(b";", b",") if comma else data
    if encoding == "windows-1252":
        data = data.removeprefix(b"\xef\xbb\xbf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PIECE_BYTES", size)
        patch.setattr(reading, "_quoted_cell", quoted_cell_with_spaces_after_it(reading._quoted_cell))
        codec = "cp1252" if encoding == "windows-1252" else encoding
        # A CR at the very end of the file is no text, whatever stands before it.
        ended = data.removesuffix(b"\r")
        found = expected(ended, codec, contract.delimiter, {column.header for column in contract.columns})
        landed = place(data, contract)
    if found is None or landed.status == "refused":
        assert found is None or place.query("select reason from feed.files")[0][0].startswith("seems to be")
        assert (landed.status, landed.rows, landed.rejected) == ("refused", [], [])
        return
    rows, rejected = found
    registered = [(line, *(cell.strip() for cell in cells)) for line, *cells in landed.rows]
    # A record that a quote too many or too few may have made is rejected, however well it can be read.
    doubted = [row[0] for row in rows if row not in registered]
    assert registered == [row for row in rows if row[0] not in doubted]
    reasons = {reason for line, reason in landed.rejected if line in doubted}
    # A doubted row says nothing of how wide rows are either: of a few rows so many may be doubted that none is trusted.
    assert reasons <= {"malformed quoting", "under a header that fits few rows"}
    assert "under a header that fits few rows" not in reasons or not registered
    assert not doubted or b'"' in data
    assert [line for line, _ in landed.rejected] == sorted(rejected + doubted)
    assert landed.books == (len(rows) + len(rejected), len(registered), len(landed.rejected))
    assert landed.lines == data.count(b"\n") + (not data.endswith(b"\n"))


def cleaned(path, size: int) -> tuple[bytes, int]:
    source = lines.Source(path)
    with path.open("rb") as content, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "LONGEST_LINE", 200)
        # What DuckDB takes off each piece it reads.
        text = b"".join(
            piece.removeprefix(b"\xef\xbb\xbf") for piece in lines.pieces(source, "utf-8", content, b"\n", size)
        )
    return text, source.lines


@settings(nasty, max_examples=300)
@given(
    data=st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from([b"x" * 90, b"x" * 150])), max_size=25).map(
        b"".join
    )
)
def test_wherever_a_file_is_cut_into_pieces_its_lines_are_the_same(place, data):
    path = place.folder / "cut.csv"
    path.write_bytes(data)
    whole = cleaned(path, 2**20)
    assert whole[1] == whole[0].decode("utf-8").count("\n")
    for size in (1, 2, 3, 5, 11, 64, 250):
        assert cleaned(path, size) == whole
