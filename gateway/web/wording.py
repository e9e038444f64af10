"""What the pages say when something is not right."""

from __future__ import annotations

from gateway.web.fields import LONGEST, Wrong

CHECK_AGAIN = "Обращение не дошло целиком. Заполните форму и отправьте ещё раз."
EXPIRED = "Страница была открыта слишком долго. Всё, что вы написали, на месте: проверьте и отправьте ещё раз."
FOREIGN = (
    "Не удалось убедиться, что форму отправили вы: возможно, в браузере выключены cookie."
    " Всё, что вы написали, на месте: отправьте ещё раз."
)
TOO_QUICK = "Форма отправлена слишком быстро, так делают программы. Проверьте написанное и отправьте ещё раз."
TRAPPED = "Было заполнено поле, которого люди не видят, так делают программы. Мы его очистили: отправьте ещё раз."
TOO_MANY = "Слишком много обращений подряд. Подождите {wait} и отправьте ещё раз: всё, что вы написали, на месте."
REPEAT_FILES = "Файлы придётся выбрать заново."

_REQUIRED = {
    "name": "Напишите, как к вам обращаться",
    "email": "Укажите адрес, на который придёт ответ",
    "subject": "Напишите тему: несколько слов о главном",
    "body": "Опишите, что нужно сделать или что случилось",
}
_EMAIL = {
    "invalid": "Адрес не похож на правильный. Пример: name@company.ru",
    "unreachable": "На этот адрес нельзя ответить. Укажите тот, который вы читаете",
    "own_address": "Это адрес самой службы поддержки. Укажите свой",
}


def wrong_words(wrong: Wrong) -> str:
    """What is wrong with a field, for its person."""
    if wrong.fault == "required":
        return _REQUIRED.get(wrong.field, "Заполните это поле")
    if wrong.fault == "too_long":
        return f"Слишком длинно: не больше {LONGEST[wrong.field]} знаков"
    if wrong.field == "email":
        return _EMAIL[wrong.fault]
    return "Выберите один из вариантов"
