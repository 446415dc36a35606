"""Writes the expectations that the engine is compared with: what Django 5.2 makes of the cases below.

    python3 -m venv /tmp/django && /tmp/django/bin/pip install 'django==5.2.*'
    /tmp/django/bin/python Tests/MartletTemplatesTests/Django/expect.py

A case is (name, template or templates, context). Values that JSON lacks are {"$safe": …}, {"$decimal": …},
{"$date": …} and {"$uuid": …}. Where Django raises, the expectation is {"error": …}: the engine has to refuse as well.
"""

import datetime, decimal, json, pathlib, uuid

import django
from django.conf import settings
from django.template import Context
from django.template.engine import Engine
from django.utils.safestring import mark_safe

settings.configure(USE_TZ=True, TIME_ZONE="UTC", USE_I18N=False, STATIC_URL="/static/")
django.setup()


def value(data):
    if isinstance(data, list):
        return [value(each) for each in data]
    if not isinstance(data, dict):
        return data
    match data:
        case {"$safe": text}: return mark_safe(text)
        case {"$decimal": text}: return decimal.Decimal(text)
        case {"$uuid": text}: return uuid.UUID(text)
        case {"$date": text}: return datetime.datetime.fromisoformat(text)
    return {name: value(each) for name, each in data.items()}


def expect(case):
    name, templates, context = case
    if isinstance(templates, str):
        templates = {"page": templates}
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", templates)])
    result = {"name": name, "templates": templates, "context": context}
    try:
        result["expected"] = engine.get_template("page").render(Context(value(context)))
    except Exception as error:
        result["error"] = f"{type(error).__name__}: {error}"
    return result


def write(group, cases):
    path = pathlib.Path(__file__).with_name(f"{group}.json")
    lines = ",\n".join(json.dumps(expect(case), ensure_ascii=False) for case in cases)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(group, len(cases))


HOSTILE = """&<>"'"""
POST = {
    "title": "Tides & <time>", "tags": ["sea", "moon"], "author": {"name": "Ann", "bio": ""}, "views": 1234567,
    "html": {"$safe": "<b>bold</b>"}, "rating": 4.5, "none": None, "yes": True, "no": False,
    "items_of": {"a": 1, "b": 2}, "deep": {"list": [{"x": "first"}, {"x": "second"}]},
}

VARIABLES = [(text, text, POST) for text in [
    "{{ title }}", "{{title}}", "{{  title  }}", "{{ author.name }}", "{{ author.missing }}", "{{ missing }}",
    "{{ missing.name.more }}", "{{ tags.0 }}{{ tags.1 }}{{ tags.2 }}", "{{ tags.-1 }}", "{{ deep.list.1.x }}", "{{ title.0 }}",
    "{{ title.name }}", "{{ tags }}", "{{ author }}", "{{ views }}", "{{ rating }}", "{{ none }}", "{{ yes }}/{{ no }}",
    "{{ html }}", "{{ html|safe }}", "{{ title|safe }}", '{{ "literal <b>" }}', "{{ 'single' }}", '{{ "it\'s" }}',
    r'{{ "a \"quoted\" word" }}', r"{{ 'back\\slash' }}", "{{ 42 }}", "{{ -3 }}", "{{ +3 }}", "{{ 1.50 }}", "{{ 1e3 }}",
    "{{ True }}{{ False }}{{ None }}", "{{ items_of.a }}", "{{ items_of.keys|length }}",
    "{{ 1.2.3 }}", "{{ title|upper|lower }}", "{{ title | upper }}", '{{ missing|default:"none" }}',
    "{{ missing|default:title }}", "{{ none|default:5 }}", '{{ none|default_if_none:"nothing" }}',
    '{{ missing|default_if_none:"nothing" }}', "{{ title|default:missing }}", "{{ missing|upper }}",
    "{{ missing|length }}", "{{ _private }}", "{{ author._name }}", "{{ }}", "{{ title author }}", "{{ title| }}",
    "{{ title|nofilter }}", "{{ title|upper:1 }}", "{{ title|cut }}", '{{ title|cut: "a" }}', '{{ title|cut:"a }}',
    "{{ title|upper", "{{ title\n }}", "{ { title } }", "{{{ title }}}",
    "{{ title }}}}", "{{{{ title }}", "{{ author.name|upper }}",
    "a\r\nb{{ title }}\r\n{{ tags.0 }}\r\n", "grüße {{ ünï }} 🦜 {{ tags.0 }}", "{# comment {{ title }} #}x",
    "{# open comment", "{# two\nlines #}", "{% comment %}{{ bad bad }}{% nonsense %}{% endcomment %}x",
    '{% comment "why" %}x{% endcomment %}y', "{% comment %}never closed", "{{ title|add:1|add:missing }}",
    "{{ 9223372036854775807 }}", '{{ ""|default:"empty" }}', "{{ tags|join:missing }}",
]] + [
    ("unicode names", "{{ größe }}", {"größe": "12 cm"}),
    ("a list of hostile text", "{{ v }}", {"v": [HOSTILE]}),
    ("a dictionary of hostile text", "{{ v }}", {"v": {"<k>": "&"}}),
    ("numbers", "{{ a }} {{ b }} {{ c }} {{ d }} {{ e }} {{ f }} {{ g }}", {
        "a": 1.0, "b": 0.1, "c": 1e16, "d": 1e-7, "e": -0.0, "f": 123456789.125, "g": {"$decimal": "1.25"}}),
    ("uuid", "{{ v }}", {"v": {"$uuid": "0196a7d0-1111-7222-8333-444455556666"}}),
    ("date", "{{ v }}", {"v": {"$date": "2026-03-01T15:04:05+00:00"}}),
    ("a key named items wins", "{{ v.items }}", {"v": {"items": "mine"}}),
    ("a numeric key", "{{ v.1 }}", {"v": {"1": "one"}}),
]

