"""Prints every name that Django's ORM has, under the headings of "Django's ORM in Martlet" in Docs/orm.md.

    python orm_names.py > orm_names.txt

Needs django and psycopg (django.contrib.postgres imports it; no server is asked). The names are read off Django's own
classes; those that can only be found in its documentation stand in lists below, with the page.
"""

import importlib
import inspect

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.postgres"],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "unused"}},
)
django.setup()

import django.db  # noqa: E402
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation  # noqa: E402
from django.contrib.contenttypes.prefetch import GenericPrefetch  # noqa: E402
from django.core import exceptions, validators  # noqa: E402
from django.db import connections, models, transaction, utils  # noqa: E402
from django.db.backends import signals as backend_signals  # noqa: E402
from django.db.models import aggregates, deletion, expressions, functions, options, signals  # noqa: E402
from django.db.models.expressions import Combinable  # noqa: E402
from django.db.models.functions import window  # noqa: E402
from django.db.models.lookups import Transform  # noqa: E402


def postgres(module):
    return importlib.import_module(f"django.contrib.postgres.{module}")


def own_classes(module):
    """The public classes of a module without `__all__`."""
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def exported(module):
    """The names in a module's `__all__`, or of its classes."""
    return set(getattr(module, "__all__", own_classes(module)))


def public(kind):
    return {name for name in dir(kind) if not name.startswith("_")}


def options_of(*callables):
    """The names of the parameters, but not `self`, `*args` and `**kwargs`."""
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {
        name
        for function in callables
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind in plain and name != "self"
    }


def descendants(kind):
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


class Child(models.Model):
    """A row that refers to another, for the methods that Django makes for such rows."""

    day = models.DateField()
    size = models.CharField(max_length=1, choices=[("s", "Small")])
    parent = models.ForeignKey("Parent", models.CASCADE)

    class Meta:
        app_label = "names"
        order_with_respect_to = "parent"


class Parent(models.Model):
    friends = models.ManyToManyField("self")

    class Meta:
        app_label = "names"


# MARK: Queries

query_set = public(models.QuerySet)
manager = public(models.Manager)
# What is called has a twin for `await`; the rest is how the managers are made.
related_managers = public(Parent(pk=1).child_set) | public(Parent(pk=1).friends)
overridden = {"create", "get_or_create", "update_or_create"}
related_managers = {name for name in related_managers if f"a{name}" in related_managers}
related_managers = {name for name in related_managers if name not in manager or name in overridden}
related_managers |= {f"a{name}" for name in related_managers}


def class_lookups():
    """Each registered lookup and transform with the class it is registered for."""
    kinds = {models.Field, models.ForeignObject, *descendants(models.Field), *descendants(Transform)}
    for kind in kinds:
        for name, lookup in kind.__dict__.get("class_lookups", {}).items():
            yield kind.__name__, name, lookup


def lookups(*kinds):
    return {
        name
        for kind, name, lookup in class_lookups()
        if not issubclass(lookup, Transform) and (kind in kinds if kinds else kind not in special)
    }


def transforms(*kinds):
    return {
        name
        for kind, name, lookup in class_lookups()
        if issubclass(lookup, Transform) and (kind in kinds if kinds else kind not in special)
    }


documents = {"JSONField", "KeyTransform"}
containers = {"ArrayField", "HStoreField", "RangeField", "DateTimeRangeField", "DateRangeField"}
special = documents | containers | {"SearchVectorField"}
search_lookups = {"search", "unaccent", "trigram_similar", "trigram_word_similar", "trigram_strict_word_similar"}
# What a number, a day or a moment can be asked once django.contrib.postgres is installed.
range_lookups = {"contained_by"}

# MARK: Expressions

