"""Asks Django the queries of `TypedSemanticsTests` and prints its answers as JSON.

    python ask_django_typed.py > typed_answers.json

The models and rows are those of `ask_django.py`. A query's answer is a list of rows, and every row a list of texts: `null`,
`true`, `3`, `0.5`, `10.08`, `2024-03-31T00:30:00Z`. Needs Django 5.2, with a SQLite of 3.39 or newer.
"""

import datetime
import json

from ask_django import load, models
from asking import (
    A, B, C, KOLKATA, OSLO, R, T, beside, ids, in_oslo, moment, moments, pks, rows, union, updated,
    window)
from django.db.models import (
    Avg, Case, CharField, Count, DateField, DateTimeField, Exists, ExpressionWrapper, F, IntegerField, Max, Min,
    OuterRef, Prefetch, Q, RowRange, StdDev, Subquery, Sum, Value, Variance, When, Window)
from django.db.models.functions import (
    Abs, Cast, Ceil, Coalesce, Concat, CumeDist, DenseRank, ExtractHour, ExtractIsoWeekDay, ExtractIsoYear,
    ExtractQuarter, ExtractWeek, ExtractWeekDay, FirstValue, Floor, Greatest, Lag, LastValue, Lead, Least, Left,
    Length, Lower, LPad, Mod, NthValue, Ntile, NullIf, PercentRank, Power, Rank, Repeat, Replace, Reverse, Right,
    Round, RowNumber, RPad, Sign, StrIndex, Substr, Trim, TruncDate, TruncDay, TruncHour, TruncMonth, TruncQuarter,
    TruncTime, TruncWeek, TruncYear, Upper)
from more_topics import MORE_TOPICS

AGGREGATES = {
    "all at once": lambda: B.aggregate(a=Count("pk"), b=Sum("pages"), c=Avg("pages"), d=Min("pages"), e=Max("pages")),
    "of no rows": lambda: B.filter(pk=99).aggregate(a=Count("pk"), b=Sum("pages"), c=Avg("pages"), d=Max("pages")),
    "of decimals": lambda: B.aggregate(a=Sum("price"), b=Max("price"), c=Min("price")),
    "a tenth and two": lambda: B.filter(pk__in=[3, 4]).aggregate(a=Sum("price")),
    "average of decimals": lambda: B.filter(pk__in=[1, 2, 3, 4]).aggregate(a=Avg("price")),
    # Of what is never null: Django's own function in SQLite fails for nulls, and for a sample of one.
    "deviation and variance": lambda: B.aggregate(a=StdDev("weight"), b=Variance("weight", sample=True)),
    "count of a column leaves nulls out": lambda: B.aggregate(a=Count("pages"), b=Count("subtitle")),
    "distinct count": lambda: B.aggregate(a=Count("pages", distinct=True), b=Count("status", distinct=True)),
    "distinct sum": lambda: B.aggregate(a=Sum("pages", distinct=True), b=Avg("price", distinct=True)),
    "filtered": lambda: B.aggregate(
        a=Count("pk", filter=Q(status="published")), b=Sum("pages", filter=Q(status="draft")),
        c=Max("price", filter=Q(pages__isnull=True)), d=Sum("pages", filter=Q(pk=99))),
    "with a default": lambda: B.filter(pk=99).aggregate(a=Sum("pages", default=0), b=Max("title", default="-")),
    "over a relation": lambda: B.aggregate(a=Avg("reviews__stars"), b=Count("reviews")),
    "over an optional relation": lambda: B.aggregate(a=Count("editor"), b=Max("editor__name")),
    "of a slice": lambda: B.order_by("pk")[:3].aggregate(a=Sum("pages")),
    "of distinct rows": lambda: B.filter(tags__name__in=["nature", "craft"]).distinct().aggregate(a=Sum("pages")),
    "of rows that a join repeats": lambda: B.filter(tags__name__in=["nature", "craft"]).aggregate(a=Sum("pages")),
    "of an expression": lambda: B.aggregate(a=Sum(F("pages") * 2), b=Max(Length("title"))),
    "of moments and days": lambda: [(
        B.aggregate(a=Min("published_at"))["a"], B.aggregate(a=Max("published_at"))["a"], A.aggregate(a=Min("born"))["a"])],
    "of annotations": lambda: A.annotate(n=Count("books")).aggregate(a=Avg("n"), b=Max("n")),
    "arithmetic of aggregates": lambda: B.aggregate(a=Max("pages") - Min("pages")),
}

