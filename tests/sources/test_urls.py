from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.urls import masked, same_domain, without_secrets

UUID = "550e8400-e29b-41d4-a716-446655440000"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:open@paper.example/x?a=1", "http://paper.example/x?a=1"),
        ("http://me:op@en@paper.example/x", "http://paper.example/x"),
        ("http://me@paper.example", "http://paper.example"),
        ("https://paper.example/x?token=s3&b=2", "https://paper.example/x?token=***&b=2"),
        ("https://paper.example/x?b=2&Access-Token=s3", "https://paper.example/x?b=2&Access-Token=***"),
        ("https://paper.example/x?access%5Ftoken=s3", "https://paper.example/x?access%5Ftoken=***"),
        ("https://paper.example/x?auth[token]=s3", "https://paper.example/x?auth[token]=***"),
        ("https://paper.example/x?apiKey=s3&api_key=s3", "https://paper.example/x?apiKey=***&api_key=***"),
        ("https://paper.example/x?password=s3&pwd=s3&pass=s3", "https://paper.example/x?password=***&pwd=***&pass=***"),
        ("https://paper.example/x?client_secret=s3?s3", "https://paper.example/x?client_secret=***"),
        ("https://paper.example/x?token=s3 s3", "https://paper.example/x?token=***"),
        ("https://paper.example/x?X-Amz-Signature=s3&x=1", "https://paper.example/x?X-Amz-Signature=***&x=1"),
        ("https://paper.example/x?sig=s3&jwt=s3&auth=s3", "https://paper.example/x?sig=***&jwt=***&auth=***"),
        ("https://paper.example/x#access_token=s3", "https://paper.example/x#access_token=***"),
        ("https://paper.example/x;jsessionid=S3?page=2", "https://paper.example/x;jsessionid=***?page=2"),
        ("https://paper.example/x?PHPSESSID=s3", "https://paper.example/x?PHPSESSID=***"),
        (f"https://paper.example/x?session={UUID}", "https://paper.example/x?session=***a3a9e1ed97"),
        ("https://paper.example/x?key=AbCd1234EfGh5678", "https://paper.example/x?key=***1b979e4ca0"),
        (
            "https://go.example/?to=https%3A%2F%2Fpaper.example%2F%3Ftoken%3Ds3%26a%3D1",
            "https://go.example/?to=https%3A%2F%2Fpaper.example%2F%3Ftoken%3D%2A%2A%2A%26a%3D1",
        ),
        ("http://me:open@[::1/?token=s3", "http://[::1/?token=***"),
    ],
)
def test_secrets_are_hidden(url: str, shown: str) -> None:
    assert without_secrets(url) == shown
    assert without_secrets(shown) == shown


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/",
        "https://paper.example/tokens/key=1?id=5&sid=12345",
        "https://paper.example/records?session=78&meeting=12",
        "https://paper.example/?key=security-council-meets-in-2026",
        "https://paper.example/?pageToken=CAUQAA&next_page_token=7",
        "https://paper.example/?code=1234567890123456789",
        "https://paper.example/?author=Vela&passage=3&authority=4&keyword=treaty&signed=1",
        "https://paper.example/@desk/story?q=a@b.example",
        "https://paper.example/?token=",
        "file:desk/token=5.txt",
        "",
    ],
)
def test_what_selects_a_page_is_kept(url: str) -> None:
    assert without_secrets(url) == url


def test_values_that_may_select_a_page_stay_apart() -> None:
    one, other = (without_secrets(f"https://paper.example/view?newsKey={key}") for key in ("9f" * 9, "7c" * 9))
    assert one != other
    assert "9f9f" not in one
    assert without_secrets("https://paper.example/?key=***9f9f9f9f9f9f9f9f9f").count("9f9f") == 0, "no way round"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.paper.co.uk/a", "http://feeds.paper.co.uk/rss", True),
        ("https://paper.co.uk/", "https://other.co.uk/", False),
        ("https://mfa.gov.example/", "https://www.gov.example/", True),
        ("http://192.0.2.1/a", "http://192.0.2.1:8080/b", True),
        ("http://192.0.2.1/a", "http://198.51.2.1/a", False),
        ("http://[2001:db8::1]/", "http://[2001:db8::2]/", False),
        ("http://localhost/", "http://localhost:81/", True),
    ],
)
def test_addresses_of_one_site(one: str, other: str, same: bool) -> None:
    assert same_domain(one, other) is same


def test_secrets_in_the_text_of_an_error() -> None:
    text = "GET 'https://me:open@a.example/x?token=s3' failed, then (http://b.example/?api_key=s3); ask desk@b.example"
    assert masked(text) == (
        "GET 'https://a.example/x?token=***' failed, then (http://b.example/?api_key=***); ask desk@b.example"
    )


@given(st.text(alphabet="ab1?&#;=/:@.%5Ftoken*", max_size=60))
def test_hiding_twice_changes_nothing(text: str) -> None:
    once = without_secrets("http://a.example/" + text)
    assert without_secrets(once) == once