ESCAPING = [(text, text, {"v": HOSTILE, "s": {"$safe": HOSTILE}, "l": [HOSTILE, {"$safe": HOSTILE}]}) for text in [
    "{{ v }}", "{{ s }}", "<a title='{{ v }}'>", '<a title="{{ v }}">', "{{ v|safe }}", "{{ v|escape }}", "{{ s|escape }}",
    "{{ v|escape|escape }}", "{{ v|force_escape }}", "{{ s|force_escape }}", "{{ v|force_escape|force_escape }}",
    "{% autoescape off %}{{ v }}{% endautoescape %}", "{% autoescape off %}{{ v|escape }}{% endautoescape %}",
    "{% autoescape off %}{% autoescape on %}{{ v }}{% endautoescape %}{{ v }}{% endautoescape %}{{ v }}",
    "{% autoescape off %}{{ v|force_escape }}{% endautoescape %}", "{% autoescape %}x{% endautoescape %}",
    "{% autoescape maybe %}x{% endautoescape %}", "{% for x in l %}{{ x }},{% endfor %}", '{{ l|join:", " }}',
    '{{ l|join:"<br>" }}', "{{ l|join:v }}", '{% autoescape off %}{{ l|join:"<br>" }}{% endautoescape %}', "{{ l|first }}",
    "{{ l|last }}", "{{ l }}", "{{ l|safeseq|join:'' }}", "{{ l|escapeseq|join:'' }}", "{% firstof v %}", "{% firstof s %}",
    '{% firstof missing "<b>" %}', "{% cycle v s %}", "{% with x=v %}{{ x }}{% endwith %}", "{% filter upper %}{{ v }}{% endfilter %}",
    "{% filter force_escape %}{{ v }}{% endfilter %}", "{{ v|upper }}", "{{ s|upper }}", "{{ v|lower }}", "{{ s|lower }}",
    "{{ s|title }}", "{{ s|capfirst }}", "{{ s|truncatechars:3 }}", "{{ s|slice:':2' }}", "{{ s|cut:'&' }}", "{{ s|cut:';' }}",
    "{{ s|add:s }}", "{{ s|add:v }}", "{{ v|add:s }}", "{{ v|default:s }}", "{{ missing|default:v }}", "{{ missing|default:s }}",
    '{{ missing|default:"<i>" }}', "{{ v|linebreaks }}", "{{ s|linebreaks }}", "{{ v|linebreaksbr }}", "{{ s|linebreaksbr }}",
    "{{ v|linenumbers }}", "{{ s|linenumbers }}", "{{ v|striptags }}", "{{ s|striptags }}", "{{ v|addslashes }}",
    "{{ v|urlencode }}", '{{ v|urlencode:"" }}', "{{ v|iriencode }}", "{{ v|escapejs }}", "{{ v|json_script }}",
    '{{ v|json_script:"a<b" }}', "{{ l|unordered_list }}", "{{ v|wordwrap:3 }}", "{{ v|center:9 }}", "{{ s|center:9 }}",
    "{{ v|ljust:9 }}", "{{ s|rjust:9 }}", "{{ v|make_list }}", "{{ s|make_list|first }}", "{{ v|stringformat:'s' }}",
    "{{ s|stringformat:'s' }}", "{{ v|yesno:s }}", "{{ v|yesno:'<,>' }}", "{{ v|urlize }}", "{{ s|urlize }}", "{{ v|wordcount }}",
    "{{ v|slugify }}", "{{ v|phone2numeric }}", "{{ v|pluralize:'<,>' }}", "{{ 2|pluralize:'<' }}", "{{ v|floatformat }}",
    "{{ v|date }}", "{{ v|length }}", "{{ v|truncatewords:1 }}", "{{ s|truncatewords:1 }}", "{{ s|random|length }}",
    "{% ifchanged v %}{{ v }}{% endifchanged %}", "{% spaceless %}<p> <b>{{ v }}</b> </p>{% endspaceless %}",
    "{% templatetag openblock %}", "{% include v %}", "{{ v|get_digit:1 }}", "{{ v|filesizeformat }}",
]]

