"""Asks Django the queries of `SemanticsTests` and prints its answers as JSON.

    python django_queries.py > expected.json

The rows are those of `rows.json`, in a SQLite database in memory. Every answer is a list of rows, and every row a list of
texts: `null`, `true`, `3`, `0.5`, `10.08`, `2024-03-31T00:30:00Z`. Needs Django 5.2.
"""

import datetime
import decimal
import json
import pathlib
import sys
import types
import zoneinfo

import django
from django.conf import settings

# An app without files: reverse relations exist between models of installed apps only.
app = types.ModuleType("semantics")
app.__path__ = [str(pathlib.Path(__file__).parent)]
sys.modules["semantics"] = app
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, USE_TZ=True, TIME_ZONE="UTC",
    INSTALLED_APPS=["semantics"])
django.setup()

from django.db import connection, models  # noqa: E402
from django.db.models import (  # noqa: E402
    Avg, Case, CharField, Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, Subquery, Sum, Value, When, Window)
from django.db.models.functions import (  # noqa: E402
    Abs, Cast, Ceil, Coalesce, Concat, ExtractHour, ExtractIsoYear, ExtractWeek, Floor, Greatest, Least, Left, Length,
    Lower, LPad, Mod, NullIf, Rank, Repeat, Replace, Reverse, Right, Round, RowNumber, RPad, StrIndex, Substr, Trim,
    TruncDate, TruncDay, TruncHour, TruncMonth, TruncYear, Upper, Lag, Lead, FirstValue, DenseRank, Ntile)


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
    rows = json.loads(pathlib.Path(__file__).with_name("rows.json").read_text())
    with connection.cursor() as cursor:
        for table, entries in rows.items():
            for entry in entries:
                places = ", ".join(["%s"] * len(entry))
                names = ", ".join(f'"{name}"' for name in entry)
                cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(entry.values()))


def text(value):
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.6g}"
        case decimal.Decimal():
            return f"{value.normalize():f}"
        case datetime.datetime():
            return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
        case datetime.date():
            return value.isoformat()
        case models.Model():
            return str(value.pk)
    return str(value)


def rows(answer):
    if isinstance(answer, dict):
        answer = [tuple(answer.values())]
    if not isinstance(answer, (list, tuple, models.QuerySet)):
        answer = [answer]
    return [[text(cell) for cell in (row if isinstance(row, (list, tuple)) else [row])] for row in answer]


def ids(query):
    """The primary keys, in the order of the query if it has one, else in theirs."""
    return list((query if query.ordered else query.order_by("pk")).values_list("pk", flat=True))


B, A, R, C, T = (model.objects for model in (Book, Author, Review, Country, Tag))
UTC = datetime.timezone.utc
OSLO = zoneinfo.ZoneInfo("Europe/Oslo")


def moment(*parts):
    return datetime.datetime(*parts, tzinfo=UTC)


