from __future__ import annotations

from datetime import date

import pytest

from chedai.policy.reading import PolicyFileError, parameter_from, read_mapping, source_from

SOURCE = {
    "id": "some-law",
    "kind": "law",
    "instrument": "某法",
    "issuer": "某机关",
    "number": None,
    "dated_on": date(2020, 1, 1),
    "absent": {"number": "法律以名称引用"},
    "in_force_on": date(2020, 6, 1),
    "repealed_on": date(2027, 1, 1),
    "was_text_read": True,
    "articles": {
        "第一条": {"gist": "读过", "was_text_read": True},
        "第二条": {"gist": "没读过", "was_text_read": False},
    },
}
ENTRY = {"value": "0.70", "source": "some-law", "clause": "第一条"}
PARAMETER = {
    "id": "some_ratio",
    "label": "某比例",
    "unit": "ratio",
    "checked_on": date(2026, 11, 20),
    "values": {date(2026, 1, 1): ENTRY},
}


def read_source(**changes):
    return source_from(SOURCE | changes, file_name="some-law.yaml")


def read_parameter(**changes):
    return parameter_from(
        PARAMETER | changes,
        file_name="some_ratio.yaml",
        sources={
            "some-law": read_source(),
            "unread": read_source(was_text_read=False, articles={}),
        },
        origin="shipped",
    )


def read_entry(**changes):
    return read_parameter(values={date(2026, 1, 1): ENTRY | changes}).entries[0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "other-law"}, "文件名"),
        ({"kind": "rumour"}, "kind"),
        ({"instrument": " "}, "instrument"),
        ({"issuer": None}, "issuer"),
        ({"number": "某令第1号"}, "absent"),
        ({"absent": {}}, "absent"),
        ({"absent": []}, "对照表"),
        ({"dated_on": "2020-01-01"}, "dated_on"),
        ({"in_force_on": None}, "in_force_on"),
        ({"repealed_on": date(2020, 6, 1)}, "repealed_on"),
        ({"was_text_read": "yes"}, "was_text_read"),
        ({"was_text_read": False}, "整篇未读"),
        ({"articles": {"第一条": "读过"}}, "第一条"),
        ({"articles": {"第一条": {"gist": "读过"}}}, "was_text_read"),
        ({"url": "somewhere"}, "不认识的键"),
    ],
)
def test_a_source_with_a_slip_is_refused_by_name(changes, reason):
    with pytest.raises(PolicyFileError, match=reason):
        read_source(**changes)


def test_a_source_must_say_that_it_has_no_number():
    raw = {key: value for key, value in SOURCE.items() if key != "number"}

    with pytest.raises(PolicyFileError, match="没有时写 null"):
        source_from(raw, file_name="some-law.yaml")


@pytest.mark.parametrize(
    ("article", "was_read"), [("第一条", True), ("第二条", False), ("第三条", True)]
)
def test_an_article_is_read_as_its_own_line_says(article, was_read):
    assert read_source().was_read(article) is was_read


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "other_ratio"}, "文件名"),
        ({"unit": "percent"}, "unit"),
        ({"label": ""}, "label"),
        ({"checked_on": None}, "checked_on"),
        ({"values": {}}, "values 为空"),
        ({"values": []}, "values"),
        ({"values": {"2026": ENTRY}}, "键须为日期"),
        ({"values": {date(2026, 1, 1): "0.70"}}, "缺少 value"),
        ({"unti": "ratio"}, "不认识的键"),
    ],
)
def test_a_parameter_with_a_slip_is_refused_by_name(changes, reason):
    with pytest.raises(PolicyFileError, match=reason):
        read_parameter(**changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": 0.7}, "带引号"),
        ({"source": "no-such-law"}, "no-such-law"),
        ({"clause": None}, "clause"),
        ({"scope": {"colour": "red"}}, "colour"),
        ({"scope": {"power": "steam"}}, "steam"),
        ({"scope": {"power": []}}, "power"),
        ({"ends_on": date(2025, 12, 31)}, "ends_on"),
        ({"source": "unread", "was_text_read": True}, "不能标为已读"),
        ({"clause": "第二条", "was_text_read": True}, "不能标为已读"),
        ({"noet": "x"}, "不认识的键"),
    ],
)
def test_a_value_with_a_slip_is_refused_by_name(changes, reason):
    with pytest.raises(PolicyFileError, match=reason):
        read_entry(**changes)


def test_a_value_may_not_begin_when_its_source_is_repealed():
    with pytest.raises(PolicyFileError, match="废止"):
        read_parameter(values={date(2027, 1, 1): ENTRY})


@pytest.mark.parametrize(
    ("changes", "was_read"),
    [
        ({}, True),
        ({"was_text_read": False}, False),
        ({"clause": "第二条"}, False),
        ({"source": "unread"}, False),
        ({"ends_on": date(2026, 1, 1)}, True),
    ],
)
def test_a_value_claims_no_more_reading_than_its_text(changes, was_read):
    assert read_entry(**changes).was_text_read is was_read


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\na: 2\n", "键重复"),
        ("values:\n  2026-01-01: 1\n  2026-01-01: 2\n", "键重复"),
        ("- a\n", "对照表"),
        ("a: [1\n", "YAML"),
        ("a: !!python/object:builtins.object {}\n", "YAML"),
    ],
)
def test_a_file_that_hides_something_is_refused(tmp_path, text, reason):
    path = tmp_path / "some.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(PolicyFileError, match=reason):
        read_mapping(path)
