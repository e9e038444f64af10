import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.html_events import is_within_limits
from intake.mail.html_text import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<b>bold</b> and  <i>more\n words</i>", "bold and more words"),
        ("a<b> b</b>c", "a bc"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol start=3><li>one</li><li>two</li></ol>", "3. one\n4. two"),
        ("<ul><li>a<ol><li>b</ol></ul>", "- a\n  1. b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
        ("<blockquote>quoted<br>lines</blockquote>mine", "> quoted\n> lines\n\nmine"),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>", "> one\n>\n> > two"),
        ('<a href="https://x.example/p">see here</a>', "see here (https://x.example/p)"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a name="top">x</a>', "x"),
        ("<style>p{}</style><script>alert(1)</script><title>t</title>text", "text"),
        ("<head><title>t</title></head><body>text</body>", "text"),
        ("<!--[if mso]><p>no</p><![endif]-->text", "text"),
        ("<![if !mso]>shown<![endif]>", "shown"),
        ('<div style="display:none">preheader</div>text', "text"),
        ('<div hidden><p>x<img></p></div><span style="opacity: 0">y</span>text', "text"),
        ('<img src="https://t.example/pixel.gif" width=1 height=1>text', "text"),
        ('<img alt="🙏" src="e.png"> спасибо', "🙏 спасибо"),
        ('<img alt="image001.png" src="cid:1@x"> смотрите', "смотрите"),
        ('<img alt="Изображение выглядит как текст" src="cid:1@x">Смотрите', "Смотрите"),
        ('<img alt="🙂" src="cid:smile@x"> смотрите', "🙂 смотрите"),
        ('<img alt="Витрина" src="https://v.example/logo">Скидки', "ВитринаСкидки"),
        ('<img alt="logo.GIF" src="https://v.example/logo">Скидки', "Скидки"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("one<hr>two", "one\n--------------------\ntwo"),
        ("&laquo;&nbsp;x&nbsp;&raquo; &#1087;", "«\u00a0x\u00a0» п"),
        ("<p>text<o:p></o:p></p><p><o:p>&nbsp;</o:p></p><p>more</p>", "text\n\n\u00a0\n\nmore"),
        ("unclosed <b>bold <p>para", "unclosed bold\n\npara"),
        ("", ""),
        ("no tags < at all", "no tags < at all"),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000 + "deep words",
        "<p>x</p>" * 30_000 + "deep words",
        "x" * 1_200_000 + " deep words",
        "<font color=1><b>" * 200 + "deep words",
    ],
)
def test_over_the_limits_no_tree_is_built_and_the_words_are_kept(html: str) -> None:
    assert not is_within_limits(html)
    assert "deep words" in html_to_text(html)


def test_both_ways_of_reading_agree_on_sound_html() -> None:
    html = '<p>one <b>two</b></p><ul><li>x</li><li>y</li></ul><blockquote>q</blockquote><a href="https://x.example">z</a><br>end'
    assert html_to_text(html + "<!-- " + "x" * 1_000_000 + " -->") == html_to_text(html)


@given(st.text("<>/aptdivbrquoe=\"' !-[]&;#\n x", max_size=200))
def test_scraps_of_html_never_raise(html: str) -> None:
    assert "\0" not in html_to_text(html)


@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "<td>",
                "</p>",
                "<p>",
                "<li>",
                "</ul>",
                "<blockquote>",
                "<a href=x>",
                "</a>",
                "<pre>",
                "x",
                "<b>",
                "</table>",
            ]
        ),
        max_size=40,
    )
)
def test_no_word_is_lost_in_unbalanced_html(tags: list[str]) -> None:
    html = "".join(f"{tag}w{number} " for number, tag in enumerate(tags))
    text = html_to_text(html)
    assert all(f"w{number}" in text for number in range(len(tags)))


def test_a_block_only_moved_to_the_right_is_no_quotation() -> None:
    block = '<blockquote style="margin:0 0 0 40px;border:none;padding:0">Где чек?</blockquote>'
    moved = f"<p>Жилец пишет:</p>{block}<p>Что?</p>"
    assert html_to_text(moved) == "Жилец пишет:\n\nГде чек?\n\nЧто?"
    assert "> Где чек?" in html_to_text(moved.replace("<blockquote", '<blockquote type="cite"'))
    assert "> Где чек?" in html_to_text(moved.replace("<blockquote", '<blockquote class="gmail_quote"'))