SAMPLES = [
    None, True, False, 0, 1, 2, -1, 1000, 10 ** 12, 0.5, 1.0, -2.55, 1234.5678, {"$decimal": "12.345"}, "", " ", "a", "abc",
    "hello big world", "Ünï cödé ß ŉ", "it's 3rd o'clock", "12", "-7", "3.14", "1e3", "a\nb\n\nc", "a\r\nb\r\n\r\n\r\nc\n", "x" * 30,
    "<b>bold</b> & <i>it</i>", "e\u0301a", "👩‍👩‍👧 family", "日本語", [], ["a"], ["b", "a", "c"], [3, 1, 2], [[1, "x"], [0, "y"]],
    [{"n": 2, "k": "b"}, {"n": 1, "k": "a"}, {"n": 3}], [{"n": 2}, {"n": 1}], {"b": 1, "a": 2}, ["p", ["q", "r", ["s"]], "t"],
]
FILTERS = [
    "upper", "lower", "title", "capfirst", "addslashes", "slugify", "wordcount", "make_list", "length", "first", "last",
    "striptags", "linebreaks", "linebreaksbr", "linenumbers", "escapejs", "urlencode", "iriencode", "filesizeformat",
    "floatformat", "floatformat:2", "floatformat:-3", "floatformat:0", "floatformat:'2g'", "floatformat:'x'", "yesno", "yesno:'a,b,c'",
    "yesno:'a'", "pluralize", "pluralize:'es'", "pluralize:'y,ies'", "pluralize:'a,b,c'", "add:1", "add:'2'", "add:'x'",
    "default:'d'", "default_if_none:'d'", "truncatechars:1", "truncatechars:4", "truncatechars:0", "truncatewords:1",
    "truncatewords:2", "truncatewords:'x'", "cut:'a'", "cut:' '", "center:11", "center:10", "ljust:10", "rjust:10",
    "get_digit:1", "get_digit:2", "get_digit:0", "get_digit:9", "phone2numeric", "join:', '", "slice:'1:'", "slice:':1'", "slice:':-1'", "slice:'::2'",
    "slice:'::-1'", "slice:'x'", "slice:2", "dictsort:'n'", "dictsort:0", "dictsortreversed:'n'", "unordered_list", "wordwrap:5",
    "divisibleby:2", "json_script", "json_script:'id'", "stringformat:'s'", "stringformat:'d'", "stringformat:'.2f'",
    "stringformat:'05d'", "stringformat:'x'", "stringformat:'10s'", "stringformat:'-5s|'", "stringformat:'e'", "stringformat:'+d'",
    "stringformat:'G'", "stringformat:'.1s'", "urlize", "urlizetrunc:9", "safe", "escape", "force_escape", "safeseq|join:'-'", "escapeseq|join:'-'",
    "date:'Y'", "time:'H'", "timesince", "timeuntil",
]


