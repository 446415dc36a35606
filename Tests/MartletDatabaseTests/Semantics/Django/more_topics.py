"""More topics of `ask_django_typed.py`."""

from asking import A, B, KOLKATA, OSLO, R, T, beside, frame, ids, moments, moved, titled
from django.db.models import (
    Avg, Case, Count, DateField, F, Max, Min, FloatField, OuterRef, Q, RowRange, StdDev, Subquery, Sum, Value,
    ValueRange, Variance, When, Window, WindowFrameExclusion)
from django.db.models.functions import (
    MD5, SHA224, SHA256, SHA384, SHA512, ACos, ASin, ATan, ATan2, Cast, Chr, Coalesce, Concat, Cos, Cot, Degrees,
    Exp, ExtractDay, ExtractIsoWeekDay, ExtractIsoYear, ExtractMinute, ExtractMonth, ExtractQuarter, ExtractSecond,
    ExtractWeek, ExtractWeekDay, ExtractYear, FirstValue, Lag, LastValue, Lead, Left, Length, Ln, Log, Lower,
    LTrim, Mod, NthValue, NullIf, Ord, Pi, Radians, Rank, Replace, Reverse, Right, RowNumber, RTrim, Sin, Sqrt,
    StrIndex, Substr, Tan, Trim, TruncDate, TruncDay, TruncHour, TruncMinute, TruncMonth, TruncQuarter,
    TruncSecond, TruncTime, TruncWeek, Upper)

FUNCTIONS = {
    "root and exponential": lambda: beside(B, n=Sqrt("weight"), m=Exp("weight")),
    "logarithms": lambda: beside(B, n=Ln("weight"), m=Log(2, "weight")),
    "sine, cosine, tangent": lambda: beside(B, n=Sin("weight"), m=Cos("weight"), o=Tan("weight")),
    "cotangent": lambda: beside(B, n=Cot("weight")),
    "arcs": lambda: beside(B.filter(weight__lte=1), n=ASin("weight"), m=ACos("weight"), o=ATan("weight")),
    "arc of two": lambda: beside(B, n=ATan2("weight", Cast("pages", FloatField()))),
    "degrees and radians": lambda: beside(B, n=Degrees("weight"), m=Radians("weight")),
    "pi": lambda: beside(B.filter(pk=1), n=Pi() * F("weight")),
    "modulo of fractions": lambda: beside(B, n=Mod("weight", 0.4)),
    "trimmed on one side": lambda: beside(
        T, n=Concat(Value("|"), LTrim(Concat(Value("  "), "name", Value(" "))), Value("|")),
        m=Concat(Value("|"), RTrim(Concat(Value("  "), "name", Value(" "))), Value("|"))),
    "code of the first letter": lambda: beside(B, n=Ord("title")),
    "letter of a code": lambda: beside(B, n=Chr(Ord("title"))),
    "digests": lambda: beside(B, n=MD5("title"), m=SHA256("subtitle")),
    "long digests": lambda: beside(T, n=SHA224("name"), m=SHA384("name"), o=SHA512("name")),
    "coalesce of three": lambda: beside(B, n=Coalesce("subtitle", "editor__name", Value("-"))),
    "nullif of text": lambda: beside(B, n=NullIf("status", Value("draft"))),
    "substr to the end": lambda: beside(B, n=Substr("title", 3)),
    "replaced by nothing": lambda: beside(B, n=Replace("title", Value("i"))),
    "position of a column": lambda: beside(B, n=StrIndex("title", Left("title", 1))),
    "cast to a fraction": lambda: beside(B, n=Cast("pages", FloatField())),
    "nested functions": lambda: beside(B.exclude(pk=6), n=Upper(Left(Reverse(Trim("title")), 3))),
    "filter by a function": lambda: ids(B.annotate(n=Length(Trim("title"))).filter(n__lt=6)),
    "filter by two functions": lambda: ids(B.annotate(n=Left("title", 1), m=Right("title", 1)).filter(n=Upper("m"))),
    "exclude by a function of null": lambda: ids(B.annotate(n=Length("subtitle")).exclude(Q(n__gt=8) | Q(n__isnull=True))),
    "order by a function": lambda: ids(B.exclude(pk=6).order_by(Lower(Right("title", 1)), "pk")),
    "order by a fraction": lambda: ids(B.order_by(Mod("weight", 0.4).desc(), "pk")),
}

