"""Invented mails for a throw-away desk. Every person, house and address is made up; hosts are under .example."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody wrote. ``minutes`` before the demo begins it came; ``deeds`` are what agents did since:
    (verb, login, argument)."""

    sender: str
    address: str
    subject: str
    body: str
    minutes: int = 0
    deeds: tuple[tuple[str, str, str], ...] = ()
    file: str | None = None


AGENTS = (
    ("belova", "Анна Белова", "lead", False),
    ("gusev", "Борис Гусев", "agent", True),
    ("mironova", "Вера Миронова", "agent", False),
)

BEGINNING = (
    Told(
        "Ольга Петрова",
        "o.petrova@kedrovaya-roscha.example",
        "Не приходит чек жителю по заказу № 15207",
        "Добрый день!\n\nЖитель оплатил заказ № 15207 ещё в субботу, деньги списались, а чек на почту так и не пришёл. "
        "В карточке заказа пусто, кнопки «Отправить чек повторно» я не нашла.\n\nПодскажите, что делать? Житель "
        "ругается и хочет жаловаться.\n\nС уважением,\nОльга Петрова,\nЖК «Кедровая роща»",
        74,
    ),
    Told(
        "Тимур Ахметов",
        "t.akhmetov@uk-severny.example",
        "СРОЧНО: не открывается витрина, ошибка 500",
        "Коллеги, с 10:05 витрина не открывается ни у кого, ошибка 500. Жители не могут оплатить заказы.\n\n"
        "Адрес: shop.uk-severny.example, пробовали Chrome и Яндекс Браузер.",
        66,
        (
            ("take", "gusev", ""),
            ("note", "gusev", "Похоже на ночное обновление, спросил у дежурного ДИТ."),
            (
                "reply",
                "gusev",
                "Добрый день, Тимур!\n\nВидим ошибку, уже чиним. Напишем, как только витрина поднимется.",
            ),
        ),
        "oshibka-500.png",
    ),
    Told(
        "Инна Вебер",
        "weber@gk-lipki.example",
        "Как подключить второй дом к витрине?",
        "Здравствуйте! Подскажите, пожалуйста, как подключить к витрине второй дом: нужен новый договор или хватит "
        "заявки? И можно ли перенести поставщиков из первого?",
        58,
        (
            ("take", "belova", ""),
            (
                "reply",
                "belova",
                "Здравствуйте, Инна!\n\nНовый договор не нужен. Пришлите, пожалуйста, адрес дома и число "
                "квартир, а поставщиков перенесём из первого.",
            ),
            ("status", "belova", "info_needed"),
        ),
    ),
    Told(
        "Сергей Лобанов",
        "lobanov@tsj-berezka.example",
        "Старые цены на витрине после загрузки прайса",
        "Загрузили прайс в 9 утра, в кабинете цены новые, а жители видят старые. Обход: если сохранить карточку "
        "вручную, цена обновляется, но карточек четыреста.",
        51,
    ),
    Told(
        "Юлия Никонова",
        "nikonova@park-kvartal.example",
        "Просим добавить выгрузку отчёта в Excel",
        "Добрый день! Было бы удобно, если бы отчёт по возвратам можно было выгружать в Excel: сейчас переписываем "
        "цифры руками каждую неделю. Просим рассмотреть доработку.",
        44,
        (
            ("take", "mironova", ""),
            ("type", "mironova", "improvement"),
            ("estimate", "mironova", "16"),
            ("status", "mironova", "analysis"),
        ),
    ),
    Told(
        "Бухгалтерия УК «Фонарь»",
        "buh@uk-fonar.example",
        "Акт сверки за сентябрь, строка 14",
        "Добрый день. В акте сверки за сентябрь строка 14 не бьётся с нашими данными на 1 240 рублей. Проверьте, "
        "пожалуйста, и пришлите исправленный акт.",
        37,
        (),
        "akt_sverki_09.pdf",
    ),
    Told(
        "Артём Зорин",
        "zorin@gk-lipki.example",
        "Пустой каталог на айфонах",
        "На айфонах жителей каталог открывается пустым, на андроиде всё есть. Началось вчера вечером, у части "
        "помогает выйти и войти.\n\nОтправлено с iPhone",
        29,
    ),
    Told(
        "Геннадий Рогов",
        "g.rogov@dom-ozernaya.example",
        "Вопрос по тарифу",
        "Уважаемые коллеги, просьба разъяснить, как считается комиссия, если поставщик работает на двух домах.",
        18,
        (
            ("take", "gusev", ""),
            (
                "reply",
                "gusev",
                "Добрый день, Геннадий!\n\nКомиссия считается по каждому дому отдельно. Если что-то "
                "останется неясным, напишите.",
            ),
            ("close", "gusev", ""),
        ),
    ),
    Told(
        "Нина Жукова",
        "zhukova@tsj-melnica.example",
        "совместный день соседа",
        "Добрый день! В июне проводим день соседа, хотим сделать его вместе с вами: стенд, розыгрыш промокодов. "
        "К кому обратиться?",
        6,
    ),
)

