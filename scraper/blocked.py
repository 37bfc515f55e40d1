"""Blocked: pages that came with status 200 in the place of what was asked for. Pure.

Challenges, captchas, login walls and "unusual traffic" are pages like others, so each is known by what only it
has: an answer's header, or the markup that makes it work together with how little else there is. Words alone
never decide: an article may be about captchas, quote their pages and load a script of theirs.
"""

import re
from html import unescape

from sectionary.scraper.response import Response

_MOST_TEXT = 1500                        # characters that a door with known works says at most,
_MOST_TITLED = 600                       # and one that is known by its title
_MOST_LINKS = 8                          # links of the latter; a wiki's page has more in its menus alone
_MOST_BYTES = 400_000                    # of a door with all its scripts
_MOST_DOOR_LINKS = 100                   # links of a door with known works; most pages have more
_NEAR = 2**16                            # bytes that tell of most pages
_HEAD = 16_384                           # bytes in which a title stands

_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_UNSEEN = re.compile(
    rb"<(script|style|noscript|template|svg)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(rb"<[^<>]*>")
_LINK = re.compile(rb"<a\s", re.IGNORECASE)
_PASSWORD = re.compile(rb"""<input\b[^<>]{0,500}\btype\s*=\s*["']?password\b""", re.IGNORECASE)
_ARTICLE_NAMES = (b"mw-content-text", b"mw-parser-output")
_ARTICLE = re.compile(rb"""\bmw-parser-output\b|\bid=["']?mw-content-text\b""")

# Titles that only doors have, whole and in lower case.
_TITLES = frozenset({
    "just a moment...", "attention required! | cloudflare", "access denied", "access to this page has been denied",
    "access to this page has been denied.", "are you a robot?", "are you human?", "robot check",
    "bot verification", "human verification", "robot or human?", "verifying you are human",
    "verifying your browser...", "checking your browser", "vercel security checkpoint",
    "pardon our interruption", "pardon our interruption...", "one moment, please...", "client challenge",
    "making sure you're not a bot!", "ddos-guard", "sorry, you have been blocked", "request blocked",
    "too many requests", "unusual traffic", "captcha", "recaptcha", "百度安全验证", "安全验证", "人机验证",
    "验证码",
})  # fmt: skip
_LOGIN_TITLES = (
    "log in", "login", "sign in", "signin", "log on", "authentication required", "single sign-on", "anmelden",
    "anmeldung", "einloggen", "connexion", "se connecter", "identification", "iniciar sesión", "acceder",
    "entrar", "iniciar sessão", "accedi", "accesso", "inloggen", "aanmelden", "logga in", "logg inn", "log ind",
    "kirjaudu", "zaloguj", "logowanie", "přihlásit", "přihlášení", "войти", "вход", "авторизация", "увійти",
    "вхід", "giriş", "oturum aç", "đăng nhập", "ログイン", "登录", "登入", "用户登录", "로그인", "تسجيل الدخول",
    "ورود", "כניסה", "เข้าสู่ระบบ", "masuk", "σύνδεση",
)  # fmt: skip

# Markup by which a door works: a glance for it, what it is in, and what door it is. It stands in tags and scripts,
# where nothing does that an article only tells of.
_WORKS = (
    (b"_cf_chl_opt", re.compile(rb"<script\b[^<>]{0,500}>[^<]*\b_cf_chl_opt\b"), "cloudflare challenge"),
    (b"challenge-form", re.compile(rb"<form\b[^<>]{0,500}\bid=[\"']?challenge-form\b"), "challenge"),
    (b"_Incapsula_Resource", re.compile(rb"<(?:script|iframe)\b[^<>]{0,500}/_Incapsula_Resource\?"), "challenge"),
    (b".captcha-delivery.com", re.compile(rb"<(?:script|iframe)\b[^<>]{0,500}\.captcha-delivery\.com/"), "captcha"),
    (b"px-captcha", re.compile(rb"<[a-z]+\b[^<>]{0,500}\bid=[\"']?px-captcha\b"), "captcha"),
    (b"/.well-known/sgcaptcha", re.compile(rb"<[a-z]+\b[^<>]{0,500}/\.well-known/sgcaptcha/"), "captcha"),
    (b"/x/cmd/anubis/", re.compile(rb"<(?:script|link)\b[^<>]{0,500}/x/cmd/anubis/"), "challenge"),
    (b"gokuProps", re.compile(rb"<script\b[^<>]{0,500}>[^<]*\bgokuProps\b"), "challenge"),
    (b"captcha-form", re.compile(rb"<form\b[^<>]{0,500}\bid=[\"']?captcha-form\b"), "captcha"),
    (b"/.well-known/ddos-guard/", re.compile(rb"<(?:script|link)\b[^<>]{0,500}/\.well-known/ddos-guard/"), "challenge"),
)  # fmt: skip
_MOVES = re.compile(rb"<script\b|<noscript\b|<form\b|<meta\b[^<>]{0,200}\brefresh\b|&#32;&#35;[0-9a-f]", re.IGNORECASE)

# What MediaWiki answers in a page's place to those who may not read it.
_SPECIAL = re.compile(rb"<body\b[^<>]{0,2000}\bmw-special-(Userlogin|CreateAccount|Badtitle)\b")
_HEADERS = (("cf-mitigated", "challenge"), ("x-amzn-waf-action", "challenge"), ("x-amzn-waf-action", "captcha"))


def block(answer: Response) -> str | None:
    """Say that an answer is a door in the place of a page ("blocked: captcha", "blocked: login"), or None."""
    for name, value in _HEADERS:
        if (answer.header(name) or "").lower() == value:
            return f"blocked: {value}"
    body = answer.body
    start = body.find(b"<body")
    if start >= 0 and (special := _SPECIAL.match(body, start)):
        return "blocked: error page" if special[1] == b"Badtitle" else "blocked: login"
    if len(body) > _MOST_BYTES or (len(body) > _NEAR and _is_page(body[:_NEAR])) or _is_page(body):
        return None
    kind = _works(body) or _titled(body, _title(body))
    return f"blocked: {kind}" if kind else None


def _is_page(body: bytes) -> bool:
    """Tell whether there are more links than a door has, or a wiki's article."""
    if body.count(b"</a>") > _MOST_DOOR_LINKS:
        return True
    return any(name in body for name in _ARTICLE_NAMES) and _ARTICLE.search(body) is not None


def _works(body: bytes) -> str | None:
    found = (kind for glance, works, kind in _WORKS if glance in body and works.search(body))
    kind = next(found, None)
    return kind if kind and _says_at_most(_MOST_TEXT, body) else None


def _titled(body: bytes, title: str) -> str | None:
    if title.startswith(_LOGIN_TITLES):
        return "login" if _PASSWORD.search(body) and _says_at_most(_MOST_TEXT, body) else None
    if title not in _TITLES or not _MOVES.search(body) or len(_LINK.findall(body)) > _MOST_LINKS:
        return None
    return "captcha" if _says_at_most(_MOST_TITLED, body) else None


def _says_at_most(characters: int, body: bytes) -> bool:
    """Tell whether a page says hardly anything to its reader."""
    text = b" ".join(_TAG.sub(b" ", _UNSEEN.sub(b" ", body)).split())
    return len(text.decode("utf-8", "replace")) <= characters


def _title(body: bytes) -> str:
    found = _TITLE.search(body, 0, _HEAD)
    return " ".join(unescape(found[1].decode("utf-8", "replace")).lower().split()) if found else ""