GROUPS = {
    "count of related rows": lambda: beside(A, n=Count("books")),
    "two counts": lambda: beside(B, n=Count("tags", distinct=True), m=Count("reviews", distinct=True)),
    "sum of related rows": lambda: beside(A, n=Sum("books__pages")),
    "average of related rows": lambda: beside(B, n=Avg("reviews__stars")),
    "sum of related decimals": lambda: beside(A, n=Sum("books__price")),
    "filtered count of related rows": lambda: beside(B, n=Count("reviews", filter=Q(reviews__stars__gte=4))),
    "count over two relations": lambda: beside(C, n=Count("authors__books__reviews")),
    "count over many to many": lambda: beside(T, n=Count("books"), m=Count("books__author", distinct=True)),
    "group": lambda: list(B.values_list("status").annotate(n=Count("pk")).order_by("status")),
    "group over a relation": lambda: list(
        B.values_list("author__name").annotate(n=Count("pk"), p=Sum("pages")).order_by("author__name")),
    "group by two": lambda: list(B.values_list("author", "status").annotate(n=Count("pk")).order_by("author", "status")),
    "group with null": lambda: list(
        B.values_list("editor").annotate(n=Count("pk")).order_by(F("editor").asc(nulls_first=True))),
    "group by an expression": lambda: list(
        B.annotate(y=Case(When(pages__gte=100, then=Value("long")), default=Value("short")))
        .values_list("y").annotate(n=Count("pk")).order_by("y")),
    "group by a month": lambda: list(
        B.filter(published_at__isnull=False).annotate(m=TruncMonth("published_at", tzinfo=OSLO)).values_list("m")
        .annotate(n=Count("pk")).order_by("m")),
    "group ordered by its count": lambda: list(
        B.values_list("status").annotate(n=Count("pk")).order_by("-n", "status")),
    "having": lambda: list(
        B.values_list("author__name").annotate(n=Count("pk")).filter(n__gt=1).order_by("author__name")),
    "having and where": lambda: list(
        B.filter(pages__gt=100).values_list("author__name").annotate(n=Count("pk")).filter(n__gt=1)
        .order_by("author__name")),
    "where before group": lambda: list(
        B.filter(pages__gt=0).values_list("status").annotate(n=Count("pk")).order_by("status")),
    "filter by a count": lambda: ids(A.annotate(n=Count("books")).filter(n__gte=2)),
    "filter by no related rows": lambda: ids(A.annotate(n=Count("books")).filter(n=0)),
    "filter by a sum": lambda: ids(A.annotate(n=Sum("books__pages")).filter(n__gt=300)),
    "exclude by a count": lambda: ids(A.annotate(n=Count("books")).exclude(n=2)),
    "filter by a count or a column": lambda: ids(A.annotate(n=Count("books")).filter(Q(n__gte=3) | Q(name="Dag"))),
    "compare two counts": lambda: ids(
        B.annotate(n=Count("tags", distinct=True), m=Count("reviews", distinct=True)).filter(n__gt=F("m"))),
    "order by a count": lambda: ids(A.annotate(n=Count("books")).order_by("-n", "pk")),
    "count of what a count finds": lambda: A.annotate(n=Count("books")).filter(n__gte=2).count(),
}