def filter_cases():
    """Every filter with every sample; where a filter lets an exception of Python through, there is nothing to follow."""
    for use in FILTERS:
        for number, sample in enumerate(SAMPLES):
            case = f"{use} of sample {number}", "{{ v|" + use + " }}", {"v": sample}
            if "error" not in expect(case):
                yield case


URLS = [
    "see http://a.com/x?y=1&z=<2> now", "(www.example.com)", "www.example.com.", "https://x.org/a_(b)", "mail me@example.com!",
    "a.b@c.co.uk", "nothing.here", "example.com/path?q=a b", "HTTP://UPPER.COM/A", "http://a.com/%20x%zz", "http://ü.de/ä?ö=ß#é",
    "ftp://x.org", "javascript:alert(1)", "http://", "x@", "@x.com", "http://[::1]/", "foo.com,bar.org;baz.net", "http://a.b/&amp;",
    "http://a.b/&quot;x&quot;", "[http://a.b]", "http://a.b))", "((http://a.b/(c)))", "me@-x.com", "a..b@c.de", "http://a.b/?a+b=c%2Bd",
]

DATES = [
    ("date " + letter, "{{ d|date:'" + letter + "' }} {{ e|date:'" + letter + "' }} {{ f|date:'" + letter + "' }}", {
        "d": {"$date": "2026-01-31T09:05:03.000120+00:00"}, "e": {"$date": "2024-02-29T00:00:00+00:00"},
        "f": {"$date": "1969-12-28T12:30:59+00:00"}})
    for letter in "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTuUwWyYzZ"
] + [
    ("date " + text, "{{ d|date:" + text + " }}", {"d": {"$date": "2000-12-01T23:59:59+00:00"}, "f": "j F"})
    for text in ["'DATE_FORMAT'", "'SHORT_DATETIME_FORMAT'", r"'\\o\\n j'", "'jS \"F\" Y'", "f", "''", "'ö j ü'", "missing"]
] + [
    ("without a format", "{{ d|date }} {{ d|time }} {{ d }}", {"d": {"$date": "2000-12-01T23:59:59+00:00"}}),
    ("of no date", "{{ d|date }}{{ n|date:'Y' }}{{ e|timesince }}", {"d": "2000", "n": None, "e": ""}),
    ("year one", "{{ d|date:'Y-m-d D z' }}", {"d": {"$date": "0001-01-01T00:00:00+00:00"}}),
    ("the last day", "{{ d|date:'Y-m-d D z W o' }}", {"d": {"$date": "9999-12-31T23:59:59+00:00"}}),
] + [
    (f"between {start} and {end}", "{{ a|timesince:b }};{{ b|timesince:a }};{{ a|timeuntil:b }};{{ b|timeuntil:a }}",
     {"a": {"$date": start + "+00:00"}, "b": {"$date": end + "+00:00"}})
    for start, end in [
        ("2026-01-01T00:00:00", "2026-01-01T00:00:59"), ("2026-01-01T00:00:00", "2026-01-01T00:01:00"),
        ("2026-01-01T00:00:00", "2026-01-01T03:20:00"), ("2026-01-01T00:00:00", "2026-01-09T00:00:01"),
        ("2026-01-31T00:00:00", "2026-03-01T00:00:00"), ("2024-02-29T12:00:00", "2025-02-28T12:00:00"),
        ("2024-02-29T12:00:00", "2025-03-01T11:59:00"), ("2000-01-01T00:00:00", "2026-07-15T13:00:00"),
        ("2026-01-01T00:00:00", "2027-01-01T00:05:00"), ("2025-10-31T10:00:00", "2025-11-30T10:00:00"),
        ("1999-12-31T23:59:59", "2000-01-01T00:00:00"), ("2026-01-01T00:00:00", "2026-02-05T00:00:00"),
    ]
]