FILTERED = {
    "sample deviation and variance": lambda: B.aggregate(a=StdDev("weight", sample=True), b=Variance("weight")),
    "filtered and distinct": lambda: B.aggregate(
        a=Count("author", distinct=True, filter=Q(status="published")),
        b=Sum("pages", distinct=True, filter=Q(pages__lt=200)), c=Avg("pages", filter=Q(status="draft")),
        d=Min("price", filter=Q(pages=80))),
    "filtered over many": lambda: B.aggregate(
        a=Count("reviews", filter=Q(reviews__stars=5)), b=Avg("reviews__stars", filter=Q(status="published"))),
    "filtered by a column of an optional relation": lambda: B.aggregate(
        a=Count("pk", filter=Q(editor__name="Ann")), b=Count("pk", filter=~Q(editor__name="Ann"))),
    "filtered by null": lambda: B.aggregate(a=Count("pk", filter=Q(subtitle__isnull=True)), b=Max("pages", filter=Q(subtitle=""))),
    "filtered by a list": lambda: B.aggregate(a=Sum("pages", filter=Q(pk__in=[1, 4, 7]))),
    "filtered by an empty list": lambda: B.aggregate(a=Count("pk", filter=Q(pk__in=[]))),
    "a default of what is filtered": lambda: B.aggregate(
        a=Avg("pages", filter=Q(pk=99), default=0.5), b=Min("title", filter=Q(pk=99), default="none")),
    "groups, filtered and distinct": lambda: beside(
        A, n=Count("books__tags", distinct=True, filter=Q(books__pages__gt=100))),
    "groups, filtered with a default": lambda: beside(
        A, n=Sum("books__pages", filter=Q(books__status="published"), default=0)),
    "groups of a case": lambda: B.aggregate(a=Sum(Case(When(status="draft", then="pages"), default=Value(1)))),
    "having two": lambda: ids(
        A.annotate(n=Count("books"), m=Max("books__pages")).filter(n__gte=1, m__lt=400)),
    "having or": lambda: ids(A.annotate(n=Count("books"), m=Max("books__pages")).filter(Q(n=0) | Q(m__gt=300))),
    "having, filtered": lambda: ids(
        A.annotate(n=Count("books", filter=Q(books__status="published"))).filter(n__gte=1)),
    "having a distinct count": lambda: ids(B.annotate(n=Count("reviews__reader", distinct=True)).filter(n=2)),
    "having null": lambda: ids(A.annotate(m=Max("books__pages")).filter(m__isnull=True)),
    "excluded by a maximum that may be null": lambda: ids(A.annotate(m=Max("books__pages")).exclude(Q(m__gt=300) | Q(m__isnull=True))),
    "order by an aggregate with nulls": lambda: ids(
        A.annotate(m=Max("books__pages")).order_by(F("m").desc(nulls_last=True), "pk")),
    "group by a part": lambda: list(
        B.filter(published_at__isnull=False).annotate(y=ExtractYear("published_at")).values_list("y")
        .annotate(n=Count("pk"), p=Sum("price")).order_by("y")),
    "group by a length": lambda: list(
        B.annotate(y=Length("status")).values_list("y").annotate(n=Count("pk")).order_by("y")),
    "order by a subquery": lambda: ids(B.order_by(
        Subquery(R.filter(book=OuterRef("pk")).values("book").annotate(n=Sum("stars")).values("n")).desc(
            nulls_last=True), "pk")),
}