EXPRESSIONS = {
    "arithmetic": lambda: beside(B.filter(pages__isnull=False), n=F("pages") * 2 + 1),
    "arithmetic with null": lambda: beside(B, n=F("pages") + 1),
    "arithmetic with decimals": lambda: beside(B, n=F("price") + F("price"), m=F("price") * 3),
    "filter by arithmetic": lambda: ids(B.filter(pages__gt=F("weight") * 200)),
    "filter by a column of a relation": lambda: ids(B.filter(author=F("editor__mentor"))),
    "exclude by a column that may be null": lambda: ids(B.exclude(title=F("subtitle"))),
    "modulo": lambda: ids(B.annotate(n=Mod("pages", 3)).filter(n=2)),
    "power and sign": lambda: beside(B, n=Power("weight", 2), m=Sign("weight")),
    "lower": lambda: beside(B.exclude(pk=6), n=Lower("title")),
    "upper": lambda: beside(A, n=Upper("name")),
    "length": lambda: beside(B, n=Length("title"), m=Length("subtitle")),
    "concat": lambda: beside(B, n=Concat("title", Value(": "), "status")),
    "concat with null": lambda: beside(B, n=Concat("title", Value("|"), "subtitle")),
    "substr": lambda: beside(B, n=Substr("title", 2, 3)),
    "left and right": lambda: beside(B, n=Left("title", 2), m=Right("title", 2)),
    "replace": lambda: beside(B, n=Replace("title", Value("i"), Value("!"))),
    "reverse": lambda: beside(A, n=Reverse("name")),
    "pads": lambda: beside(A, n=LPad("name", 5, Value("*")), m=RPad("name", 5, Value("-"))),
    "repeat": lambda: beside(T, n=Repeat("name", 2)),
    "position": lambda: beside(B, n=StrIndex("title", Value("i"))),
    "trim": lambda: beside(B, n=Trim(Concat(Value("  "), "title", Value(" ")))),
    "coalesce": lambda: beside(B, n=Coalesce("pages", -1)),
    "coalesce of relations": lambda: beside(B, n=Coalesce("editor__name", "author__name")),
    "nullif": lambda: beside(B, n=NullIf("pages", 80)),
    "greatest": lambda: beside(B.filter(pages__isnull=False), n=Greatest("pages", Value(100))),
    "least": lambda: beside(B.filter(pages__isnull=False), n=Least("pages", Value(100))),
    "abs": lambda: beside(B, n=Abs(F("pages") - 100)),
    "floor and ceil": lambda: beside(B, n=Floor("weight"), m=Ceil("weight")),
    "round": lambda: beside(B.exclude(pk__in=[2, 4]), n=Round("weight", 1)),
    "cast to text": lambda: beside(B, n=Cast("pages", CharField())),
    "cast to integer": lambda: beside(B.filter(pk=1), n=Cast(Value("12"), IntegerField())),
    "case": lambda: beside(B, n=Case(
        When(pages__gte=300, then=Value("long")), When(pages__gte=100, then=Value("middle")), default=Value("short"))),
    "case without default": lambda: beside(B, n=Case(When(pages__gte=300, then=Value(1)))),
    "case of columns": lambda: beside(B, n=Case(When(editor__isnull=False, then="editor__name"), default="title")),
    "case over many": lambda: ids(B.filter(pk=Case(When(status="draft", then=7), default=1))),
    "a condition as a value": lambda: beside(B, n=ExpressionWrapper(Q(pages__gt=100), models.BooleanField())),
    "order by a case": lambda: ids(
        B.order_by(Case(When(status="draft", then=0), When(status="published", then=1), default=2), "pk")),
    "order by an expression": lambda: ids(B.order_by(Lower("title"), "pk").exclude(pk=6)),
    "order by a length": lambda: ids(B.order_by(Length("title").desc(), "pk")),
    "order with nulls last": lambda: ids(B.order_by(F("pages").desc(nulls_last=True), "pk")),
    "order with nulls first": lambda: ids(B.order_by(F("pages").asc(nulls_first=True), "pk")),
    "order over an optional one, nulls last": lambda: ids(B.order_by(F("editor__name").asc(nulls_last=True), "pk")),
    "order over an optional one, nulls first": lambda: ids(B.order_by(F("editor__name").desc(nulls_first=True), "pk")),
    "reversed order with nulls": lambda: ids(B.order_by(F("pages").desc(nulls_last=True), "-pk").reverse()),
    "last of an order with nulls": lambda: B.order_by(F("pages").desc(nulls_last=True), "pk").last().pk,
}

