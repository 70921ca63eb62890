"""Addresses: the canonical form that an article's id is made of.

What belongs here: string work on addresses.  What does not: fetching them (http) or finding them in a page (pages).
"""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import SplitResult, quote, unquote_plus, urlsplit, urlunsplit

import tld

# Parameters that only say where a click came from: campaign marks of the common mail, advertising and analytics tools,
# named after their own documentation.  Nothing ambiguous ("ref", "source", "id") is in here: it may select the page.
TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|mkt_tok"
    r"|_hsenc|_hsmi|hsctatracking|vero_id|vero_conv|oly_anon_id|oly_enc_id|s_cid|ns_\w+|at_medium|at_campaign\w*"
    r"|at_custom\d*|ocid|cmpid|_ga|_gl|ref_src|ref_url|wt\.mc_id|wt_mc|xtor|guccounter|guce_referrer\w*",
    re.IGNORECASE,
)
MAX_ADDRESS: Final = 2_048  # characters of an address that is followed; the bound of the sitemap protocol
_PORTS: Final = {"http": 80, "https": 443}
# line ends, commands to a terminal, characters that turn the reading direction
_COMMANDS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PERCENT: Final = re.compile(r"%[0-9a-fA-F]{2}")

HIDDEN: Final = "***"  # stands where a secret was; characters that an address may hold
_MARK: Final = 10  # hex digits of a digest: enough to tell values apart, too few to find one
_MARKED: Final = re.compile(rf"\*{{3}}[0-9a-f]{{{_MARK}}}")
# Parameters whose name says that the value opens a door: keys of services, passwords, sessions, signatures of the large
# clouds and delivery networks.  Names are compared without case, hyphens, underscores and brackets.
_SECRET: Final = re.compile(
    r"\w*(?:token|secret|secretkey|signingkey|passw(?:or)?d|passphrase|passcode|apikey|accesskey(?:id)?|authkey|privatekey|subscriptionkey"
    r"|sess(?:ion)?(?:id|key)|signature|credentials?|jwt)|pass|pwd|pw|auth|authorization|bearer|sig|hmac|hdnea|hdnts|hdntl"
)
_PAGING: Final = re.compile(r"\w*(?:page|next|prev|previous|continuation|cursor|sync)token")  # selects a page
_PERHAPS_SECRET: Final = re.compile(r"key|\w+key|session|sid|code|ticket|st|se|hash")
_SPACE: Final = re.compile(r"\s")
_RUN: Final = re.compile(r"[a-zA-Z\d]{8,}")
_USERINFO: Final = re.compile(r"(?<=://)[^/?#\s]*@")
_URL_PARAMETER: Final = re.compile(r"([?&#!])([^?&#!;=/]+)=([^&#]+)")
_TEXT_PARAMETER: Final = re.compile(r"([?&#!])([^?&#!;=/\s]+)=([^&#\s'\"<>)\]]+)")
_PATH_PARAMETER: Final = re.compile(r"(;)([^?&#;=/\s]+)=([^?&#;/\s]+)")  # ";jsessionid=…"


def canonical_url(url: str) -> str:
    """The address without what does not select the page: fragment, tracking parameters, default port, user name.

    Scheme and host are lower-cased, characters outside ASCII percent-encoded; the order of parameters is kept.  An
    address that is not http(s), or is too broken to take apart, comes back as it is, without surrounding space.
    Applying it twice changes nothing.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not host:
        return url
    if ":" in host:  # IPv6
        host = f"[{host}]"
    if port is not None and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    query, fragment = _selecting(parts)
    return urlunsplit((parts.scheme, host, _encoded(parts.path) or "/", _encoded(query), _encoded(fragment)))


def to_ask(url: str) -> str:
    """The address as a page is asked for: without fragment and tracking parameters, otherwise as it is written.

    Links to one page that differ in these only are one request, on every night.
    """
    try:
        parts = urlsplit(url)
        query, fragment = _selecting(parts)
    except ValueError:
        return url
    return urlunsplit((*parts[:3], query, fragment)) if (query, fragment) != parts[3:] else url


def _selecting(parts: SplitResult) -> tuple[str, str]:
    """The query and the fragment without what does not select the page."""
    query = "&".join(p for p in parts.query.split("&") if p and not TRACKING.fullmatch(p.partition("=")[0]))
    return query, parts.fragment if parts.fragment.startswith("!") else ""  # "#!": old sites that route by fragment


def article_id(canonical: str) -> str:
    """The id of the article at a canonical address: 16 hex digits, stable for ever."""
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()[:16]


def is_web(url: str) -> bool:
    """Whether `url` is an absolute http(s) address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _PORTS and bool(parts.hostname)


