from __future__ import annotations

import pytest

from sources.formats.language import declared_language, detect

SENTENCES = {
    "ar": "التقى وزير الخارجية المصري نظيره السعودي في القاهرة.",
    "de": "Berlin weist zwei Diplomaten aus.",
    "en": "The two ministers will meet again in Lusaka.",
    "es": "España expulsa a dos diplomáticos de Ruritania.",
    "fa": "وزیر امور خارجه ایران با همتای خود در تهران دیدار کرد.",
    "fr": "Paris rappelle son ambassadeur.",
    "hi": "विदेश मंत्री ने मॉस्को में अपने समकक्ष से मुलाकात की।",
    "ja": "日本の外相は東京でアメリカの国務長官と会談した。",
    "ko": "한국 외교부 장관이 서울에서 장관을 만났다.",
    "pl": "Minister spraw zagranicznych spotkał się w Warszawie z posłem.",
    "pt": "O ministro reuniu-se com o embaixador em Brasília.",
    "ru": "Москва отзывает посла.",
    "tr": "Dışişleri Bakanı dün Ankara'da elçi ile görüştü.",
    "uk": "Міністр закордонних справ України прибув до Варшави.",
    "zh": "外交部长在北京会见了国务卿。",
}


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("declared", [None, "right", "en"])
def test_one_sentence_is_enough(language: str, declared: str | None) -> None:
    assert detect(SENTENCES[language], language if declared == "right" else declared) == language


@pytest.mark.parametrize(
    "text",
    [
        "Xu meets Ngo.",
        "Szijja, Orbat and Vucinic meet in Subotica.",
        "Jayasinghe meets Ould Lemrabott in Nouakchott.",
        "Kagabo, Tshibanda sign Luanda pact.",
    ],
)
def test_foreign_names_do_not_make_a_text_foreign(text: str) -> None:
    assert detect(text, "en") == "en"
    assert detect(text) in ("en", None)


def test_no_letters_no_language() -> None:
    assert detect("12 : 34 …") is None
    assert detect("12 : 34 …", "fr") == "fr"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ("FR", "fr"),
        ("nb", "no"),
        ("english", None),
        ("", None),
        (7, None),
        ("xx", None),
    ],
)
def test_declarations(written: object, code: str | None) -> None:
    assert declared_language(written) == code