window_functions = exported(window)
operators = {
    "__add__": "+",
    "__sub__": "-",
    "__mul__": "*",
    "__truediv__": "/",
    "__mod__": "%",
    "__pow__": "**",
    "__neg__": "-",
    "__and__": "&",
    "__or__": "|",
    "__xor__": "^",
    "__invert__": "~",
}
combining = {sign for name, sign in operators.items() if hasattr(Combinable, name) or hasattr(models.Q, name)}
combining |= {name for name in public(Combinable) if name.islower()} | {"asc", "desc", "nulls_first", "nulls_last"}
expression_names = (
    {
        name
        for name in exported(models)
        if inspect.isclass(getattr(models, name))
        and issubclass(getattr(models, name), (expressions.BaseExpression, Combinable))
    }
    | {"Q", "FilteredRelation", "Lookup", "Transform"}
    | exported(postgres("expressions"))
)
expression_names |= {"RawSQL", "Col", "Combinable", "CombinedExpression", "DurationExpression", "TemporalSubtraction"}
assert all(hasattr(models, name) or hasattr(expressions, name) for name in expression_names - {"ArraySubquery"})
aggregate_names = set(aggregates.__all__).union(
    *(exported(postgres(f"aggregates.{part}")) for part in ("general", "statistics"))
)
frames = {"RowRange", "ValueRange", "WindowFrame", "WindowFrameExclusion"}
frames |= {member.name for member in expressions.WindowFrameExclusion}
frames |= options_of(expressions.Window.__init__) - {"output_field"} | options_of(expressions.WindowFrame.__init__)
# docs/howto/custom-lookups.txt
expression_names |= {"register_lookup", "as_sql"}
expression_names -= aggregate_names | frames | window_functions

# MARK: Models

field_classes = {
    name: kind
    for source in (
        vars(models),
        vars(postgres("fields")),
        {"GenericForeignKey": GenericForeignKey, "GenericRelation": GenericRelation},
    )
    for name, kind in source.items()
    if inspect.isclass(kind) and (issubclass(kind, models.Field) or kind is GenericForeignKey)
}
field_classes["SearchVectorField"] = postgres("search").SearchVectorField
relation_kinds = {
    name for name, kind in field_classes.items() if kind is GenericForeignKey or issubclass(kind, models.ForeignObject)
} | {"ManyToManyField"}
relation_options = options_of(
    *(
        field_classes[name].__init__
        for name in relation_kinds - {"GenericForeignKey", "GenericRelation", "ForeignObject"}
    )
)
field_options = options_of(*(kind.__init__ for name, kind in field_classes.items() if name not in relation_kinds))
relation_options -= options_of(models.Field.__init__)
model_methods = public(models.Model) | {name for name in public(Child) if "day" in name or "size_" in name}
model_methods |= {name for name in public(Parent) if "order" in name} - {"friends"}
model_methods |= {name for name in public(Child) if "in_order" in name}
made = {"day": "FOO", "size": "FOO", "child": "RELATED"}
model_names = set()
for name in model_methods - {"day", "size"}:
    for word, stand_in in made.items():
        name = name.replace(f"_{word}", f"_{stand_in}")
    model_names.add(name)
model_names |= {
    "objects",
    "_base_manager",
    "_default_manager",
    "_meta",
    "_state",
    "DoesNotExist",
    "MultipleObjectsReturned",
    "__eq__",
    "__hash__",
    "__str__",
}
# docs/ref/models/instances.txt
model_names |= {"get_absolute_url", "_is_pk_set"}
choices_names = {
    "choices",
    "labels",
    "names",
    "values",
    "label",
    "name",
    "value",
    "Choices",
    "TextChoices",
    "IntegerChoices",
}

# MARK: Tables

constraint_classes = [models.CheckConstraint, models.UniqueConstraint, postgres("constraints").ExclusionConstraint]
constraints = {kind.__name__ for kind in constraint_classes} | {"BaseConstraint", "Deferrable", "RangeOperators"}
constraints |= options_of(*(kind.__init__ for kind in constraint_classes))
constraints |= {member.name for member in models.Deferrable}
index_module = postgres("indexes")
indexes = {"Index"} | exported(index_module) | {"OpClass"}
indexes |= options_of(models.Index.__init__, *(vars(index_module)[name].__init__ for name in exported(index_module)))
# docs/ref/contrib/postgres/fields.txt; the transforms are made for each number and key.
containers_more = {"RangeBoundary", "index", "slice", "key"}
range_operators = public(postgres("fields").RangeOperators)
on_delete = {"CASCADE", "PROTECT", "RESTRICT", "SET", "SET_NULL", "SET_DEFAULT", "DO_NOTHING"}
assert all(hasattr(deletion, name) for name in on_delete)

# MARK: Databases