FRAMES = {
    "range to the current one": lambda: frame(ValueRange(start=None, end=0), order_by="price"),
    "range from the current one": lambda: frame(ValueRange(start=0, end=None), order_by="price"),
    "the whole range": lambda: frame(ValueRange(), order_by="price"),
    "rows to the end": lambda: frame(RowRange(start=0, end=None), order_by="pk"),
    "rows before": lambda: frame(RowRange(start=-2, end=-1), order_by="pk"),
    "rows behind": lambda: frame(RowRange(start=1, end=2), order_by="pk"),
    "this row": lambda: frame(RowRange(start=0, end=0), order_by="pk"),
    "without the current one": lambda: frame(
        RowRange(start=-1, end=1, exclusion=WindowFrameExclusion.CURRENT_ROW), order_by="pk"),
    "without the group": lambda: frame(
        ValueRange(start=None, end=None, exclusion=WindowFrameExclusion.GROUP), order_by="price"),
    "without ties": lambda: frame(
        ValueRange(start=None, end=None, exclusion=WindowFrameExclusion.TIES), order_by="price"),
    "in partitions": lambda: frame(RowRange(start=-1, end=0), order_by="pk", partition_by="author"),
    "partitions of two": lambda: beside(B, n=Window(Count("pk"), partition_by=["author", "status"])),
    "partitions of an expression": lambda: beside(B, n=Window(Count("pk"), partition_by=Length("title"))),
    "order of an expression": lambda: beside(B, n=Window(Rank(), order_by=Length("title").desc())),
    "order of two": lambda: beside(B, n=Window(RowNumber(), order_by=["status", F("weight").desc()])),
    "filtered": lambda: beside(B, n=Window(Count("pk", filter=Q(status="published")), order_by="pk")),
    "two behind with null": lambda: beside(B, n=Window(Lag("title", 2), partition_by="status", order_by="pk")),
    "next of null": lambda: beside(B, n=Window(Lead("pages"), order_by="pk")),
    "last up to here": lambda: beside(B, n=Window(LastValue("title"), partition_by="author", order_by="pk")),
    "third of all": lambda: beside(B, n=Window(NthValue("title", 3), order_by="pk", frame=RowRange())),
    "difference to the first": lambda: beside(
        B, n=F("weight") - Window(FirstValue("weight"), partition_by="author", order_by="pk")),
    "order by a number": lambda: ids(B.order_by(Window(RowNumber(), order_by=[F("price").desc(), "pk"]))),
    "over a relation": lambda: beside(
        B, n=Window(Rank(), partition_by="author__country", order_by=["weight", "pk"])),
    "of an aggregate": lambda: list(
        B.values_list("status").annotate(n=Count("pk")).annotate(m=Window(Rank(), order_by=F("n").desc()))
        .order_by("status")),
}

ORDERED_SETS = {
    "union in an order": lambda: titled(B.filter(pages=80)).union(titled(B.filter(status="archived"))).order_by("title"),
    "union backwards": lambda: titled(B.filter(pages=80)).union(titled(B.filter(status="archived"))).order_by("-title"),
    "union of three in an order": lambda: titled(B.filter(pages=80)).union(
        titled(B.filter(status="archived")), titled(B.filter(pk__lt=3))).order_by("-id"),
    "union, all of it in an order": lambda: titled(B.filter(pages=80)).union(
        titled(B.filter(status="archived")), all=True).order_by("title"),
    "slice of a union": lambda: titled(B.filter(pages=80)).union(titled(B.filter(status="archived"))).order_by("-title")[1:3],
    "first of a union": lambda: titled(B.filter(pages=80)).union(titled(B.filter(status="archived"))).order_by("-title")[:1],
    "count of a union": lambda: B.filter(pages=80).union(B.filter(status="archived")).count(),
    "count of all of a union": lambda: B.filter(pages=80).union(B.filter(status="archived"), all=True).count(),
    "intersection in an order": lambda: titled(B.filter(pages__gt=79)).intersection(
        titled(B.filter(weight__lt=1))).order_by("-title"),
    "intersection of three": lambda: titled(B.filter(pages__gt=79)).intersection(
        titled(B.filter(weight__lt=1)), titled(B.filter(author=2))).order_by("title"),
    "difference in an order": lambda: titled(B.filter(weight__lt=1)).difference(
        titled(B.filter(status="draft"))).order_by("-title"),
    "difference of three": lambda: titled(B.filter(weight__lt=2)).difference(
        titled(B.filter(status="draft")), titled(B.filter(author=1))).order_by("title"),
    "count of a difference": lambda: B.filter(weight__lt=1).difference(B.filter(status="draft")).count(),
    "intersection with nothing": lambda: list(titled(B.filter(weight__lt=1)).intersection(titled(B.none()))),
    "difference from nothing": lambda: list(titled(B.filter(weight__lt=0)).difference(titled(B.filter(pk=1)))),
    "union over a relation": lambda: titled(B.filter(author__country__name="Norway")).union(
        titled(B.filter(tags__name="sea"))).order_by("title"),
    "distinct in an order over many": lambda: list(
        B.filter(tags__name__in=["nature", "craft"]).order_by("-weight").distinct().values_list("pk", flat=True)),
    "slice of what is excluded": lambda: ids(B.exclude(tags__name="nature").order_by("-weight")[1:4]),
    "the last in an order over two": lambda: [B.order_by("author__name", "-pk").last().pk],
    "the latest": lambda: [B.filter(published_at__isnull=False).latest("published_at").pk],
    "the earliest by two": lambda: [B.earliest("status", "-weight").pk],
}

