"""What intake makes of one mail, as the plain object that ``otklik inspect`` prints."""

from __future__ import annotations

from typing import Any

from intake.mail.message import Address, Attachment, Message


def inspection(
    message: Message,
    file: str,
    *,
    auto_submitted: bool = False,
    no_auto_answer: bool = False,
    bounce: bool = False,
    type_: str | None = None,
    topic: str | None = None,
    criticality: str | None = None,
) -> dict[str, Any]:
    """The public object, keys in their fixed order. The sender's address is in lower case: he is known by it."""
    return {
        "message_id": message.message_id,
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "from": [_address(sender) | {"address": sender.address.lower()} for sender in message.sender],
        "reply_to": [_address(address) for address in message.reply_to],
        "to": [_address(address) for address in message.to],
        "cc": [_address(address) for address in message.cc],
        "subject": message.subject,
        "date": message.date.isoformat() if message.date else None,
        "text": message.text,
        "reply": message.reply,
        "attachments": [_attachment(attachment) for attachment in message.attachments],
        "auto_submitted": auto_submitted,
        "no_auto_answer": no_auto_answer,
        "bounce": bounce,
        "language": message.language,
        "type": type_,
        "topic": topic,
        "criticality": criticality,
        "warnings": list(message.warnings),
        "file": file,
    }


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}


def _attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "inline": attachment.inline,
        "content_id": attachment.content_id,
    }
