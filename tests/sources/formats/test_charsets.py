from __future__ import annotations

import time

import pytest

from sources.formats.charsets import BinaryContent, decode

RUSSIAN = "Министр прибыл в Осло в понедельник и встретился с послом. Стороны обсудили портовые сборы."
UKRAINIAN = "Міністр прибув до Осло в понеділок і зустрівся з послом. Сторони обговорили портові збори."
GREEK = "Ο υπουργός έφτασε στο Όσλο τη Δευτέρα και συναντήθηκε με τον πρέσβη της γειτονικής χώρας."
HEBREW = "השר הגיע לאוסלו ביום שני ונפגש עם השגריר. הצדדים דנו בדמי הנמל והסכימו להמשיך בשיחות."
ARABIC = "وصل الوزير إلى أوسلو يوم الاثنين والتقى السفير. وناقش الجانبان رسوم الموانئ واتفقا على اللقاء."
JAPANESE = "大臣は月曜日にオスロに到着し、隣国の大使と会談した。双方は港湾使用料について話し合った。"
CHINESE = "部长星期一抵达奥斯陆，会见了邻国大使。双方讨论了港口费用问题，同意下个月继续举行会谈。"
TRADITIONAL = "部長星期一抵達奧斯陸，會見了鄰國大使。雙方討論了港口費用問題，同意下個月繼續舉行會談。"
KOREAN = "장관은 월요일 오슬로에 도착하여 이웃 나라 대사와 회담했다. 양측은 항만 사용료를 논의했다."
THAI = "รัฐมนตรีเดินทางถึงกรุงออสโลเมื่อวันจันทร์และพบกับเอกอัครราชทูต ทั้งสองฝ่ายหารือเรื่องท่าเรือ"
POLISH = "Minister przybył w poniedziałek do Oslo i spotkał się z ambasadorem. Omówiono opłaty, żeglugę i połów śledzi."
ROMANIAN = "Ministrul a sosit luni şi s-a întâlnit cu ambasadorul ţării vecine. Părţile au discutat şi taxele portuare."
TURKISH = "Dışişleri Bakanı pazartesi günü Oslo'ya geldi ve komşu ülkenin büyükelçisiyle görüştü. Taraflar anlaştı."
WESTERN = (
    "Le ministre est arrivé à Paris.",
    "Der Außenminister traf am Montag ein und führte Gespräche über Hafengebühren.",
    "Båda sidor diskuterade avgifterna och enades om att fortsätta överläggningarna.",
    "Il ministro è arrivato lunedì. Perché no, ha detto: così è più facile.",
    "Les parts van debatre les taxes portuàries, però també hi haurà més reunions.",
    "Báðir aðilar ræddu hafnargjöld og ákváðu að halda áfram viðræðum.",
    "“We’re in no hurry,” he said – and left.",
    "We don’t know.",
    "20° C",
    "©",
)
OLD = (
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "iso8859-5"),
    (RUSSIAN, "cp866"),
    (UKRAINIAN, "cp1251"),
    (UKRAINIAN, "koi8-u"),
    (GREEK, "cp1253"),
    (GREEK, "iso8859-7"),
    (HEBREW, "cp1255"),
    (ARABIC, "cp1256"),
    (ARABIC, "iso8859-6"),
    (JAPANESE, "cp932"),
    (JAPANESE, "euc_jp"),
    (CHINESE, "gb2312"),
    (TRADITIONAL, "big5"),
    (KOREAN, "cp949"),
    (THAI, "cp874"),
    (POLISH, "cp1250"),
    (POLISH, "iso8859-2"),
    (ROMANIAN, "cp1250"),
    (TURKISH, "cp1254"),
)


@pytest.mark.parametrize(
    ("content", "declared", "language", "text", "guessed"),
    [
        ("Zoë met Łukasz".encode(), None, None, "Zoë met Łukasz", False),
        (b"\xef\xbb\xbfplain", None, None, "plain", False),
        ("Zoë".encode("utf-16"), None, None, "Zoë", False),
        ("“Olá”, said José".encode("cp1252"), "windows-1252", None, "“Olá”, said José", False),
        ("“Olá”, said José".encode("cp1252"), "iso-8859-1", None, "“Olá”, said José", False),
        ("“Olá”, said José".encode("cp1252"), "utf-8", None, "“Olá”, said José", True),
        ("Москва".encode("cp1251"), "koi-nonsense", "ru", "Москва", True),
        ("Москва".encode("koi8-r"), "koi8-r", "ru", "Москва", False),
        ("東京".encode("cp932"), None, "ja", "東京", True),
        (("Präsident " * 9).encode() + b"\xff", None, None, "Präsident " * 9 + "\ufffd", True),
        (b"caf\xe9", "base64", None, "café", True),
        (b"one\r\ntwo\r", None, None, "one\r\ntwo\r", False),
        ("Two words".encode("utf-16-le"), None, None, "Two words", False),
        ("Two words".encode("utf-16-be"), None, None, "Two words", False),
        ("Две речи".encode("utf-16-le"), "utf-16", None, "Две речи", False),
        ("Две речи".encode("utf-16-be"), "utf-16", None, "Две речи", False),
        ("会談は東京で。".encode("iso2022_jp"), "ISO-2022-JP", None, "会談は東京で。", False),
    ],
)
def test_character_sets(content: bytes, declared: str | None, language: str | None, text: str, guessed: bool) -> None:
    decoded = decode(content, [declared], language)
    assert (decoded.text, decoded.guessed) == (text, guessed)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 x", b"\x89PNG\r\n", b"PK\x03\x04", bytes(range(256)) * 4, b"a\x00b\x00c\x00", b"\x1f\x8b\x08"],
)
def test_what_is_no_text(content: bytes) -> None:
    with pytest.raises(BinaryContent):
        decode(content)