def same_domain(one: str, other: str) -> bool:
    """Whether two web addresses are under one registered name, as ``feeds.paper.co.uk`` and ``www.paper.co.uk`` are.

    The list of public suffixes is the one that comes with ``tld``; of a name under none of them the last two labels
    count, and a number stands for itself.
    """
    return _site(one) == _site(other)


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    if ":" in host or host.replace(".", "").isdecimal():
        return host
    return tld.get_fld(f"http://{host}", fail_silently=True, search_private=True) or ".".join(host.split(".")[-2:])


def file_url(source_id: str, relative: str) -> str:
    """The address of a file of a source: never where it lies on this machine.  `relative` has slashes."""
    # a file name that is no UTF-8 reaches us with lone surrogates, which no table can hold
    name = relative.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return f"file:{source_id}/{_COMMANDS.sub(lambda match: quote(match[0]), name)}"


def without_secrets(url: str) -> str:
    """The address as it may be shown and stored: no user name and password, secret parameters as ``***``.

    A parameter is secret by its name (token, api_key, password, signature …).  Names that mean other things too, such
    as ``key`` or ``session``, count only with a long random value: ``session=78`` selects a page.  Since a random value
    may select one too, a short digest stands behind its ``***``: two pages never become one article.  Applying it
    twice changes nothing.
    """
    return _hidden(url, _URL_PARAMETER)


def masked(text: str) -> str:
    """A text of any kind, such as an error's message, with the secrets of every address in it hidden."""
    return _hidden(text, _TEXT_PARAMETER)


def _hidden(text: str, parameter: re.Pattern[str]) -> str:
    if "@" in text:
        text = _USERINFO.sub("", text)
    if "=" in text:
        text = _PATH_PARAMETER.sub(_hidden_parameter, parameter.sub(_hidden_parameter, text))
    return text


def _hidden_parameter(match: re.Match[str]) -> str:
    start, name, value = match.groups()
    plain = unquote_plus(value)
    said = re.sub(r"[^a-z0-9]", "", unquote_plus(name).casefold())
    if _PAGING.fullmatch(said):
        return match[0]
    if _SECRET.fullmatch(said):
        return f"{start}{name}={HIDDEN}"
    if _PERHAPS_SECRET.fullmatch(said) and _is_random(plain) and not _MARKED.fullmatch(plain):
        return f"{start}{name}={HIDDEN}{hashlib.sha256(plain.encode('utf-8', 'replace')).hexdigest()[:_MARK]}"
    if plain != value and (safe := without_secrets(plain)) != plain:  # an address inside an address
        return f"{start}{name}={quote(safe, safe='')}"
    return match[0]


def _is_random(value: str) -> bool:
    """Whether nobody made the value up: long, without spaces, with a run of letters and digits together."""
    if len(value) < 16 or _SPACE.search(value):
        return False
    return any(not run.isdigit() and not run.isalpha() for run in _RUN.findall(value))


def _encoded(text: str) -> str:
    """Percent-encode what an address may not hold, keep what is encoded already, upper-case its digits."""
    safe = quote(text, safe="%/:@!$&'()*+,;=~?[]|", errors="replace")
    return _PERCENT.sub(lambda match: match[0].upper(), safe)
