"""Every report in a real browser: it asks for nothing, fits, and anyone can read and work it."""

from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from seldom import seldom

from analytics.report.mail import mail

pytestmark = pytest.mark.browser

REPORTS = sorted(p.stem for p in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
PHONE, DESK, PAPER = 390, 1440, 703  # pixels; letter less its margins
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.map(v => [v.id, v.impact, v.nodes.map(n => n.html.slice(0, 120))]);
}"""
# A shade at the edges of tables keeps axe from knowing what is behind their text.
FLAT = ".scroll { background: var(--paper) !important; }"
# The contrast of every text in a figure with all that is drawn under its middle.
CONTRAST = """() => {
  const rgb = text => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = c => { const l = c.slice(0, 3).map(v => v / 255).map(
    v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * l[0] + .7152 * l[1] + .0722 * l[2]; };
  const over = (under, c, a) => under.map((v, i) => v * (1 - a) + c[i] * a);
  const opacity = e => { let a = 1;
    for (; e && e.tagName !== 'svg'; e = e.parentElement) a *= getComputedStyle(e).opacity;
    return a; };
  const poor = [];
  for (const text of document.querySelectorAll('figure svg text')) {
    if (!text.textContent.trim()) continue;
    const box = text.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const paper = rgb(getComputedStyle(text.closest('figure')).backgroundColor).slice(0, 3);
    const under = document.elementsFromPoint(x, y).reverse()
      .filter(e => e.matches('svg path, svg rect, svg use'))
      .reduce((c, e) => { const s = getComputedStyle(e);
        if (!s.fill.startsWith('rgb')) return c;
        const f = rgb(s.fill);
        return over(c, f, (f[3] ?? 1) * s.fillOpacity * opacity(e)); }, paper);
    const ink = rgb(getComputedStyle(text).fill);
    const [a, b] = [light(over(under, ink, opacity(text))), light(under)].sort((p, q) => q - p);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) poor.push([text.textContent, ratio.toFixed(2), under.map(Math.round)]);
  }
  return poor;
}"""
# Text of a figure that leaves its paper.
CUT = """() => [...document.querySelectorAll('figure svg text')].filter(text => {
  const [t, f] = [text.getBoundingClientRect(), text.closest('figure').getBoundingClientRect()];
  return t.width && (t.left < f.left || t.right > f.right || t.top < f.top || t.bottom > f.bottom);
}).map(text => text.textContent)"""
TOO_WIDE = """() => [...document.querySelectorAll('table')]
  .filter(table => table.scrollWidth > table.parentElement.clientWidth + 1)
  .map(table => table.caption.textContent)"""
REACHABLE = "a[href], button, input, [tabindex='0']"
FOCUS = """selector => {
  const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
  return [[...document.querySelectorAll(selector)].indexOf(e), s.outlineStyle,
          parseFloat(s.outlineWidth), box.bottom > 0 && box.top < innerHeight && box.right > 0];
}"""


@pytest.fixture(scope="module", params=seldom(REPORTS, 1))
def opened(request, open_page, report_of):
    opened = open_page(report_of(request.param))
    yield opened
    opened.page.close()


@pytest.fixture(scope="module")
def axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    script = resources.files("axe_playwright_python") / "axe.min.js"
    return script.read_text(encoding="utf-8")


def test_it_asks_for_nothing_and_complains_of_nothing(opened):
    assert opened.told == []
    own, *others = opened.asked
    assert own.startswith("file:")
    assert all(url.startswith("data:") for url in others)


@WIDTHS
def test_nothing_is_wider_than_the_screen(opened, width):
    page = opened.seen(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "[...document.querySelectorAll('.scroll')].filter(b => b.scrollWidth > b.clientWidth)"
    assert page.evaluate(f"{wide}.every(box => box.tabIndex === 0)")
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_axe_finds_no_fault(opened, axe, width, scheme):
    page = opened.seen(width, scheme)
    page.add_style_tag(content=FLAT)
    page.evaluate(axe)
    assert page.evaluate(AXE) == []


@SCHEMES
def test_text_in_figures_stands_out(opened, scheme):
    page = opened.seen(DESK, scheme)
    page.set_viewport_size({"width": DESK, "height": 16_000})
    assert page.evaluate(CONTRAST) == []


def test_headings_go_down_step_by_step_and_figures_have_words(opened):
    page = opened.seen(DESK)
    heads = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert heads.count(1) == 1
    assert heads[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(heads))
    assert page.evaluate("[document.documentElement.lang, document.title.length > 3]") == [
        "en",
        True,
    ]
    names = page.evaluate(
        "[...document.querySelectorAll('svg, img')].map(f => f.getAttribute('aria-label') || f.alt)"
    )
    assert names
    assert all(name and name != "Figure" for name in names)


def test_a_keyboard_reaches_all_and_sees_where_it_is(opened):
    page = opened.seen(DESK)
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    many = page.evaluate("s => document.querySelectorAll(s).length", REACHABLE)
    for place in range(many):
        page.keyboard.press("Tab")
        index, style, width, is_seen = page.evaluate(FOCUS, REACHABLE)
        assert (index, is_seen) == (place, True)
        assert style != "none"
        assert width >= 2
    page.evaluate("document.querySelector('.skip').focus()")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_paper_is_white_and_nothing_is_cut(opened):
    page = opened.seen(PAPER, "dark", "print")
    styles = (
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert page.evaluate(styles) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert not page.is_visible("nav")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert page.evaluate(TOO_WIDE) == []


@SCHEMES
def test_the_body_of_a_mail_fits_a_phone(open_page, axe, tmp_path, scheme):
    rate = {"value": 0.182, "low": 0.15, "high": 0.22, "n": 1200, "unit": "share"}
    rate |= {"metric": "Emergency visits, treated and released, per 1,000", "better": "lower"}
    told = {"title": "Reimbursement lag", "report": "lag_and_receivables-2026-10"}
    before = {"report": "lag_and_receivables-2026-09", "as_of": "2026-10-01"}
    before["key_numbers"] = [rate | {"value": 0.3}]
    path = tmp_path / "report.mail.html"
    path.write_bytes(mail(told | {"key_numbers": [rate] * 8}, [], before)[".mail.html"])
    opened = open_page(path)
    page = opened.seen(PHONE, scheme)
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert opened.told == []
    assert len(opened.asked) == 1
    page.close()