CLOCKS = {
    "parts in a zone": lambda: moments(
        a=ExtractYear("published_at", tzinfo=OSLO), b=ExtractMonth("published_at", tzinfo=OSLO),
        c=ExtractDay("published_at", tzinfo=OSLO)),
    "minutes and seconds": lambda: moments(
        a=ExtractMinute("published_at", tzinfo=KOLKATA), b=ExtractSecond("published_at", tzinfo=KOLKATA)),
    "quarter and weeks in a zone": lambda: moments(
        a=ExtractQuarter("published_at", tzinfo=OSLO), b=ExtractIsoYear("published_at", tzinfo=OSLO),
        c=ExtractIsoWeekDay("published_at", tzinfo=OSLO)),
    "parts of days": lambda: beside(
        A, a=ExtractYear("born"), b=ExtractMonth("born"), c=ExtractWeekDay("born")),
    "more parts of days": lambda: beside(A, a=ExtractIsoYear("born"), b=ExtractWeek("born"), c=ExtractQuarter("born")),
    "minute": lambda: moments(n=TruncMinute("published_at")),
    "second": lambda: moments(n=TruncSecond("published_at", tzinfo=KOLKATA)),
    "day at a distance of half an hour": lambda: moments(n=TruncDay("published_at", tzinfo=KOLKATA)),
    "month across the change": lambda: moments(n=TruncMonth("published_at", tzinfo=OSLO)),
    "an hour later, its hour": lambda: [row for row in moved(TruncHour, OSLO, hours=1) if row[0] != 4],
    "an hour later, its day": lambda: moved(TruncDay, OSLO, hours=1),
    "a day later, its day": lambda: moved(TruncDay, OSLO, days=1),
    "a day earlier, its week": lambda: moved(TruncWeek, OSLO, days=-1),
    "half a year later, its quarter": lambda: moved(TruncQuarter, OSLO, days=182),
    "half a year later, its month": lambda: moved(TruncMonth, KOLKATA, days=182),
    "two hours later, its time": lambda: moved(TruncTime, OSLO, hours=2),
    "a day earlier, its date": lambda: moved(TruncDate, KOLKATA, days=-1),
    "weeks of days": lambda: beside(A.filter(born__isnull=False), n=TruncWeek("born", output_field=DateField())),
    "quarters of days": lambda: beside(A.filter(born__isnull=False), n=TruncQuarter("born", output_field=DateField())),
    "group by a day in a zone": lambda: list(
        B.filter(published_at__isnull=False).annotate(d=TruncDate("published_at", tzinfo=OSLO)).values_list("d")
        .annotate(n=Count("pk")).order_by("d")),
    "weeks": lambda: list(B.filter(published_at__isnull=False).datetimes("published_at", "week", tzinfo=OSLO)),
    "hours": lambda: list(B.filter(published_at__isnull=False).datetimes("published_at", "hour", tzinfo=KOLKATA)),
    "days of days": lambda: list(A.dates("born", "day")),
    "weeks as days": lambda: list(A.dates("born", "week", order="DESC")),
}

MORE_TOPICS = {
    "functions": FUNCTIONS, "filtered": FILTERED, "frames": FRAMES, "ordered sets": ORDERED_SETS, "clocks": CLOCKS,
}
