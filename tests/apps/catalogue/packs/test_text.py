import pytest

from chedai.catalogue.packs.text import (
    PACK_BYTES_MAX,
    FaultyPackError,
    decode_pack,
    read_pack,
    write_pack,
)


def errors_of(text: str) -> list[str]:
    with pytest.raises(FaultyPackError) as refused:
        read_pack(text)
    return [str(error) for error in refused.value.errors]


def test_rates_stay_text_and_grouped_amounts_become_fen() -> None:
    pack = read_pack(
        "pack: products/1\nproducts:\n  - {rate: 0.0388, day: 2026-11-23, a_fen: 20_000_00}\n"
    )

    assert pack.entries == ({"rate": "0.0388", "day": "2026-11-23", "a_fen": 2_000_000},)


def test_a_path_knows_its_line_and_a_missing_path_its_parents() -> None:
    pack = read_pack("pack: products/1\nproducts:\n  - terms:\n      code: a\n")

    assert pack.line_of("products[0].terms.code") == 4
    assert pack.line_of("products[0].terms.offers[3].term_months") == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x", "第 1 行:不支持锚点和引用"),
        ("pack: products/2\nproducts: [1]", "第 1 行(pack):不认识的包类型"),
        ("pack: products/1\nproducts: []", "第 2 行(products):products 应为列表"),
        ("- 1", "开头应写 pack"),
        ("pack: products/1\nproducts: [", "YAML 写法有误"),
        ("pack: products/1\nproducts:\n - a: 1\n   a: 2", "第 4 行(products[0].a):字段 a 写了两次"),
        ("pack: !!python/object:os.system x", "不支持的标签"),
        ("[" * 400, "嵌套层数过多"),
        ("pack: \x00", "不允许的字符"),
        ("pack: products/1\nproducts: {? [a] : 1}", "字段名应为文字"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text: str, said: str) -> None:
    assert any(said in error for error in errors_of(text))


def test_a_billion_laughs_are_not_expanded() -> None:
    bomb = 'a: &a ["x","x"]\nb: &b [*a,*a]\nc: [*b,*b]\n'

    assert "锚点" in errors_of(bomb)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert decode_pack("name: 云岭银行".encode(encoding)) == "name: 云岭银行"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (b" \n", "空的"),
        (b"\xff\xff\xff", "编码"),
        (b"a" * (PACK_BYTES_MAX + 1), "1 MB"),
    ],
)
def test_a_file_that_cannot_be_text_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(FaultyPackError, match=said):
        decode_pack(content)


@pytest.mark.parametrize(
    "value",
    [
        "0.03",
        "0",
        "12",
        "true",
        "null",
        "",
        "a: b",
        "a #b",
        "云岭(虚构)",
        "x, y",
        '"q"',
        "-1",
        "*a",
        "多\n行",
        "{a}",
    ],
)
def test_any_text_comes_back_as_it_was_written(value: str) -> None:
    entries = [
        {
            "text": value,
            "list": [value],
            "deep": {"one": value, "two": 2, "three": True, "four": None},
        }
    ]

    assert list(read_pack(write_pack("lenders/1", {"note": value}, entries)).entries) == entries