DATES = {
    "parts": lambda: moments(
        a=ExtractIsoYear("published_at"), b=ExtractWeek("published_at"), c=ExtractHour("published_at")),
    "more parts": lambda: moments(
        a=ExtractQuarter("published_at"), b=ExtractWeekDay("published_at"), c=ExtractIsoWeekDay("published_at")),
    "hour across a change of clocks": lambda: moments(n=ExtractHour("published_at", tzinfo=OSLO)),
    "week in a zone": lambda: moments(n=ExtractWeek("published_at", tzinfo=OSLO)),
    "hour at a distance of half an hour": lambda: moments(n=ExtractHour("published_at", tzinfo=KOLKATA)),
    "filter by a year in a zone": lambda: in_oslo(lambda: ids(B.filter(published_at__year=2024))),
    "year": lambda: ids(B.filter(published_at__year=2024)),
    "year over a relation": lambda: ids(A.filter(books__published_at__year=2024).distinct()),
    "day of the change": lambda: moments(n=TruncDay("published_at", tzinfo=OSLO)),
    "hour": lambda: moments(n=TruncHour("published_at")),
    "hour of a zone": lambda: moments(n=TruncHour("published_at", tzinfo=KOLKATA)),
    "week": lambda: moments(n=TruncWeek("published_at", tzinfo=OSLO)),
    "month": lambda: moments(n=TruncMonth("published_at")),
    "quarter": lambda: moments(n=TruncQuarter("published_at", tzinfo=OSLO)),
    "year of a zone": lambda: moments(n=TruncYear("published_at", tzinfo=OSLO)),
    "date of a zone": lambda: moments(n=TruncDate("published_at", tzinfo=OSLO)),
    "time of a zone": lambda: moments(n=TruncTime("published_at", tzinfo=OSLO)),
    "date and time in UTC": lambda: moments(n=TruncDate("published_at"), m=TruncTime("published_at")),
    "filter by a date in a zone": lambda: ids(
        B.annotate(n=TruncDate("published_at", tzinfo=OSLO)).filter(n=datetime.date(2024, 1, 1))),
    "filter by a time in a zone": lambda: ids(
        B.annotate(n=TruncTime("published_at", tzinfo=OSLO)).filter(n__lt=datetime.time(2, 30))),
    "a moment later": lambda: moments(n=ExpressionWrapper(
        F("published_at") + datetime.timedelta(days=1, microseconds=1), DateTimeField())),
    "filter by a moment later": lambda: ids(
        B.filter(published_at__lte=moment(2024, 1, 1) - datetime.timedelta(microseconds=1))),
    "distance of moments": lambda: moments(n=ExpressionWrapper(
        F("published_at") - moment(2024, 1, 1), models.DurationField())),
    "filter by a distance": lambda: ids(
        B.annotate(n=ExpressionWrapper(F("published_at") - moment(2024, 1, 1), models.DurationField()))
        .filter(n__gt=datetime.timedelta(days=90, hours=1))),
    "days": lambda: list(B.filter(published_at__isnull=False).datetimes("published_at", "day", tzinfo=OSLO)),
    "months, the last first": lambda: list(B.datetimes("published_at", "month", order="DESC")),
    "years": lambda: list(B.datetimes("published_at", "year")),
    "dates": lambda: list(A.dates("born", "year")),
    "dates by month": lambda: list(A.dates("born", "month", order="DESC")),
    "months of days": lambda: beside(A.filter(born__isnull=False), n=TruncMonth("born", output_field=DateField())),
}

