"""What is no article, and what looks like it and is one."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.archive import Capture, Origin, Role
from sources.catalog import Kind
from sources.formats.drafts import Draft, Refusal, draft_file
from sources.formats.pages import Page, read_page
from sources.log import Reason

NOW = dt.datetime(2025, 1, 1)
URL = "https://www.paper.example/world/envoys-meet-in-the-harbour-town"
PROSE = [
    f"In the {n} hour of the talks the envoys of both countries agreed to keep clause {n} of the draft, which says who "
    f"may draw water from the upper river and how the costs of bridge {n} are shared between them."
    for n in ("first", "second", "third", "fourth", "fifth", "sixth")
]
ARTICLE = "<article><h1>Envoys meet in the harbour town</h1>" + "".join(f"<p>{p}</p>" for p in PROSE) + "</article>"
MENU = "<nav><a href='/'>Home</a><a href='/world'>World</a></nav>"


def read(body: str, head: str = "", url: str = URL) -> Page:
    page = read_page(f"<html lang='en'><head>{head}</head><body>{body}</body></html>", url, NOW)
    assert page is not None
    return page


def teasers(count: int) -> str:
    return "".join(
        f"<div class='card'><h3><a href='/world/story-{n}'>Minister number {n} tells assembly of the plan</a></h3>"
        f"<p>What the plan of minister {n} would change.</p></div>"
        for n in range(count)
    )


CONSENT = (
    "<div class='con-wizard'><h1>Before you continue</h1><p>We and our partners store and/or access information on a "
    "device, such as cookies, and process personal data for personalised ads and content, ad and content measurement, "
    "and audience insights.</p><p>You can change your mind or withdraw your consent at any time in our privacy "
    "policy.</p><button>Accept all</button><button>Reject all</button><a href='#'>Manage settings</a></div>"
)


@pytest.mark.parametrize(
    ("name", "head", "body", "url", "reason"),
    [
        (
            "bot",
            "<title>Just a moment...</title>",
            "<noscript>Enable JavaScript and cookies to continue</noscript><div>www.paper.example needs to review the "
            "security of your connection before proceeding.</div><div>Ray ID: 8a1b2c</div>",
            URL,
            Reason.BOT_CHECK,
        ),
        (
            "denied",
            "<title>Access to this page has been denied</title>",
            "<p>Press & Hold to confirm you are a human (and not a bot).</p>",
            URL,
            Reason.BOT_CHECK,
        ),
        (
            "captcha",
            "<title>paper.example</title>",
            "<p>Please enable JS and disable any ad blocker</p>",
            URL,
            Reason.BOT_CHECK,
        ),
        ("consent", "<title>Paper</title>", CONSENT, URL, Reason.CONSENT_PAGE),
        (
            "consent in German",
            "<title>Mit Werbung weiterlesen</title>",
            "<h1>Mit Werbung weiterlesen</h1><p>Wir und unsere Partner speichern Informationen auf Ihrem Gerät. Ihre "
            "Einwilligung können Sie jederzeit in der Datenschutzerklärung widerrufen.</p>"
            "<button>Alle akzeptieren</button>",
            URL,
            Reason.CONSENT_PAGE,
        ),
        (
            "log-in",
            "<title>Log in | The Paper</title>",
            "<h1>Log in</h1><form><input type='email'><input type='password'><a href='/f'>Forgot your password?</a>"
            "<p>Don't have an account? <a href='/r'>Register</a></p></form>",
            URL,
            Reason.LOGIN_PAGE,
        ),
        (
            "paywall",
            "<title>Envoys meet in the harbour town | The Paper</title>",
            "<h1>Envoys meet in the harbour town</h1><div class='gate'><h2>Subscribe to continue reading</h2>"
            "<p>Already a subscriber? <a href='/l'>Log in</a></p></div>",
            URL,
            Reason.LOGIN_PAGE,
        ),
        (
            "missing",
            "<title>Page not found - The Paper</title>",
            MENU
            + "<h1>Page not found</h1><p>The page you are looking for may have been moved or deleted.</p>"
            + teasers(6),
            URL,
            Reason.NOT_FOUND_PAGE,
        ),
        (
            "missing in French",
            "<title>Erreur 404</title>",
            "<h1>Page introuvable</h1><p>La page que vous cherchez n'existe pas ou plus.</p>",
            URL,
            Reason.NOT_FOUND_PAGE,
        ),
        (
            "missing in Russian",
            "<title>404 - Вестник</title>",
            "<h1>Страница не найдена</h1><p>Запрашиваемая страница была удалена.</p>",
            URL,
            Reason.NOT_FOUND_PAGE,
        ),
        (
            "maintenance",
            "<title>Site maintenance</title>",
            "<h1>Site maintenance</h1><p>We are currently performing maintenance. Please try again later.</p>",
            URL,
            Reason.ERROR_PAGE,
        ),
        (
            "database",
            "<title>Database Error</title>",
            "<h1>Error establishing a database connection</h1>",
            URL,
            Reason.ERROR_PAGE,
        ),
        (
            "front page",
            "<title>The Paper</title>",
            MENU + f"<main>{teasers(24)}</main>",
            "https://www.paper.example/",
            Reason.LISTING_PAGE,
        ),
        (
            "section",
            "<title>World | The Paper</title>",
            MENU + f"<main><h1>World</h1><ul class='list'>{teasers(18)}</ul></main>",
            "https://www.paper.example/world",
            Reason.LISTING_PAGE,
        ),
        (
            "pur",
            "<title>Blatt am Fjord</title>",
            "<h2>Lesen Sie weiter mit Werbung</h2><p>Nutzen Sie unser Angebot wie gewohnt mit Werbung. Die Zustimmung "
            "ist jederzeit widerrufbar.</p><button>Zustimmen und weiter</button><h2>Oder ohne Werbung</h2><p>Im Abo "
            "für 5 Euro im Monat.</p>",
            URL,
            Reason.CONSENT_PAGE,
        ),
        (
            "accepter",
            "<title>Journal du port</title>",
            "<h1>Lire en acceptant la publicité</h1><p>Nous et nos 80 partenaires déposons des traceurs pour de la "
            "publicité personnalisée.</p><button>Accepter et fermer</button><button>Refuser et s'abonner</button>",
            URL,
            Reason.CONSENT_PAGE,
        ),
        (
            "rifiuta",
            "<title>Il Foglio del porto</title>",
            "<div><p>Noi e i nostri partner usiamo i dati per pubblicità personalizzata.</p><button>Accetta e continua"
            "</button><button>Rifiuta e abbonati</button></div>",
            URL,
            Reason.CONSENT_PAGE,
        ),
        (
            "press releases",
            "<title>Press releases</title>",
            "<h1>Press releases</h1><ul>"
            + "".join(
                f"<li><a href='/press/{n}'>Statement of the spokesperson on matter number {n}</a> 3 May</li>"
                for n in range(20)
            )
            + "</ul>",
            "https://mfa.example/press",
            Reason.LISTING_PAGE,
        ),
    ],
)
def test_no_article(name: str, head: str, body: str, url: str, reason: Reason) -> None:
    wall = read(body, head, url).wall
    assert wall is not None, name
    assert wall.reason is reason
    assert wall.detail
    assert reason.sentence


ROWS = [
    (f"{1 + n:02}.06.2024", f"<a href='/news/{n}'>The minister receives the envoy of league {n}</a>") for n in range(18)
]
PREVIEW = "The minister said that day what league number four would have to pay for ice, buoys and pilots in winter."


@pytest.mark.parametrize(
    "listed",
    [
        "<h1>News</h1><ul>" + "".join(f"<li><span>{day}</span> {link}</li>" for day, link in ROWS) + "</ul>",
        "<h1>News</h1><ul>" + "".join(f"<li>{link}（{day}）</li>" for day, link in ROWS) + "</ul>",
        "<h1>News</h1>" + "".join(f"<p><b>{day}</b> {link}<br>{PREVIEW}</p>" for day, link in ROWS),
        "<h1>News</h1><ul>" + "".join(f"<li>{day} {link}<p>{PREVIEW}</p></li>" for day, link in ROWS[:7]) + "</ul>",
        "<table>" + "".join(f"<tr><td>{day}</td><td>{link}</td></tr>" for day, link in ROWS) + "</table>",
        "<h1>Calendar</h1>"
        + "".join(
            f"<div><h2>{n} June 2024</h2><ul><li><a href='/m/{n}'>Party on fish {n}</a><span>Hall {n}, Harbour</span>"
            f"</li><li><a href='/k/{n}'>Group {n}</a></li></ul></div>"
            for n in range(3, 9)
        ),
    ],
    ids=["date first", "date last", "previews", "few", "table", "calendar"],
)
def test_dated_links_are_no_article(listed: str) -> None:
    wall = read(f"{MENU}<div>{listed}<div>1 2 3 … 40</div></div>", url="https://www.paper.example/news/").wall
    assert wall is not None
    assert wall.reason is Reason.LISTING_PAGE


@pytest.mark.parametrize(
    "body",
    [
        f"<div><h1>Envoys meet in the harbour town</h1><p>4 June 2024</p><p>{PROSE[0]}</p></div>"
        "<div><h3>Other news</h3><ul>" + "".join(f"<li>{day} {link}</li>" for day, link in ROWS) + "</ul></div>",
        "<article><h1>How the talks went</h1>"
        + "".join(f"<h2>{n} June 2024</h2><p>{p}</p>" for n, p in enumerate(PROSE, start=1))
        + "</article>",
        "<article><h1>How the talks went</h1><ul>"
        + "".join(
            f"<li>{n} June 2024: {p} <a href='/{n}'>The report of that day</a></li>" for n, p in enumerate(PROSE, 1)
        )
        + "</ul></article>",
    ],
    ids=["short text over a list", "days as headings", "chronology"],
)
def test_dated_things_in_and_beside_an_article(body: str) -> None:
    page = read(body)
    assert page.wall is None
    assert "draw water from the upper river" in page.text


def test_an_offer_in_the_articles_place() -> None:
    data = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The night of the envoys", '
        '"datePublished": "2024-06-06"}</script><title>Subscribe to read | The Paper</title>'
    )
    offer = (
        "<p>The night of the envoys</p><h1>Subscribe to unlock this article</h1><h2>Try unlimited access</h2><p>Only 1 "
        "for 4 weeks</p><p>Then 75 per month. Complete digital access to all that the paper writes, on any screen. End "
        "or change your plan anytime during your trial.</p><h2>Why we?</h2><p>See why so many pay to read us.</p>"
    )
    wall = read(f"<div>{offer}</div>", data).wall
    assert wall is not None
    assert wall.reason is Reason.LOGIN_PAGE
    assert read(f"<div><h1>Subscribe to unlock this article</h1></div>{ARTICLE}", data).wall is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<h1>Ministry of Harbours</h1><h2>We will be back soon</h2><p>Our website is currently undergoing scheduled "
         "maintenance. For urgent help please call us.</p>", Reason.ERROR_PAGE),
        ("<h1>Подтвердите, что запросы отправляли вы, а не робот</h1><p>Запросы с вашего устройства похожи "
         "на автоматические.</p><span>Я не робот</span>", Reason.BOT_CHECK),
    ],
)  # fmt: skip
def test_more_that_stands_in_an_articles_place(body: str, reason: Reason) -> None:
    wall = read(f"<div>{body}</div>").wall
    assert wall is not None
    assert wall.reason is reason


def test_a_teaser_before_a_paywall_is_no_article() -> None:
    teaser = f"<article><h1>Envoys meet in the harbour town</h1><p>{PROSE[0]}</p></article>"
    bar = "<div>To continue reading, log in. <input type='password'></div>"
    wall = read(teaser + bar, "<meta property='og:type' content='article'>").wall
    assert wall is not None
    assert wall.reason is Reason.LOGIN_PAGE


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", ARTICLE),
        ("", CONSENT + ARTICLE),
        ("", "<div class='banner'>Log in to continue. Forgot password? <input type='password'></div>" + ARTICLE),
        ("", ARTICLE + "<p>Please enable JavaScript to see the map.</p>" + teasers(30)),
        ("<title>Page not found: how an archive lost its map | The Paper</title>", ARTICLE),
        (
            "<title>Regulator rules on cookies</title>",
            "<article><h1>Regulator rules on cookies</h1>"
            "<p>Sites that say “we use cookies” must let readers reject all with one click, the regulator ruled.</p>"
            + "".join(f"<p>{p}</p>" for p in PROSE)
            + "</article>",
        ),
        (
            "<meta property='og:type' content='article'><meta property='article:published_time' content='2024-05-01'>",
            "<article><h1>Envoys meet in the harbour town</h1><p>The envoys met for an hour on Monday and parted "
            "without a word to the press, a spokesman for the harbour said; they will meet again on Friday in the same "
            "hall, if the weather lets their ships in.</p></article>" + teasers(12),
        ),
        (
            "<meta property='og:type' content='article'>",
            "<div id='log'><form>Log in <input type='password'><a href='/f'>Forgot your password?</a></form></div>"
            f"<article><h1>Envoys meet in the harbour town</h1><p>{PROSE[0]}</p></article>",
        ),
        (
            "<meta property='article:published_time' content='2024-05-01'>",
            f"<article><h1>Envoys meet in the harbour town</h1><p>{PROSE[0]}</p></article>" + CONSENT,
        ),
        (
            "<meta property='og:type' content='article'>",
            f"<article><h1>Envoys meet in the harbour town</h1><p>{PROSE[0]}</p></article>"
            "<noscript>Please enable JavaScript to see the comments.</noscript>",
        ),
        ("", ARTICLE.replace("Envoys meet", "Access denied: envoys wait")),
    ],
    ids=[
        "plain",
        "banner",
        "log-in box",
        "teasers",
        "title about a missing page",
        "about cookies",
        "short",
        "hidden form",
        "short, with a dialog",
        "short, with a noscript",
        "title that begins like a wall's",
    ],
)
def test_an_article_with_such_things_about_it(head: str, body: str) -> None:
    page = read(body, head)
    assert page.wall is None
    assert len(page.text.split()) > 30


def test_a_wall_is_refused_with_its_reason() -> None:
    origin = Origin("paper", Kind.FOLDER)
    content = "<title>Page not found</title><h1>Page not found</h1><p>The page you requested is gone.</p>"
    capture = Capture(NOW.date(), origin, Role.DOCUMENT, URL, "", 0, NOW, content_type="text/html")
    refusal = draft_file(capture, content.encode())
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_FOUND_PAGE
    assert refusal.detail is not None
    assert isinstance(draft_file(capture, ARTICLE.encode()), Draft)
