import pytest

from intake.mail.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Здравствуйте, не работает выгрузка заказов по расписанию", "ru"),
        ("Доброго дня! Не працює вивантаження замовлень, допоможіть будь ласка", "uk"),
        ("Hello, the export of our orders does not work since Monday", "en"),
        ("Guten Tag, wir können die Rechnung nicht öffnen, bitte helfen Sie uns", "de"),
        ("Bonjour, nous avons un problème avec la facture de ce mois", "fr"),
        ("Buenos días, no podemos abrir la factura de este mes", "es"),
        ("こんにちは、注文ができません", "ja"),
        ("您好，订单无法导出", "zh"),
        ("안녕하세요 주문이 안됩니다", "ko"),
        ("Не работает webhook endpoint /api/v1/orders", "ru"),
        ("12345", None),
        ("", None),
    ],
)
def test_languages_are_told_apart(text: str, language: str | None) -> None:
    assert language_of(text) == language