SUBQUERIES = {
    "exists": lambda: ids(B.filter(Exists(R.filter(book=OuterRef("pk"), stars=5)))),
    "not exists": lambda: ids(B.filter(~Exists(R.filter(book=OuterRef("pk"))))),
    "exists as a value": lambda: beside(B, n=Exists(R.filter(book=OuterRef("pk"), stars__isnull=True))),
    "exists or a column": lambda: ids(B.filter(Exists(R.filter(book=OuterRef("pk"), stars=5)) | Q(pages=0))),
    "one value": lambda: beside(B, n=Subquery(R.filter(book=OuterRef("pk")).order_by("-pk").values("text")[:1])),
    "one aggregate": lambda: beside(A, n=Subquery(
        B.filter(author=OuterRef("pk")).order_by().values("author").annotate(n=Max("pages")).values("n"))),
    "filter by one value": lambda: ids(B.filter(
        pages=Subquery(B.filter(author=OuterRef("author")).order_by(F("pages").desc(nulls_last=True)).values("pages")[:1]))),
    "outer over a relation": lambda: ids(B.filter(Exists(A.filter(mentor=OuterRef("author__mentor"), is_active=False)))),
    "outer of outer": lambda: ids(C.filter(Exists(A.filter(
        Exists(B.filter(author=OuterRef("pk"), author__country=OuterRef(OuterRef("pk")), pages__gt=100)))))),
    "in a query": lambda: ids(B.filter(author__in=A.filter(is_active=True))),
    "in a sliced query": lambda: ids(B.filter(author__in=A.order_by("-pk")[:2])),
    "in a query of a column": lambda: ids(A.filter(pk__in=B.filter(pages__gt=100).values("author"))),
    "not in a query with null": lambda: ids(A.exclude(pk__in=B.filter(editor__isnull=False).values("editor"))),
    "excluded over many": lambda: ids(B.exclude(tags__name="nature")),
    "excluded two over many": lambda: ids(B.exclude(tags__name="nature").exclude(tags__name="craft")),
    "excluded in over many": lambda: ids(B.exclude(tags__name__in=["nature", "craft"])),
    "excluded with null over many": lambda: ids(B.exclude(reviews__stars__gte=4)),
    "excluded over two relations": lambda: ids(A.exclude(books__tags__name="craft")),
    "excluded over an optional one": lambda: ids(B.exclude(editor__name="Ann")),
    "excluded or over an optional one": lambda: ids(B.exclude(Q(editor__name="Ann") | Q(pages=320))),
    "over many, a row for each": lambda: ids(B.filter(tags__name__in=["nature", "craft"])),
    "both in one filter": lambda: ids(B.filter(reviews__stars=5, reviews__reader__name="cid")),
    "each in its filter": lambda: ids(B.filter(tags__name="nature").filter(tags__name="craft")),
    "without any": lambda: ids(B.filter(tags=None)),
    "without related rows": lambda: ids(B.filter(reviews=None)),
    "not over many in an or": lambda: ids(B.filter(~Q(tags__name="nature") | Q(pages=120))),
    "self reference twice": lambda: ids(A.filter(mentor__mentor__name="Ann")),
    "update from a query": lambda: updated(
        B.filter(pk=1), pages=Subquery(R.filter(book=OuterRef("pk")).values("book").annotate(n=Sum("stars")).values("n"))),
    "update with a case": lambda: updated(
        B.filter(status="draft"), status=Case(When(pages__gt=1, then=Value("long")), default=Value("short"))),
}

WINDOWS = {
    "row number": lambda: window(RowNumber(), partition_by="author", order_by="pk"),
    "rank": lambda: window(Rank(), order_by="price"),
    "dense rank": lambda: window(DenseRank(), order_by="price"),
    "percent rank": lambda: window(PercentRank(), order_by="price"),
    "cumulative distribution": lambda: window(CumeDist(), order_by="price"),
    "ntile": lambda: window(Ntile(3), order_by="pk"),
    "lag": lambda: window(Lag("pk"), order_by="pk"),
    "lead with a default": lambda: window(Lead("pk", 2, 0), order_by="pk"),
    "running sum": lambda: window(Sum("pages"), order_by="pk"),
    "sum of a partition": lambda: window(Sum("pages"), partition_by="author"),
    "running average of three": lambda: window(Avg("weight"), order_by="pk", frame=RowRange(start=-1, end=1)),
    "running sum of decimals": lambda: window(Sum("price"), partition_by="author", order_by="pk"),
    "first": lambda: window(FirstValue("title"), partition_by="author", order_by="pk"),
    "last of all": lambda: window(LastValue("title"), partition_by="author", order_by="pk", frame=RowRange()),
    "second": lambda: window(NthValue("title", 2), partition_by="author", order_by="pk"),
    "filter by a number": lambda: ids(
        B.annotate(n=Window(RowNumber(), partition_by="author", order_by="-pk")).filter(n=1)),
    "filter by a rank and a column": lambda: ids(
        B.annotate(n=Window(Rank(), order_by="-price")).filter(n__lte=3, status="published")),
    # What `distinct("author")` returns, which Django's SQLite lacks.
    "distinct on": lambda: ids(
        B.annotate(n=Window(RowNumber(), partition_by="author", order_by=[F("pages").desc(nulls_last=True), "pk"]))
        .filter(n=1).order_by("author")),
}