QUERIES = {
    # Lookups
    "exact": lambda: ids(B.filter(title="Birds")),
    "exact regards case": lambda: ids(B.filter(title="birds")),
    "exact null": lambda: ids(B.filter(pages=None)),
    "iexact": lambda: ids(B.filter(title__iexact="BIRDS")),
    "icontains": lambda: ids(B.filter(title__icontains="BIRD")),
    "icontains of a percent sign": lambda: ids(B.filter(title__icontains="%")),
    "icontains of an underscore": lambda: ids(B.filter(subtitle__icontains="t_p")),
    "icontains of a backslash": lambda: ids(B.filter(title__icontains="l\\w")),
    "icontains of a quote": lambda: ids(B.filter(subtitle__icontains="'quoted'")),
    "istartswith": lambda: ids(B.filter(title__istartswith="bird")),
    "iendswith": lambda: ids(B.filter(title__iendswith="NORTH")),
    "icontains of nothing": lambda: ids(B.filter(subtitle__icontains="")),
    "in": lambda: ids(B.filter(pages__in=[80, 120, 5])),
    "in an empty list": lambda: ids(B.filter(pages__in=[])),
    "not in an empty list": lambda: ids(B.exclude(pages__in=[])),
    "in a list with null": lambda: ids(B.filter(pages__in=[80, None])),
    "in a subquery": lambda: ids(B.filter(author__in=A.filter(is_active=True))),
    "in a sliced subquery": lambda: ids(B.filter(author__in=A.order_by("-pk")[:2])),
    "in a subquery of a column": lambda: ids(A.filter(pk__in=B.filter(pages__gt=100).values("author"))),
    "gt": lambda: ids(B.filter(pages__gt=120)),
    "gte": lambda: ids(B.filter(pages__gte=120)),
    "lt": lambda: ids(B.filter(pages__lt=80)),
    "lte": lambda: ids(B.filter(pages__lte=80)),
    "range": lambda: ids(B.filter(pages__range=(80, 200))),
    "range that is empty": lambda: ids(B.filter(pages__range=(200, 80))),
    "isnull": lambda: ids(B.filter(subtitle__isnull=True)),
    "is not null": lambda: ids(B.filter(subtitle__isnull=False)),
    "empty text is not null": lambda: ids(B.filter(subtitle="")),
    "regex": lambda: ids(B.filter(title__regex=r"^[BZ].*s?$")),
    "iregex": lambda: ids(B.filter(title__iregex=r"^birds")),
    "decimal exact": lambda: ids(B.filter(price=decimal.Decimal("0.10"))),
    "decimal of another scale": lambda: ids(B.filter(price=decimal.Decimal("15"))),
    "decimal greater": lambda: ids(B.filter(price__gt=decimal.Decimal("10.07"))),
    "decimals are ordered as numbers": lambda: ids(B.order_by("price", "pk")),
    "float": lambda: ids(B.filter(weight__gte=1.25)),
    "bool": lambda: ids(A.filter(is_active=True)),
    "not bool": lambda: ids(A.exclude(is_active=True)),
    "date": lambda: ids(A.filter(born=datetime.date(1984, 2, 29))),
    "date before": lambda: ids(A.filter(born__lt=datetime.date(1999, 1, 1))),
    "date year": lambda: ids(A.filter(born__year=1999)),
    "date day": lambda: ids(A.filter(born__day=31)),
    "moment": lambda: ids(B.filter(published_at=moment(2024, 1, 1))),
    "moment to the microsecond": lambda: ids(B.filter(published_at=moment(2023, 12, 31, 23, 59, 59, 999999))),
    "moment after": lambda: ids(B.filter(published_at__gt=moment(2024, 1, 1))),
    "year": lambda: ids(B.filter(published_at__year=2024)),
    "year gt": lambda: ids(B.filter(published_at__year__gt=2023)),
    "year lte": lambda: ids(B.filter(published_at__year__lte=2023)),
    "month": lambda: ids(B.filter(published_at__month=3)),
    "day": lambda: ids(B.filter(published_at__day=31)),
    "hour": lambda: ids(B.filter(published_at__hour=0)),
    "minute": lambda: ids(B.filter(published_at__minute=30)),
    "week": lambda: ids(B.filter(published_at__week=52)),
    "iso year": lambda: ids(B.filter(published_at__iso_year=2023)),
    "week day": lambda: ids(B.filter(published_at__week_day=1)),
    "iso week day": lambda: ids(B.filter(published_at__iso_week_day=7)),
    "quarter": lambda: ids(B.filter(published_at__quarter=4)),
    "date of a moment": lambda: ids(B.filter(published_at__date=datetime.date(2024, 3, 31))),
    # Negation and null
    "exclude keeps null": lambda: ids(B.exclude(pages=80)),
    "exclude gt keeps null": lambda: ids(B.exclude(pages__gt=100)),
    "exclude null": lambda: ids(B.exclude(pages=None)),
    "exclude in keeps null": lambda: ids(B.exclude(pages__in=[80, 120])),
    "exclude icontains keeps null": lambda: ids(B.exclude(subtitle__icontains="knit")),
    "exclude of both": lambda: ids(B.exclude(pages=80, status="archived")),
    "exclude twice": lambda: ids(B.exclude(pages=80).exclude(status="archived")),
    "exclude or": lambda: ids(B.exclude(Q(pages=80) | Q(status="draft"))),
    "not and": lambda: ids(B.filter(~(Q(pages__gt=100) & Q(status="published")))),
    "not not": lambda: ids(B.filter(~~Q(pages=80))),
    "exclude column against column": lambda: ids(B.exclude(author=F("editor"))),
    "filter column against column": lambda: ids(B.filter(author=F("editor"))),
    "or": lambda: ids(B.filter(Q(pages=80) | Q(status="draft"))),
    "xor": lambda: ids(B.filter(Q(pages=80) ^ Q(status="archived"))),
    "or with nothing": lambda: ids(B.filter(Q(pages__in=[]) | Q(status="draft"))),
    "and with nothing": lambda: ids(B.filter(Q(pages__in=[]) & Q(status="draft"))),
    # Relations to one
    "over a foreign key": lambda: ids(B.filter(author__name="Ann")),
    "over two": lambda: ids(B.filter(author__country__name="Iceland")),
    "over an optional one": lambda: ids(B.filter(editor__name="Ann")),
    "over an optional one, excluded": lambda: ids(B.exclude(editor__name="Ann")),
    "optional one is null": lambda: ids(B.filter(editor=None)),
    "optional one is not null": lambda: ids(B.filter(editor__isnull=False)),
    "null behind an optional one": lambda: ids(B.filter(editor__country=None)),
    "a column that is null or has no row": lambda: ids(B.filter(editor__country__name__isnull=True)),
    "or over an optional one": lambda: ids(B.filter(Q(editor__name="Ann") | Q(pages=320))),
    "excluded or over an optional one": lambda: ids(B.exclude(Q(editor__name="Ann") | Q(pages=320))),
    "self reference": lambda: ids(A.filter(mentor__name="Ann")),
    "self reference twice": lambda: ids(A.filter(mentor__mentor__name="Ann")),
    "self reference, excluded": lambda: ids(A.exclude(mentor__name="Ann")),
    "pupils": lambda: ids(A.filter(pupils__name="Bob")),
    "no pupils": lambda: ids(A.filter(pupils=None)),
    "key of a foreign key": lambda: ids(B.filter(author_id=2)),
    "a model": lambda: ids(B.filter(author=A.get(pk=2))),
    "in models": lambda: ids(B.filter(editor__in=list(A.filter(pk__in=[1, 4])))),
    "order over a foreign key": lambda: ids(B.order_by("author__name", "-pk")),
    "order over an optional one, nulls last": lambda: ids(B.order_by(F("editor__name").asc(nulls_last=True), "pk")),
    "order over an optional one, nulls first": lambda: ids(B.order_by(F("editor__name").desc(nulls_first=True), "pk")),
    # Relations to many
    "over many": lambda: ids(B.filter(tags__name="nature")),
    "over many, a row for each": lambda: ids(B.filter(tags__name__in=["nature", "craft"])),
    "over many, distinct": lambda: ids(B.filter(tags__name__in=["nature", "craft"]).distinct()),
    "both in one filter": lambda: ids(B.filter(tags__name="nature", tags__id=3)),
    "each in its filter": lambda: ids(B.filter(tags__name="nature").filter(tags__name="craft")),
    "excluded over many": lambda: ids(B.exclude(tags__name="nature")),
    "excluded two over many": lambda: ids(B.exclude(tags__name="nature").exclude(tags__name="craft")),
    "excluded in over many": lambda: ids(B.exclude(tags__name__in=["nature", "craft"])),
    "without any": lambda: ids(B.filter(tags=None)),
    "with some": lambda: ids(B.filter(tags__isnull=False).distinct()),
    "reverse": lambda: ids(B.filter(reviews__stars=5)),
    "reverse, one row with both": lambda: ids(B.filter(reviews__stars=1, reviews__text="itchy")),
    "reverse, two rows": lambda: ids(B.filter(reviews__stars=5).filter(reviews__reader__name="cid")),
    "reverse, one row for two": lambda: ids(B.filter(reviews__stars=5, reviews__reader__name="cid")),
    "reverse, excluded": lambda: ids(B.exclude(reviews__stars=5)),
    "reverse, excluded with null": lambda: ids(B.exclude(reviews__stars__gte=4)),
    "reverse without rows": lambda: ids(B.filter(reviews=None)),
    "reverse null column": lambda: ids(B.filter(reviews__stars__isnull=True).distinct()),
    "reverse of a reverse": lambda: ids(C.filter(authors__books__reviews__stars=5).distinct()),
    "reverse of many": lambda: ids(T.filter(books__author__name="Ann").distinct()),
    "many of reverse": lambda: ids(A.filter(books__tags__name="craft").distinct()),
    "not over many in an or": lambda: ids(B.filter(~Q(tags__name="nature") | Q(pages=120))),
    "count of duplicates": lambda: B.filter(tags__name__in=["nature", "craft"]).count(),
    "count of distinct": lambda: B.filter(tags__name__in=["nature", "craft"]).distinct().count(),
    "exists": lambda: B.filter(tags__name="unused").exists(),
    # Order and slices
    "order": lambda: ids(B.order_by("-pages", "title").filter(pages__isnull=False)),
    "order by two": lambda: ids(B.filter(pages__isnull=False).order_by("pages", "-price")),
    "nulls last": lambda: ids(B.order_by(F("pages").desc(nulls_last=True), "pk")),
    "nulls first": lambda: ids(B.order_by(F("pages").asc(nulls_first=True), "pk")),
    "reverse order": lambda: ids(B.order_by("price", "pk").reverse()),
    "limit": lambda: ids(B.order_by("pk")[:3]),
    "offset": lambda: ids(B.order_by("pk")[2:5]),
    "offset alone": lambda: ids(B.order_by("pk")[6:]),
    "beyond the end": lambda: ids(B.order_by("pk")[50:60]),
    "count of a slice": lambda: B.order_by("pk")[2:5].count(),
    "first": lambda: B.order_by("-price").first().pk,
    "last": lambda: B.order_by("-price").last().pk,
    "latest": lambda: B.filter(published_at__isnull=False).latest("published_at").pk,
    "earliest": lambda: B.filter(published_at__isnull=False).earliest("published_at").pk,
    "order by an expression": lambda: ids(B.order_by(Lower("title"), "pk").exclude(pk=6)),
    "order by a length": lambda: ids(B.order_by(Length("title").desc(), "pk")),
    # Aggregates
    "aggregate": lambda: B.aggregate(a=Count("pk"), b=Sum("pages"), c=Avg("pages"), d=Min("pages"), e=Max("pages")),
    "aggregate of nothing": lambda: B.filter(pk=99).aggregate(a=Count("pk"), b=Sum("pages"), c=Avg("pages"), d=Max("pages")),
    "aggregate of decimals": lambda: B.aggregate(a=Sum("price"), b=Max("price"), c=Min("price")),
    "a tenth and two": lambda: B.filter(pk__in=[3, 4]).aggregate(a=Sum("price")),
    "count of a column": lambda: B.aggregate(a=Count("pages")),
    "distinct count": lambda: B.aggregate(a=Count("pages", distinct=True)),
    "filtered count": lambda: B.aggregate(a=Count("pk", filter=Q(status="published")), b=Sum("pages", filter=Q(status="draft"))),
    "aggregate with default": lambda: B.filter(pk=99).aggregate(a=Sum("pages", default=0)),
    "aggregate over a relation": lambda: B.aggregate(a=Avg("reviews__stars"), b=Count("reviews")),
    "aggregate of a slice": lambda: B.order_by("pk")[:3].aggregate(a=Sum("pages")),
    "count of related": lambda: list(A.annotate(n=Count("books")).order_by("pk").values_list("pk", "n")),
    "two counts": lambda: list(B.annotate(n=Count("tags", distinct=True), m=Count("reviews", distinct=True)).order_by("pk").values_list("pk", "n", "m")),
    "sum of related": lambda: list(A.annotate(n=Sum("books__pages")).order_by("pk").values_list("pk", "n")),
    "average of related": lambda: list(B.annotate(n=Avg("reviews__stars")).order_by("pk").values_list("pk", "n")),
    "group": lambda: list(B.values("status").annotate(n=Count("pk")).order_by("status").values_list("status", "n")),
    "group over a relation": lambda: list(B.values("author__name").annotate(n=Count("pk"), p=Sum("pages")).order_by("author__name").values_list("author__name", "n", "p")),
    "group by two": lambda: list(B.values("author", "status").annotate(n=Count("pk")).order_by("author", "status").values_list("author", "status", "n")),
    "group with null": lambda: list(B.values("editor").annotate(n=Count("pk")).order_by(F("editor").asc(nulls_first=True)).values_list("editor", "n")),
    "having": lambda: list(B.values("author__name").annotate(n=Count("pk")).filter(n__gt=1).order_by("author__name").values_list("author__name", "n")),
    "filter by a count": lambda: ids(A.annotate(n=Count("books")).filter(n__gte=2)),
    "filter by a sum": lambda: ids(A.annotate(n=Sum("books__pages")).filter(n__gt=300)),
    "exclude by a count": lambda: ids(A.annotate(n=Count("books")).exclude(n=2)),
    "order by a count": lambda: ids(A.annotate(n=Count("books")).order_by("-n", "pk")),
    "where before group": lambda: list(B.filter(pages__gt=0).values("status").annotate(n=Count("pk")).order_by("status").values_list("status", "n")),
    "filtered count of related": lambda: list(B.annotate(n=Count("reviews", filter=Q(reviews__stars__gte=4))).order_by("pk").values_list("pk", "n")),
    # Expressions
    "arithmetic": lambda: list(B.filter(pages__isnull=False).annotate(n=F("pages") * 2 + 1).order_by("pk").values_list("pk", "n")),
    "arithmetic with null": lambda: list(B.annotate(n=F("pages") + 1).order_by("pk").values_list("pk", "n")),
    "filter by arithmetic": lambda: ids(B.filter(pages__gt=F("weight") * 200)),
    "modulo": lambda: ids(B.annotate(n=Mod("pages", 3)).filter(n=2)),
    "lower": lambda: list(B.annotate(n=Lower("title")).exclude(pk=6).order_by("pk").values_list("n", flat=True)),
    "upper": lambda: list(A.annotate(n=Upper("name")).order_by("pk").values_list("n", flat=True)),
    "length": lambda: list(B.annotate(n=Length("title")).order_by("pk").values_list("n", flat=True)),
    "concat": lambda: list(B.annotate(n=Concat("title", Value(": "), "status")).order_by("pk").values_list("n", flat=True)),
    "concat with null": lambda: list(B.annotate(n=Concat("title", Value("|"), "subtitle")).order_by("pk").values_list("n", flat=True)),
    "substr": lambda: list(B.annotate(n=Substr("title", 2, 3)).order_by("pk").values_list("n", flat=True)),
    "left and right": lambda: list(B.annotate(n=Left("title", 2), m=Right("title", 2)).order_by("pk").values_list("n", "m")),
    "replace": lambda: list(B.annotate(n=Replace("title", Value("i"), Value("!"))).order_by("pk").values_list("n", flat=True)),
    "reverse text": lambda: list(A.annotate(n=Reverse("name")).order_by("pk").values_list("n", flat=True)),
    "pads": lambda: list(A.annotate(n=LPad("name", 5, Value("*")), m=RPad("name", 5, Value("-"))).order_by("pk").values_list("n", "m")),
    "repeat": lambda: list(T.annotate(n=Repeat("name", 2)).order_by("pk").values_list("n", flat=True)),
    "position": lambda: list(B.annotate(n=StrIndex("title", Value("i"))).order_by("pk").values_list("n", flat=True)),
    "trim": lambda: list(B.annotate(n=Trim(Concat(Value("  "), "title", Value(" ")))).order_by("pk").values_list("n", flat=True)),
    "coalesce": lambda: list(B.annotate(n=Coalesce("pages", -1)).order_by("pk").values_list("n", flat=True)),
    "nullif": lambda: list(B.annotate(n=NullIf("pages", 80)).order_by("pk").values_list("n", flat=True)),
    "greatest": lambda: list(B.annotate(n=Greatest("pages", Value(100))).filter(pages__isnull=False).order_by("pk").values_list("n", flat=True)),
    "least": lambda: list(B.annotate(n=Least("pages", Value(100))).filter(pages__isnull=False).order_by("pk").values_list("n", flat=True)),
    "abs": lambda: list(B.annotate(n=Abs(F("pages") - 100)).order_by("pk").values_list("n", flat=True)),
    "floor and ceil": lambda: list(B.annotate(n=Floor("weight"), m=Ceil("weight")).order_by("pk").values_list("n", "m")),
    "round": lambda: list(B.annotate(n=Round("weight", 1)).exclude(pk__in=[2, 4]).order_by("pk").values_list("n", flat=True)),
    "cast to text": lambda: list(B.annotate(n=Cast("pages", CharField())).order_by("pk").values_list("n", flat=True)),
    "cast to integer": lambda: list(B.annotate(n=Cast(Value("12"), IntegerField())).order_by("pk").values_list("n", flat=True)[:1]),
    "case": lambda: list(B.annotate(n=Case(When(pages__gte=300, then=Value("long")), When(pages__gte=100, then=Value("middle")), default=Value("short"))).order_by("pk").values_list("n", flat=True)),
    "case without default": lambda: list(B.annotate(n=Case(When(pages__gte=300, then=Value(1)))).order_by("pk").values_list("n", flat=True)),
    "order by a case": lambda: ids(B.order_by(Case(When(status="draft", then=0), When(status="published", then=1), default=2), "pk")),
    "extract": lambda: list(B.filter(published_at__isnull=False).annotate(a=ExtractIsoYear("published_at"), b=ExtractWeek("published_at"), c=ExtractHour("published_at")).order_by("pk").values_list("a", "b", "c")),
    "hour in Oslo": lambda: list(B.filter(published_at__isnull=False).annotate(n=ExtractHour("published_at", tzinfo=OSLO)).order_by("pk").values_list("n", flat=True)),
    "year": lambda: ids(B.filter(published_at__year=2024)),
    "trunc day in Oslo": lambda: list(B.filter(published_at__isnull=False).annotate(n=TruncDay("published_at", tzinfo=OSLO)).order_by("pk").values_list("n", flat=True)),
    "trunc hour": lambda: list(B.filter(published_at__isnull=False).annotate(n=TruncHour("published_at")).order_by("pk").values_list("n", flat=True)),
    "trunc month": lambda: list(B.filter(published_at__isnull=False).annotate(n=TruncMonth("published_at")).order_by("pk").values_list("n", flat=True)),
    "trunc year in Oslo": lambda: list(B.filter(published_at__isnull=False).annotate(n=TruncYear("published_at", tzinfo=OSLO)).order_by("pk").values_list("n", flat=True)),
    "trunc date in Oslo": lambda: list(B.filter(published_at__isnull=False).annotate(n=TruncDate("published_at", tzinfo=OSLO)).order_by("pk").values_list("n", flat=True)),
    # Subqueries and windows
    "exists subquery": lambda: ids(B.filter(Exists(Review.objects.filter(book=OuterRef("pk"), stars=5)))),
    "not exists": lambda: ids(B.filter(~Exists(Review.objects.filter(book=OuterRef("pk"))))),
    "subquery": lambda: list(B.annotate(n=Subquery(Review.objects.filter(book=OuterRef("pk")).order_by("-pk").values("text")[:1])).order_by("pk").values_list("pk", "n")),
    "row number": lambda: list(B.annotate(n=Window(RowNumber(), partition_by="author", order_by="pk")).order_by("pk").values_list("pk", "n")),
    "rank": lambda: list(B.annotate(n=Window(Rank(), order_by="price"), m=Window(DenseRank(), order_by="price")).order_by("pk").values_list("pk", "n", "m")),
    "lag and lead": lambda: list(B.annotate(n=Window(Lag("pk"), order_by="pk"), m=Window(Lead("pk", 2), order_by="pk")).order_by("pk").values_list("n", "m")),
    "running sum": lambda: list(B.annotate(n=Window(Sum("pages"), order_by="pk")).order_by("pk").values_list("n", flat=True)),
    "first of a window": lambda: list(B.annotate(n=Window(FirstValue("title"), partition_by="author", order_by="pk")).order_by("pk").values_list("n", flat=True)),
    "ntile": lambda: list(B.annotate(n=Window(Ntile(3), order_by="pk")).order_by("pk").values_list("n", flat=True)),
    "filter by a window": lambda: ids(B.annotate(n=Window(RowNumber(), partition_by="author", order_by="-pk")).filter(n=1)),
    # Sets
    "union": lambda: sorted(B.filter(pages=80).values_list("pk", flat=True).union(B.filter(status="archived").values_list("pk", flat=True))),
    "union all": lambda: sorted(B.filter(pages=80).values_list("pk", flat=True).union(B.filter(status="archived").values_list("pk", flat=True), all=True)),
    "intersection": lambda: sorted(B.filter(pages=80).values_list("pk", flat=True).intersection(B.filter(status="archived").values_list("pk", flat=True))),
    "difference": lambda: sorted(B.filter(pages=80).values_list("pk", flat=True).difference(B.filter(status="archived").values_list("pk", flat=True))),
    "distinct values": lambda: list(B.order_by("status").values_list("status", flat=True).distinct()),
    "values over many": lambda: list(B.filter(tags__name__in=["nature", "sea"]).order_by("pk", "tags__name").values_list("pk", "tags__name")),
    "none": lambda: ids(B.none()),
    "contains": lambda: B.filter(pages=80).contains(B.get(pk=4)),
}

if __name__ == "__main__":
    load()
    answers = {name: rows(query()) for name, query in QUERIES.items()}
    print("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in answers.items()) + "\n}")