ARRIVING = (
    Told("Руслан Мамедов", "r.mamedov@uk-severny.example", "Не грузятся фото товаров",
         "Добрый день! Поставщик не может загрузить фото: «файл слишком большой», хотя в файле 300 КБ."),
    Told("Ирина Котова", "kotova@park-kvartal.example", "Можно ли скрыть поставщика на время отпуска?",
         "Здравствуйте! Поставщик уходит в отпуск на две недели. Можно ли скрыть его, не удаляя товары?"),
    Told("Диспетчерская «Слобода»", "disp@sloboda.example", "Не приходят уведомления о новых заказах",
         "С утра диспетчеру не приходят письма о новых заказах. В кабинете заказы есть."),
    Told("Егор Мальцев", "maltsev@gk-lipki.example", "Продление лицензии",
         "Добрый день. Лицензия кончается в следующем месяце, пришлите, пожалуйста, счёт на продление."),
    Told("Вера Тихонова", "tikhonova@kedrovaya-roscha.example", "Добавьте фильтр по дому в заказах",
         "Просим добавить в список заказов фильтр по дому: у нас их уже пять, искать неудобно."),
    Told("Антон Пряхин", "pryakhin@it-dom.example", "API: ошибка 429 при выгрузке заказов",
         "При выгрузке заказов по API стали получать 429 уже на сотом запросе, раньше такого не было."),
    Told("Виктор Ким", "v.kim@dom-ozernaya.example", "Пустой отчёт по возвратам",
         "Отчёт по возвратам за прошлую неделю пустой, хотя возвраты были, номера 15311 и 15318."),
    Told("Оксана Бондарь", "bondar@tsj-berezka.example", "Шаблон рассылки: имя не подставляется",
         "В рассылке жителям вместо имени стоит «{{ name }}». Что мы делаем не так?"),
)  # fmt: skip

FOLLOW_UPS = (
    "Спасибо! А когда примерно ждать?",
    "Добавлю: у соседнего дома то же самое.",
    "Проверили, пока без изменений. Если нужны подробности, звоните.",
)


def mail(
    told: Told, at: datetime, message_id: str, to: str, answers: str | None = None, body: str | None = None
) -> bytes:
    """The raw mail; ``answers`` is the Message-ID of the letter it answers."""
    letter = EmailMessage()
    letter["From"] = f"{told.sender.replace('«', '').replace('»', '')} <{told.address}>"
    letter["To"] = to
    letter["Subject"] = f"Re: {told.subject}" if answers else told.subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = message_id
    if answers is not None:
        letter["In-Reply-To"] = answers
    letter.set_content(body or told.body)
    if told.file is not None:
        kind = ("image", "png") if told.file.endswith("png") else ("application", "pdf")
        letter.add_attachment(PIXEL, maintype=kind[0], subtype=kind[1], filename=told.file)
    return letter.as_bytes()


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