SETS = {
    "union": lambda: union(B.filter(pages=80), B.filter(status="archived")),
    "union all": lambda: union(B.filter(pages=80), B.filter(status="archived"), all=True),
    "union of three": lambda: union(B.filter(pages=80), B.filter(status="archived"), B.filter(pk=1)),
    "intersection": lambda: sorted(pks(B.filter(pages=80)).intersection(pks(B.filter(status="archived")))),
    "difference": lambda: sorted(pks(B.filter(pages=80)).difference(pks(B.filter(status="archived")))),
    "union with none": lambda: union(B.filter(pages=80), B.none()),
    "or of two queries": lambda: ids(B.filter(pages=80) | B.filter(status="archived")),
    "distinct values": lambda: list(B.order_by("status").values_list("status", flat=True).distinct()),
    "distinct pairs": lambda: list(B.order_by("author", "status").values_list("author", "status").distinct()),
    "values over many": lambda: list(
        B.filter(tags__name__in=["nature", "sea"]).order_by("pk", "tags__name").values_list("pk", "tags__name")),
    "values over many without a filter": lambda: list(
        B.order_by("pk", F("tags__name").asc(nulls_first=True)).values_list("pk", "tags__name")),
    "values over an optional relation": lambda: list(
        B.order_by("pk").values_list("title", "editor__name", "editor__country__name")),
    "count of duplicates": lambda: B.filter(tags__name__in=["nature", "craft"]).count(),
    "count of distinct": lambda: B.filter(tags__name__in=["nature", "craft"]).distinct().count(),
    "count of a slice": lambda: B.order_by("pk")[2:5].count(),
    "beyond the end": lambda: ids(B.order_by("pk")[50:60]),
    "none": lambda: ids(B.none()),
    "contains": lambda: B.filter(pages=80).contains(B.get(pk=4)),
    "prefetched": lambda: [
        (book.pk, len(book.reviews.all())) for book in B.order_by("pk").prefetch_related("reviews")],
    "prefetched with a query": lambda: [
        (book.pk, len(book.good)) for book in B.order_by("pk").prefetch_related(
            Prefetch("reviews", R.filter(stars__gte=3), to_attr="good"))],
    "prefetched in an order": lambda: [
        (author.pk, " ".join(book.title for book in author.books.all())) for author in A.order_by("pk").prefetch_related(
            Prefetch("books", B.order_by(Length("title"), "pk")))],
    "prefetched over many to many": lambda: [
        (tag.pk, sum(len(book.reviews.all()) for book in tag.books.all()))
        for tag in T.order_by("pk").prefetch_related("books__reviews")],
}

TOPICS = {
    "aggregates": AGGREGATES, "groups": GROUPS, "expressions": EXPRESSIONS, "dates": DATES, "subqueries": SUBQUERIES,
    "windows": WINDOWS, "sets": SETS, **MORE_TOPICS,
}

if __name__ == "__main__":
    load()
    parts = []
    for topic, queries in TOPICS.items():
        answers = [f"    {json.dumps(name)}: {json.dumps(rows(query()), ensure_ascii=False)}" for name, query in queries.items()]
        parts.append(f"  {json.dumps(topic)}: {{\n" + ",\n".join(answers) + "\n  }")
    print("{\n" + ",\n".join(parts) + "\n}")