TRUTHS = {"t": True, "f": False, "n": None, "z": 0, "o": 1, "w": 2, "s": "abc", "e": "", "l": ["a", "b"], "x": [], "d": {"a": 1},
          "h": 0.5, "m": {"$decimal": "1.0"}}
CONDITIONS = [(text, "{% if " + text + " %}yes{% else %}no{% endif %}", TRUTHS) for text in [
    "t", "f", "n", "z", "o", "s", "e", "l", "x", "d", "h", "missing", "not t", "not f", "not missing", "not not t",
    "t and f", "t or f", "f or f or t", "t and t and f", "f and t or t", "t or t and f", "not f and f", "not (t)", "not t or t",
    "not f and not f", "f and missing.member", "o == 1", "o == 1.0", "o == m", "o == t", "o != 1", "o == '1'", "s == 'abc'",
    's == "abc"', "s|upper == 'ABC'", "s|length > 2", "s|length >= 3 and s|length <= 3", "o < w", "o <= 1", "w > o", "w >= 3",
    "o < s", "s < o", "s < 'abd'", "n < 1", "n == None", "n is None", "missing is None", "n is not None", "o is True", "t is True",
    "t is not False", "missing == None", "missing == n", "missing == ''", "'a' in l", "'c' in l", "'c' not in l", "'b' in s",
    "'z' not in s", "'a' in d", "'z' in d", "1 in o", "1 not in o", "o in missing", "o not in missing", "not 'a' in l",
    "o == 1 and w == 2", "o == 1 or missing", "o < w < 1", "o == o == t", "1 < w and w < 3", "f == f and f", "not o == w",
    "not o in l", "t and not f", "t or", "and t", "t t", "t not", "not", "", "t and or f", "t == ", "== t", "t = t", "t && f",
    "(t)", "t is", "t in", "not in l", "t is not not f", "l == l", "l.0 == 'a'", "l.5", "d.a == 1", "x == missing", "e == x",
    "h > 0", "h > z", "0 < h", "-1 < z", "s|default:missing", "missing|default:missing", "missing|default:missing or t",
    "t and missing|default:missing", "not missing|default:missing", "s|add:1 == e", "'' == e", "None", "True", "False and t",
    "o in l or 'a' in l", "x or d", "x and d", "n or z or e", "n == z", "z == f", "z is f", "e == None",
]] + [
    ("elif " + str(n), "{% if n == 1 %}one{% elif n == 2 %}two{% elif n == 3 %}{% else %}many{% endif %}", {"n": n}) for n in range(5)
] + [(text, text, TRUTHS) for text in [
    "{% if t %}", "{% if t %}{% else %}", "{% endif %}", "{% if t %}a{% else %}b{% else %}c{% endif %}", "{% if t %}{% elif %}{% endif %}",
    "{% if t %}a{% else if f %}b{% endif %}", "{% if t %}{% endfor %}", "{% if f %}a{% elif f %}b{% endif %}c",
    "{% if f %}a{% elif missing|default:missing %}b{% else %}c{% endif %}", "{% else %}", "{% elif t %}",
]]

LOOPS = {"l": ["a", "b", "c"], "x": [], "d": {"k": 1, "j": 2}, "p": [[1, "one"], [2, "two"]], "n": None, "s": "xyz", "i": 5,
         "m": [["a", "b"], ["c"]], "r": [1, 1, 2, 2, 2, 1], "words": "a b c"}