transactions = {
    name
    for name, value in vars(transaction).items()
    if getattr(value, "__module__", "") == "django.db.transaction"
    and not name.startswith("_")
    and not inspect.isclass(value)
} | {"savepoint", "durable", "using", "robust"}
signal_names = (
    {name for name, value in vars(signals).items() if isinstance(value, signals.ModelSignal)}
    | {name for name, value in vars(signals).items() if type(value).__name__ == "Signal"}
    | {name for name, value in vars(backend_signals).items() if type(value).__name__ == "Signal"}
)
database_settings = set(connections.settings["default"]) - {"TEST"}
database_names = (set(django.db.__all__) - set(utils.__dict__)) | {"connection", "connections", "DEFAULT_DB_ALIAS"}
database_names |= {name for name in public(utils.ConnectionRouter) if name not in {"routers"}}
database_names |= {"close_old_connections", "reset_queries", "DATABASES", "DATABASE_ROUTERS"}
# docs/topics/db/sql.txt and docs/topics/db/instrumentation.txt
database_names |= {"cursor", "execute_wrapper", "queries"}
errors = {
    name
    for name in django.db.__all__
    if inspect.isclass(getattr(django.db, name)) and issubclass(getattr(django.db, name), Exception)
}
errors |= {
    "ObjectDoesNotExist",
    "MultipleObjectsReturned",
    "FieldDoesNotExist",
    "FieldError",
    "ValidationError",
    "EmptyResultSet",
    "FullResultSet",
}
errors |= {"ProtectedError", "RestrictedError", "TransactionManagementError"}
assert all(
    hasattr(exceptions, name)
    for name in errors - set(django.db.__all__) - {"ProtectedError", "RestrictedError", "TransactionManagementError"}
)

# MARK: PostgreSQL

search = {name for name in exported(postgres("search")) if "Combin" not in name and "Base" not in name} - {
    "SearchVectorField"
}
search |= options_of(
    *(
        own_classes(postgres("search"))[name].__init__
        for name in ("SearchVector", "SearchQuery", "SearchRank", "SearchHeadline")
    )
) - {"output_field"}
search |= search_lookups
operations = exported(postgres("operations")) - {"NotInTransactionMixin", "CollationOperation"}
rest = exported(postgres("functions")) | exported(postgres("validators"))

groups = {
    "Methods of a query set": query_set - {"resolve_expression"},
    "Managers": manager - query_set,
    "Related managers": related_managers,
    "Prefetching": {"Prefetch", "GenericPrefetch", "prefetch_related_objects", "aprefetch_related_objects"}
    | options_of(models.Prefetch.__init__),
    "Lookups": lookups() - search_lookups - range_lookups,
    "Transforms": transforms() - search_lookups,
    "JSON": lookups(*documents) | transforms(*documents) | {"KT", "KeyTransform", "KeyTextTransform"},
    "Arrays, ranges and HStore": lookups(*containers)
    | transforms(*containers)
    | range_lookups
    | range_operators
    | containers_more,
    "Text search": search,
    "Expressions": expression_names | combining,
    "Functions": set(functions.__all__) - window_functions,
    "Aggregates": aggregate_names
    | (
        options_of(
            aggregates.Aggregate.__init__, *(vars(postgres("aggregates"))[name].__init__ for name in ("StringAgg",))
        )
        - {"expression", "output_field"}
    )
    | {"order_by", "ordering"},
    "Window functions": window_functions | frames,
    "Field kinds": set(field_classes) - relation_kinds | {"FieldFile"},
    "Field options": field_options,
    "Choices": choices_names,
    "Relations": relation_kinds
    | relation_options
    | on_delete
    | {"ForeignObjectRel", "ManyToManyRel", "ManyToOneRel", "OneToOneRel"},
    "Models": model_names,
    "Meta": set(options.DEFAULT_NAMES),
    "Constraints": constraints,
    "Indexes": indexes,
    "Validators": {name for name in vars(validators) if name.startswith("validate_")}
    | {
        name
        for name, value in vars(validators).items()
        if inspect.isclass(value) and value.__module__ == validators.__name__
    }
    | {"int_list_validator"},
    "Transactions": transactions,
    "Signals": signal_names,
    "Databases": database_names | database_settings,
    "Errors": errors,
    "PostgreSQL": operations | rest,
}

# What stands in none of the groups above would be forgotten in silence.
named = set().union(*groups.values()) | {
    "BLANK_CHOICE_DASH",
    "DEFERRED",
    "NOT_PROVIDED",
    "Empty",
    "Model",
    "Manager",
    "QuerySet",
    "signals",
    "Field",
}
assert not set(models.__all__) - named, set(models.__all__) - named

if __name__ == "__main__":
    print("\n\n".join("\n".join([f"[{heading}]", *sorted(names)]) for heading, names in groups.items()))