@pytest.mark.parametrize("declared", [None, "utf-8", "no-such-set"])
@pytest.mark.parametrize("language", [None, "en"])
@pytest.mark.parametrize(("text", "charset"), OLD)
def test_text_in_an_old_set_that_nothing_names(text: str, charset: str, language: str, declared: str) -> None:
    text = text.encode(charset, "ignore").decode(charset)  # ISO 8859-6 has no Arabic comma
    decoded = decode(f"<html><head><title>x</title></head><p>{text}</p></html>".encode(charset), [declared], language)
    assert decoded.text == f"<html><head><title>x</title></head><p>{text}</p></html>"
    assert decoded.guessed


@pytest.mark.parametrize(("text", "charset"), OLD)
def test_a_true_declaration_is_believed(text: str, charset: str) -> None:
    for said in (text, text[:9]):
        content = said.encode(charset, "ignore")
        decoded = decode(content, [charset], "en")
        assert decoded.text == content.decode(charset)
        assert decoded.guessed is False


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize(("declared", "guessed"), [("iso-8859-1", False), ("windows-1252", False), (None, True)])
def test_western_text_is_left_alone(text: str, declared: str | None, guessed: bool) -> None:
    decoded = decode(text.encode("cp1252"), [declared])
    assert (decoded.text, decoded.charset, decoded.guessed) == (text, "cp1252", guessed)


@pytest.mark.parametrize("declared", ["punycode", "idna", "unicode_escape", "raw-unicode-escape", "undefined", "utf-7"])
def test_what_is_no_character_set_is_not_read_as_one(declared: str) -> None:
    begun = time.process_time()
    assert decode(b"caf\xe9-" + b"a" * 300_000, [declared]).charset == "cp1252"
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "charset", "declared", "language"),
    [
        (RUSSIAN, "cp1251", "iso-8859-1", None),
        (RUSSIAN, "koi8-r", "windows-1251", None),
        (RUSSIAN, "cp1251", "koi8-r", None),
        (GREEK, "cp1253", "iso-8859-15", None),
        (JAPANESE, "euc_jp", "iso-8859-1", None),
        (CHINESE, "gb18030", "iso-8859-1", None),
        (JAPANESE, "euc_jp", "gb2312", None),
        (POLISH, "cp1250", "iso-8859-1", "pl"),
        (ROMANIAN, "cp1250", "iso-8859-1", "ro"),
        (TURKISH, "cp1254", "iso-8859-1", "tr"),
    ],
)
def test_a_declaration_that_makes_nonsense_is_doubted(
    text: str, charset: str, declared: str, language: str | None
) -> None:
    decoded = decode(text.encode(charset), [declared], language)
    assert (decoded.text, decoded.guessed) == (text, True)


@pytest.mark.parametrize(
    ("text", "charset", "language"), [("Москва", "koi8-r", "ru"), ("東京", "euc_jp", "ja"), ("שלום", "cp1255", "he")]
)
def test_a_word_is_read_by_its_language(text: str, charset: str, language: str) -> None:
    assert decode(text.encode(charset), [], language).text == text


@pytest.mark.parametrize(("text", "charset"), [(JAPANESE, "euc_jp"), (KOREAN, "cp949"), (GREEK, "cp1253")])
@pytest.mark.parametrize("declared", [True, False])
def test_a_broken_byte_does_not_change_the_set(text: str, charset: str, declared: bool) -> None:
    decoded = decode((text * 3).encode(charset) + b"\xff.", [charset] if declared else [])
    assert decoded.text.startswith(text * 3)
    assert decoded.guessed


def test_broken_utf_8_is_not_read_as_what_it_is_not() -> None:
    decoded = decode(RUSSIAN.encode() + b"\xd0", ["windows-1251"])
    assert (decoded.text, decoded.guessed) == (RUSSIAN + "\ufffd", True)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [RUSSIAN, GREEK, HEBREW, ARABIC, JAPANESE, CHINESE, TRADITIONAL, KOREAN, THAI])
def test_utf_16_that_nothing_names(text: str, charset: str) -> None:
    decoded = decode(text.encode(charset))
    assert (decoded.text, decoded.charset, decoded.guessed) == (text, charset, True)


@pytest.mark.parametrize(
    "piece",
    [b"\x81", b"\xff", b"\x81\x30\x81\x30", b"\xe9<", b"<a \xe9", b"a" * 5000 + b"\xe9 ", RUSSIAN.encode("cp1251")],
)
@pytest.mark.parametrize("declared", [None, "iso-8859-1", "gb2312"])
def test_a_large_body_costs_little_more_than_reading_it(piece: bytes, declared: str | None) -> None:
    content = piece * (5_000_000 // len(piece))
    begun = time.process_time()
    decode(content, [declared])
    assert time.process_time() - begun < 4