TAGS = [(text, text, LOOPS) for text in [
    "{% for v in l %}{{ v }}{% endfor %}", "{% for v in l reversed %}{{ v }}{% endfor %}", "{% for v in x %}a{% empty %}none{% endfor %}",
    "{% for v in n %}a{% empty %}none{% endfor %}", "{% for v in missing %}a{% empty %}none{% endfor %}", "{% for v in s %}{{ v }}-{% endfor %}",
    "{% for v in i %}a{% endfor %}", "{% for v in d %}{{ v }}{% endfor %}", "{% for k, v in d.items %}{{ k }}={{ v }};{% endfor %}",
    "{% for k,v in p %}{{ k }}={{ v }};{% endfor %}", "{% for k , v in p %}{{ k }}={{ v }};{% endfor %}", "{% for a,b,c in p %}x{% endfor %}",
    "{% for a,b in l %}x{% endfor %}", "{% for a,b in i %}x{% endfor %}", "{% for v in l %}{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.revcounter0 }}{{ forloop.first }}{{ forloop.last }} {% endfor %}",
    "{% for v in m %}{% for w in v %}{{ forloop.parentloop.counter }}.{{ forloop.counter }}{{ w }} {% endfor %}{% endfor %}",
    "{% for v in m %}{% for w in v %}{{ forloop.parentloop.parentloop.counter }}{{ forloop.parentloop.last }} {% endfor %}{% endfor %}",
    "{{ forloop.counter }}", "{% for v in l %}{% endfor %}{{ v }}", "{% for v in l %}{% if forloop.last %}{{ v }}{% endif %}{% endfor %}",
    "{% for v in l %}{% with f=forloop %}{{ f.counter }}{{ f.first }}{% endwith %}{% endfor %}", "{% for l in l %}{{ l }}{% endfor %}{{ l.0 }}",
    "{% for v in l|slice:':2' %}{{ v }}{% endfor %}", "{% for v in words|make_list %}{{ v }}.{% endfor %}", "{% for %}", "{% for v %}{% endfor %}",
    "{% for v of l %}{% endfor %}", "{% for v in l %}", "{% for v in l %}{% empty %}", "{% for v in %}{% endfor %}", "{% for in l %}{% endfor %}",
    "{% for a, in p %}{% endfor %}", "{% for v in l %}{{ forloop.nothing }}{% endfor %}",
    "{% with a=1 b='x' %}{{ a }}{{ b }}{% endwith %}{{ a }}", "{% with i as j %}{{ j }}{% endwith %}", "{% with a=1 b=a %}[{{ b }}]{% endwith %}",
    "{% with %}{% endwith %}", "{% with a %}{% endwith %}", "{% with a=l|length %}{{ a }}{% endwith %}", "{% with a=missing %}[{{ a }}]{% endwith %}",
    "{% with a = 1 %}{% endwith %}", "{% with i=9 %}{{ i }}{% with i=8 %}{{ i }}{% endwith %}{{ i }}{% endwith %}{{ i }}",
    "{% cycle 'a' 'b' %}{% cycle 'a' 'b' %}", "{% for v in l %}{% cycle 'odd' 'even' %} {% endfor %}",
    "{% for v in l %}{% cycle 'x' i as c %}{{ c }} {% endfor %}", "{% for v in l %}{% cycle 'x' 'y' as c silent %}{{ c }} {% endfor %}",
    "{% cycle 'a' 'b' as c %}{% cycle c %}{% cycle c %}", "{% cycle c %}", "{% cycle %}", "{% cycle 'a' 'b' as c loud %}",
    "{% for v in l %}{% cycle 'a' 'b' 'c' as c %}{% if v == 'b' %}{% resetcycle c %}{% endif %}{% endfor %}", "{% resetcycle %}", "{% resetcycle z %}",
    "{% for v in m %}{% for w in v %}{% cycle 1 2 3 %}{% endfor %}{% resetcycle %}{% endfor %}", "{% cycle 'a' as c silent %}[{{ c }}]",
    "{% firstof n x s l %}", "{% firstof n x %}", "{% firstof missing 'else' %}", "{% firstof %}", "{% firstof s as f %}[{{ f }}]",
    "{% for v in r %}{% ifchanged %}{{ v }}{% endifchanged %}{% endfor %}", "{% for v in r %}{% ifchanged v %}+{% else %}.{% endifchanged %}{% endfor %}",
    "{% for v in m %}{% for w in v %}{% ifchanged w %}{{ w }}{% endifchanged %}{% endfor %}{% endfor %}", "{% ifchanged %}{% endifchanged %}",
    "{% for v in r %}{% ifchanged v i %}{{ forloop.counter }}{% endifchanged %}{% endfor %}", "{% ifchanged i %}a{% endifchanged %}{% ifchanged i %}a{% endifchanged %}",
    "{% filter upper %}a{{ s }}{% endfilter %}", "{% filter upper|cut:'A' %}a{{ s }}{% endfilter %}", "{% filter safe %}{% endfilter %}",
    "{% filter nothing %}{% endfilter %}", "{% filter %}{% endfilter %}", "{% filter truncatewords:1 %}one two{% endfilter %}",
    "{% spaceless %} <p>\n <a> x </a> </p>\t{% endspaceless %}", "{% spaceless %}a < b > c{% endspaceless %}", "{% templatetag openvariable %}{% templatetag closevariable %}",
    "{% templatetag openblock %}{% templatetag closeblock %}{% templatetag openbrace %}{% templatetag closebrace %}{% templatetag opencomment %}{% templatetag closecomment %}",
    "{% templatetag nothing %}", "{% templatetag %}", "{% verbatim %}{{ l }}{% if %}{# c #}{% endverbatim %}x", "{% verbatim a %}{% endverbatim %}{% endverbatim a %}",
    "{% verbatim %}never closed", "{% verbatim %}{% verbatim %}{% endverbatim %}", "{% widthratio i 10 100 %}", "{% widthratio i 0 100 %}", "{% widthratio s 10 100 %}",
    "{% widthratio i 10 s %}", "{% widthratio 1 2 1 %} {% widthratio 3 2 1 %}", "{% widthratio i 10 %}", "{% widthratio i 10 100 as w %}[{{ w }}]", "{% widthratio missing 10 100 %}",
    "{% regroup p by 0 as g %}{% for e in g %}{{ e.grouper }}:{{ e.list|length }} {% endfor %}", "{% regroup missing by a as g %}{{ g }}", "{% regroup p by 0 %}", "{% regroup p in 0 as g %}",
    "{% regroup p by 1.0 as g %}{% for k, v in g %}{{ k }}{{ v|length }}{% endfor %}",
    "{% csrf_token %}", "{% nonsense %}", "{% %}", "{%%}", "{%if l%}x{%endif%}", "{% IF l %}{% ENDIF %}", "{% load nothing_here %}",
    "{% if l %}{% for v in l %}{% endif %}{% endfor %}", "{% block a %}{% block a %}{% endblock %}{% endblock %}", "{% block a %}x{% endblock b %}", "{% block a %}x{% endblock a %}", "{% block %}{% endblock %}",
    "{% block a b %}{% endblock %}", "{% block a %}{{ block.super }}{% endblock %}", "{% endblock %}", "{% extends %}", "{% extends 'nowhere' %}", "x{% extends 'nowhere' %}", "{{ s }}{% extends 'nowhere' %}",
    "{% extends missing %}", "{% include %}", "{% include 'nowhere' %}", "{% include missing %}", "{% include 'page' with %}", "{% include 'page' nonsense %}", "{% include 'page' with a %}", "{% autoescape off %}",
    "{% static %}",
]]

