"""Mails written by the standard library come back as they were meant."""

import email.policy
from email.headerregistry import Address
from email.message import EmailMessage

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.mail.reading import attachment_bytes, read_message

WORD = st.text("abcxyzабвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=12)
PHRASE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
TEXT = st.lists(PHRASE, min_size=1, max_size=6).map("\n".join)
FILE = st.tuples(WORD.map(lambda name: name + ".bin"), st.binary(max_size=200))
CHARSETS = st.sampled_from(["utf-8", "koi8-r", "windows-1251", "iso-8859-5"])
ENCODINGS = st.sampled_from(["base64", "quoted-printable", "8bit"])
KINDS = (email.policy.SMTP, email.policy.SMTPUTF8, email.policy.default)
# Unfolded: this library's own folding loses a blank between two encoded words.
POLICIES = st.sampled_from([kind.clone(max_line_length=998) for kind in KINDS])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PHRASE, WORD, TEXT, st.lists(FILE, max_size=3), CHARSETS, ENCODINGS, st.booleans(), POLICIES)
def test_what_was_written_is_read(
    subject: str,
    name: str,
    text: str,
    files: list[tuple[str, bytes]],
    charset: str,
    encoding: str,
    with_html: bool,
    policy: email.policy.EmailPolicy,
) -> None:
    made = EmailMessage(policy=policy)
    made["Subject"] = subject
    made["From"] = Address(name, "anna", "firm.example")
    made.set_content(text, charset=charset, cte=encoding)
    if with_html:
        made.add_alternative(f"<p>{text}</p>", subtype="html")
    for filename, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=filename)
    raw = made.as_bytes()
    message = read_message(raw)
    assert (message.subject, message.sender[0].name, message.sender[0].address) == (subject, name, "anna@firm.example")
    assert message.text == text
    assert (message.html is not None) == with_html
    assert [found.filename for found in message.attachments] == [filename for filename, _ in files]
    assert [attachment_bytes(raw, found.part) for found in message.attachments] == [data for _, data in files]
    assert message.warnings == ()
