"""What the topics of `ask_django_typed.py` ask with: the models' managers, zones, and the forms of answers."""

import datetime
import decimal
import zoneinfo

from ask_django import Author, Book, Country, Review, Tag, models
from django.db.models import DateTimeField, ExpressionWrapper, F, Sum, Window
from django.utils import timezone

UTC = datetime.timezone.utc
OSLO = zoneinfo.ZoneInfo("Europe/Oslo")
KOLKATA = zoneinfo.ZoneInfo("Asia/Kolkata")
B, A, R, C, T = (model.objects for model in (Book, Author, Review, Country, Tag))


def moment(*parts):
    return datetime.datetime(*parts, tzinfo=UTC)


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
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case datetime.timedelta():
            return str(int(value / datetime.timedelta(microseconds=1)))
        case models.Model():
            return str(value.pk)
    return str(value)


def rows(answer):
    """An answer as rows of texts: of a query set, of a dictionary of aggregates, or of a single value."""
    if isinstance(answer, dict):
        answer = [tuple(answer.values())]
    if not isinstance(answer, (list, models.QuerySet)):
        answer = [answer]
    return [[text(cell) for cell in (row if isinstance(row, (list, tuple)) else [row])] for row in answer]


def ids(query):
    """The primary keys, in the order of the query if it has one, else in theirs."""
    return list((query if query.ordered else query.order_by("pk")).values_list("pk", flat=True))


def beside(query, **annotations):
    """What was annotated to each row, in the order of the primary keys."""
    return list(query.annotate(**annotations).order_by("pk").values_list("pk", *annotations))


def moments(**annotations):
    return beside(B.filter(published_at__isnull=False), **annotations)


def in_oslo(query):
    """With Oslo as Django's current zone: of a part with a zone of its own Django compares the year in the current one."""
    with timezone.override(OSLO):
        return query()


def window(function, **over):
    return beside(B, n=Window(function, **over))


def frame(frame, **over):
    return beside(B, n=Window(Sum("weight"), frame=frame, **over))


def moved(truncation, zone, **distance):
    """What is left of the moments after some time, cut in a zone."""
    return beside(
        B.filter(published_at__isnull=False).annotate(
            later=ExpressionWrapper(F("published_at") + datetime.timedelta(**distance), DateTimeField())),
        n=truncation("later", tzinfo=zone))


def titled(query):
    return query.values_list("id", "title")


def pks(query):
    return query.values_list("pk", flat=True)


def union(first, *rest, **options):
    return sorted(pks(first).union(*(pks(query) for query in rest), **options))


def updated(query, **values):
    """What an update has written, which is taken back."""
    from django.db import transaction

    changed = ids(query)
    with transaction.atomic():
        query.update(**values)
        found = list(B.filter(pk__in=changed).order_by("pk").values_list("pk", *values))
        transaction.set_rollback(True)
    return found
