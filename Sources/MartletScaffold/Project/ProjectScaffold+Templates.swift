extension ProjectScaffold {
    var baseTemplate: ScaffoldFile {
        ScaffoldFile(
            "Templates/base.html",
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>{% block title %}\(name.type){% endblock %}</title>
                <link rel="icon" href="{% static 'home/favicon.svg' %}" type="image/svg+xml">
                <link rel="stylesheet" href="{% static 'home/site.css' %}">
            </head>
            <body>
                <header><a href="{% url 'home:home' %}">\(name.type)</a></header>
                <main>
                    {% block content %}{% endblock %}
                </main>
            </body>
            </html>
            """)
    }

    var homeTemplate: ScaffoldFile {
        ScaffoldFile(
            "Templates/home/home.html",
            """
            {% extends "base.html" %}

            {% block content %}
            <h1>\(name.type)</h1>
            <p>It works. This page is <code>Templates/home/home.html</code>, shown by <code>Sources/Home/Views.swift</code>
            at <code>{{ address }}</code>.</p>
            <p><code>swift run manage startapp blog --model Post</code> adds an app.</p>
            {% endblock %}
            """)
    }

    func errorTemplate(_ status: String, _ text: String) -> ScaffoldFile {
        // A page about a fault stands alone: whatever broke may be something that base.html needs.
        let alone = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>\(text)</title>
            </head>
            <body>
                <h1>\(text)</h1>
                <p>The fault has been written down; please try again in a while.</p>
            </body>
            </html>
            """
        let within = """
            {% extends "base.html" %}

            {% block title %}\(text){% endblock %}

            {% block content %}
            <h1>\(text)</h1>
            {% if message %}<p>{{ message }}</p>{% endif %}
            <p><a href="{% url 'home:home' %}">To the front page</a></p>
            {% endblock %}
            """
        return ScaffoldFile("Templates/\(status).html", status == "500" ? alone : within)
    }

    var styleSheet: ScaffoldFile {
        ScaffoldFile(
            "Static/home/site.css",
            """
            :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
            body { margin: 0 auto; max-width: 44rem; padding: 1rem; }
            header { border-bottom: 1px solid; padding-bottom: .5rem; }
            header a { background: url("favicon.svg") no-repeat left / 1.2em; padding-left: 1.6em; }
            """)
    }

    var favicon: ScaffoldFile {
        ScaffoldFile(
            "Static/home/favicon.svg",
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
              <path fill="#12495a" d="M6 4h52v27c0 15-10 24-26 30C16 55 6 46 6 31z"/>
              <path fill="#f2f7f6" d="M14 22l18 12 18-12-12 20H26z"/>
            </svg>
            """)
    }
}
