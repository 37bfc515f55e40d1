"""Titles as people write them and what a wiki makes of them, in English with capital first letters.

Held to our rules by test_titles.py and to a real MediaWiki by the integration tests.
"""

PAIRS = [
    ("Foo", "Foo"), ("foo", "Foo"), ("foo bar", "Foo_bar"), ("Foo_bar", "Foo_bar"), ("  foo   bar  ", "Foo_bar"),
    ("__foo__bar__", "Foo_bar"), ("foo _ bar", "Foo_bar"), ("foo\u00a0bar", "Foo_bar"), ("foo\u2003bar", "Foo_bar"),
    ("foo\u3000bar", "Foo_bar"), ("foo\u202fbar", "Foo_bar"), ("foo\u1680bar", "Foo_bar"), ("foo\u200ebar", "Foobar"),
    ("\u202afoo\u202c", "Foo"), (":foo", "Foo"), (": foo", "Foo"), ("Foo/bar", "Foo/bar"), ("foo/Bar/baz", "Foo/Bar/baz"),
    ("AC/DC", "AC/DC"), ("C++", "C++"), ("What?", "What?"), ("A & B", "A_&_B"), ("100%", "100%"), ("50% off", "50%_off"),
    ("It's", "It's"), ('"x"', '"x"'), ("a,b;c", "A,b;c"), ("(a)", "(a)"), ("$1", "$1"), ("*", "*"), ("!", "!"),
    ("a=b", "A=b"), ("a@b", "A@b"), ("~", "~"), ("a~~b", "A~~b"), ("^", "^"), ("`a`", "`a`"), ("\\a", "\\a"),
    ("Café", "Café"), ("Cafe\u0301", "Café"), ("é", "É"), ("ébauche", "Ébauche"), ("ø", "Ø"), ("я", "Я"), ("яма", "Яма"),
    ("ω", "Ω"), ("日本", "日本"), ("العربية", "العربية"), ("עברית", "עברית"), ("한국어", "한국어"), ("ǆ", "Ǆ"),
    ("ÿ", "Ÿ"), ("ñandú", "Ñandú"), ("čeština", "Čeština"), ("ł", "Ł"), ("þ", "Þ"), ("æ", "Æ"), ("œuf", "Œuf"),
    ("...", "..."), (".foo", ".foo"), ("foo.", "Foo."), ("..foo", "..foo"), ("foo..bar", "Foo..bar"), ("a/.b", "A/.b"),
    ("a.b/c", "A.b/c"), ("/foo", "/foo"), ("foo/", "Foo/"), ("//", "//"), ("1", "1"), ("0", "0"), ("-", "-"), ("2:1", "2:1"),
    ("a:b", "A:b"), ("a: b", "A:_b"), ("Foo: the bar", "Foo:_the_bar"), ("talk:foo", "Talk:Foo"), ("TALK:foo", "Talk:Foo"),
    ("Talk: foo", "Talk:Foo"), ("Talk :foo", "Talk:Foo"), ("Talk_:_foo", "Talk:Foo"), (":Talk:foo", "Talk:Foo"),
    ("user talk:foo", "User_talk:Foo"), ("User_Talk:foo bar", "User_talk:Foo_bar"), ("user  talk:foo", "User_talk:Foo"),
    ("file:foo.png", "File:Foo.png"), ("image:foo.png", "File:Foo.png"), ("IMAGE:foo.png", "File:Foo.png"),
    ("image talk:x.png", "File_talk:X.png"), ("category:foo", "Category:Foo"), ("Category: foo bar ", "Category:Foo_bar"),
    ("help:contents", "Help:Contents"), ("template:a", "Template:A"), ("mediawiki:common.css", "MediaWiki:Common.css"),
    ("media:x.png", "Media:X.png"), ("user:192.168.000.001", "User:192.168.0.1"), ("user:::1", "User:0:0:0:0:0:0:0:1"),
    ("user:2001:db8::ff00:42", "User:2001:DB8:0:0:0:0:FF00:42"), ("user:ann/notes", "User:Ann/notes"),
    ("Talk:foo:bar", "Talk:Foo:bar"), ("Category:talk:x", "Category:Talk:x"), ("File:talk:x", "File:Talk:x"),
    ("a&b", "A&b"), ("&", "&"), ("a & b; c", "A_&_b;_c"), ("%", "%"), ("%zz", "%zz"), ("5%a", "5%a"),
    ("a" * 255, "A" + "a" * 254), ("ä" * 127, "Ä" + "ä" * 126), ("Foo#bar", "Foo"), ("Foo_#bar", "Foo"), ("foo #", "Foo"),
    ("ⅷ", "Ⅷ"), ("ⓐ", "Ⓐ"), ("ſ", "S"), ("µ", "Μ"), ("ı", "I"),
]  # fmt: skip

# The capitals of these are two letters, or letters that older PHP does not know. Wikimedia's wikis keep them
# ($wgOverrideUcfirstCharacters); a wiki on a newer PHP that does not say so has SS for ß, and siteinfo tells neither.
KEPT = ["ßa", "ŉa", "ﬁa", "აa", "ΐa", "ǰa"]

REFUSED = [
    "", " ", "_", ":", "::", "#", "#a", "a[b", "a]b", "a{b", "a}b", "a<b", "a>b", "a|b", "a\tb", "a\nb", "a\x00b", "a\x7fb",
    "a\ufffdb", "%41", "a%20b", "%e2%82%ac", "&b;", ".", "..", "./a", "../a",
    "a/./b", "a/../b", "a/.", "a/..", "~~~", "a~~~b", "~~~~", "a" * 256, "ä" * 128, "Talk:", "Talk: ", "Talk:#a", "Category:",
    "Talk:File:x", "Talk:Special:x", "talk:user talk:x", "Talk::a", "Talk:.", "Talk:../a", "Help:a|b",
]  # fmt: skip

# Character references, which addresses must not have; the API takes a title with one for a title with the character.
REFERENCES = ["a&amp;b", "&eacute;", "Talk:&lt;", "a&Auml;"]

# Special pages by their other names.
SPECIALS = [
    ("special:random", "Special:Random"), ("Special:randompage", "Special:Random"),
    ("SPECIAL:allpages/A", "Special:AllPages/A"), ("special:recent changes", "Special:RecentChanges"),
]  # fmt: skip
