"""The data dictionary is the schema, written out."""

from warehouse import codes, dictionary, schema, views


def test_the_page_is_up_to_date():
    assert dictionary.PAGE.read_text("utf-8") == dictionary.markdown(), "run: python -m warehouse.dictionary"


def test_the_page_names_every_table_column_view_and_code():
    page = dictionary.markdown()
    sections = {part.split("\n", 1)[0]: part for part in page.split("\n### ")[1:]}
    for table in schema.TABLES.values():
        assert table.excludes[1:] in sections[table.name]
        for column in table.columns:
            assert f"| `{column.name}` | `{column.type}` | {column.comment} |" in sections[table.name]
    for view in views.load_views():
        assert view.comment in sections[view.name]
        for column in view.columns:
            assert f"| `{column}` |" in sections[view.name]
    for code_list in codes.CODE_LISTS:
        for code in code_list.codes:
            assert f"| `{code}` |" in sections[code_list.name]


def test_a_bar_in_a_text_does_not_break_its_table():
    lines = dictionary._table(("a", "b"), [("one | two", "three")]).splitlines()
    assert lines[2] == "| one \\| two | three |"