BASE = "<{% block a %}base a{% endblock %}|{% block b %}base b{% block inner %}base inner{% endblock %}{% endblock %}>"
MIDDLE = "{% extends 'base' %}{% block a %}middle({{ block.super }}){% endblock %}ignored {{ v }}"
INHERITANCE = [(name, {"base": BASE, "middle": MIDDLE, "page": page}, {"v": "&", "parent": "middle", "l": ["a", "b"]}) for name, page in [
    ("two levels, nothing overridden", "{% extends 'base' %}"), ("three levels", "{% extends 'middle' %}"),
    ("super over three levels", "{% extends 'middle' %}{% block a %}page({{ block.super }}){% endblock %}"),
    ("super skips a level", "{% extends 'middle' %}{% block b %}page({{ block.super }}){% endblock %}"),
    ("an inner block", "{% extends 'middle' %}{% block inner %}page inner {{ block.super }}{% endblock %}"),
    ("outer and inner", "{% extends 'middle' %}{% block b %}[{{ block.super }}]{% endblock %}{% block inner %}mine{% endblock %}"),
    ("an inner block of an overridden one is gone", "{% extends 'base' %}{% block b %}new{% endblock %}{% block inner %}lost{% endblock %}"),
    ("super twice", "{% extends 'middle' %}{% block a %}{{ block.super }}{{ block.super }}{% endblock %}"),
    ("super with a filter", "{% extends 'middle' %}{% block a %}{{ block.super|upper }}{% endblock %}"),
    ("super with a length", "{% extends 'middle' %}{% block a %}{{ block.super|length }}{% endblock %}"),
    ("super in a condition", "{% extends 'middle' %}{% block a %}{% if block.super %}yes{% endif %}{% endblock %}"),
    ("super in with", "{% extends 'middle' %}{% block a %}{% with s=block.super %}{{ s }}{{ s }}{% endwith %}{% endblock %}"),
    ("super in a loop", "{% extends 'middle' %}{% block a %}{% for x in l %}{{ x }}{{ block.super }}{% endfor %}{% endblock %}"),
    ("super in super's place that does not exist", "{% extends 'middle' %}{% block new %}{{ block.super }}{% endblock %}"),
    ("a new block in a block", "{% extends 'base' %}{% block a %}{% block mine %}x{% endblock %}{% endblock %}"),
    ("the parent in a variable", "{% extends parent %}{% block b %}x{% endblock %}"),
    ("text after is lost", "{# comment #}{% extends 'base' %}{% block a %}x{% endblock %} lost"),
    ("tags outside blocks do nothing", "{% extends 'base' %}{{ v }}{% with x=1 %}{% block a %}[{{ x }}]{% endblock %}{% endwith %}"),
    ("the same block in if and else", "{% extends 'base' %}{% if v %}{% block a %}x{% endblock %}{% endif %}"),
    ("escaping in a block", "{% extends 'base' %}{% block a %}{{ v }}{% autoescape off %}{{ v }}{% endautoescape %}{% endblock %}"),
    ("extends twice", "{% extends 'base' %}{% extends 'middle' %}"), ("a block twice", "{% extends 'base' %}{% block a %}{% endblock %}{% block a %}{% endblock %}"),
    ("itself", "{% extends 'page' %}"), ("a filter on the parent", "{% extends parent|lower %}"),
]] + [
    (name, {"page": page, "card": "[{{ v }}{{ w }}{{ forloop.counter }}]", "sub/one": "one {% include './two' %} {% include '../card' %}", "sub/two": "two",
            "sets": "{% with v=9 %}{{ v }}{% endwith %}", "broken": "{% if %}", "blocks": "{% block a %}included{% endblock %}",
            "child": "{% extends 'blocks' %}{% block a %}child {{ block.super }}{% endblock %}", "up": "{% include '../../card' %}"},
     {"v": "v", "w": "w", "l": ["a", "b"], "name": "card", "names": ["nowhere", "card"], "none": ["nowhere"]})
    for name, page in [
        ("include", "{% include 'card' %}"), ("include a variable", "{% include name %}"), ("include the first that exists", "{% include names %}"),
        ("include none that exists", "{% include none %}"), ("include with", "{% include 'card' with v=1 w=w|upper %}{{ v }}"), ("include only", "{% include 'card' only %}"),
        ("include with only", "{% include 'card' with w=v only %}"), ("include only with", "{% include 'card' only with w=v %}"), ("in a loop", "{% for v in l %}{% include 'card' %}{% endfor %}"),
        ("in a loop, only", "{% for v in l %}{% include 'card' with v=v only %}{% endfor %}"), ("relative names", "{% include 'sub/one' %}"), ("out of the templates", "{% include 'up' %}"),
        ("what is set inside stays inside", "{% include 'sets' %}{{ v }}"), ("a broken one", "{% include 'broken' %}"), ("an included block is not overridden", "{% block a %}mine{% endblock %} {% include 'blocks' %}"),
        ("an included child", "{% include 'child' %} {% include 'child' %}"), ("only twice", "{% include 'card' only only %}"), ("with twice", "{% include 'card' with v=1 with w=2 %}"),
        ("cycles begin anew in each include", "{% for v in l %}{% include 'sets' %}{% cycle 'x' 'y' %}{% endfor %}"),
    ]
]

if __name__ == "__main__":
    write("variables", VARIABLES)
    write("escaping", ESCAPING)
    write("filters", list(filter_cases()))
    write("urlize", [(text, "{{ v|urlize }} {{ v|urlizetrunc:10 }}", {"v": text}) for text in URLS])
    write("dates", DATES)
    write("conditions", CONDITIONS)
    write("tags", TAGS)
    write("inheritance", INHERITANCE)
