extension AppScaffold {
    var listTemplate: ScaffoldFile {
        ScaffoldFile(
            "Templates/\(app.snake)/\(model.snake)_list.html",
            """
            {% extends "base.html" %}

            {% block title %}\(model.type)s{% endblock %}

            {% block content %}
            <h1>\(model.type)s</h1>
            <ul>
                {% for \(model.snake) in page.object_list %}
                <li><a href="{% url '\(app.snake):\(model.kebab)-detail' \(model.snake).short_id %}">{{ \(model.snake).title }}</a></li>
                {% empty %}
                <li>There is nothing yet.</li>
                {% endfor %}
            </ul>
            {% if page.num_pages > 1 %}
            <p>
                {% if page.has_previous %}<a href="?page={{ page.previous_page_number }}" rel="prev">Newer</a>{% endif %}
                Page {{ page.number }} of {{ page.num_pages }}
                {% if page.has_next %}<a href="?page={{ page.next_page_number }}" rel="next">Older</a>{% endif %}
            </p>
            {% endif %}
            {% endblock %}
            """)
    }

    var detailTemplate: ScaffoldFile {
        ScaffoldFile(
            "Templates/\(app.snake)/\(model.snake)_detail.html",
            """
            {% extends "base.html" %}

            {% block title %}{{ \(model.snake).title }}{% endblock %}

            {% block content %}
            <h1>{{ \(model.snake).title }}</h1>
            {{ \(model.snake).body|linebreaks }}
            <p><a href="{% url '\(app.snake):\(model.kebab)-list' %}">All of them</a></p>
            {% endblock %}
            """)
    }
}
