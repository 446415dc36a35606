"""Asks Django the questions of `questions.json` and prints its answers as JSON.

    python ask_django.py > answers.json

The rows are those of `rows.json`, in a SQLite database in memory. An answer is a list of primary keys, in the order of
the query if it has one, else in theirs. Needs Django 5.2.
"""

import json
import pathlib
import sys
import types

import django
from django.conf import settings

HERE = pathlib.Path(__file__).parent

# An app without files: reverse relations exist between models of installed apps only.
app = types.ModuleType("semantics")
app.__path__ = [str(HERE)]
sys.modules["semantics"] = app
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, USE_TZ=True, TIME_ZONE="UTC",
    INSTALLED_APPS=["semantics"])
django.setup()

from django.db import connection, models  # noqa: E402


class Base(models.Model):
    id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


class Country(Base):
    name = models.CharField(max_length=50)
    population = models.IntegerField(null=True)

    class Meta:
        app_label = "semantics"


class Author(Base):
    name = models.CharField(max_length=50)
    email = models.CharField(max_length=254)
    country = models.ForeignKey(Country, models.CASCADE, null=True, related_name="authors")
    mentor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="pupils")
    is_active = models.BooleanField()
    born = models.DateField(null=True)

    class Meta:
        app_label = "semantics"


class Tag(Base):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "semantics"


class Book(Base):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    editor = models.ForeignKey(Author, models.SET_NULL, null=True, related_name="edited")
    pages = models.IntegerField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    weight = models.FloatField()
    status = models.CharField(max_length=20)
    published_at = models.DateTimeField(null=True)
    subtitle = models.CharField(max_length=200, null=True)
    tags = models.ManyToManyField(Tag, related_name="books")

    class Meta:
        app_label = "semantics"


class Review(Base):
    book = models.ForeignKey(Book, models.CASCADE, related_name="reviews")
    reader = models.ForeignKey(Author, models.CASCADE, null=True, related_name="reviews")
    stars = models.IntegerField(null=True)
    text = models.CharField(max_length=200)

    class Meta:
        app_label = "semantics"


def load():
    with connection.schema_editor() as editor:
        for model in (Country, Author, Tag, Book, Review):
            editor.create_model(model)
    rows = json.loads((HERE / "rows.json").read_text())
    with connection.cursor() as cursor:
        for table, entries in rows.items():
            for entry in entries:
                places = ", ".join(["%s"] * len(entry))
                names = ", ".join(f'"{name}"' for name in entry)
                cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(entry.values()))


def ask(model, steps):
    query = globals()[model].objects.all()
    for method, *arguments in steps:
        match arguments:
            case [dict() as lookups]:
                query = getattr(query, method)(**lookups)
            case names:
                query = getattr(query, method)(*names)
    return list((query if query.ordered else query.order_by("pk")).values_list("pk", flat=True))


if __name__ == "__main__":
    load()
    questions = json.loads((HERE / "questions.json").read_text())
    answers = [f"  {json.dumps(name)}: {ask(**question)}" for name, question in questions.items()]
    print("{\n" + ",\n".join(answers) + "\n}")
