extension ProjectScaffold {
    var environmentExample: ScaffoldFile {
        ScaffoldFile(
            ".env.example",
            """
            # Copy to .env and fill in. docker-compose.yaml hands each service only the variables named for it here.

            # Signs cookies, sessions and tokens; at least 50 random characters, for example from
            # `openssl rand -base64 48`. Required. Read by: application, migrate.
            SECRET_KEY=

            # true shows the reason of an error in the browser; never on a public machine. Read by: application, migrate.
            DEBUG=false

            # Host names the site answers to, separated by commas. Required. Read by: application, migrate.
            ALLOWED_HOSTS=localhost,127.0.0.1

            # Where the data is: sqlite:///data/\(name.snake).sqlite3 or postgresql://user:password@host/database.
            # Read by: application, migrate.
            DATABASE_URL=postgresql://\(name.snake):change-me@postgresql/\(name.snake)

            # Name, password and database that PostgreSQL creates when its volume is empty. Read by: postgresql.
            POSTGRES_USER=\(name.snake)
            POSTGRES_PASSWORD=change-me
            POSTGRES_DB=\(name.snake)

            # Memcached's host and port, and what begins every key. Read by: application.
            KVDB_LOCATION=memcached:11211
            KVDB_PREFIX=\(name.snake)

            # Networks of the proxies whose forwarded headers are believed. Read by: application.
            TRUSTED_PROXIES=172.16.0.0/12

            # console is for people, json for log collectors. Read by: application, migrate.
            LOG_FORMAT=json

            # The port of this machine on which the site is published. Read by: docker compose, for nginx.
            NGINX_PORT=80
            """)
    }

    var environmentFile: ScaffoldFile {
        ScaffoldFile(
            ".env",
            """
            # This machine's own settings, which Git does not see; .env.example tells of the others.
            DEBUG=true
            SECRET_KEY=\(secretKey)
            DATABASE_URL=sqlite:///\(name.snake).sqlite3
            """)
    }

    var gitIgnore: ScaffoldFile {
        ScaffoldFile(
            ".gitignore",
            """
            .build*/
            Package.resolved
            *.sqlite3
            *.sqlite3-shm
            *.sqlite3-wal
            .env
            Collected/
            .DS_Store
            """)
    }

    /// The layout that the written sources have.
    var formatFile: ScaffoldFile {
        ScaffoldFile(
            ".swift-format",
            """
            {
                "version": 1,
                "lineLength": 120,
                "indentation": { "spaces": 4 }
            }
            """)
    }

    var dockerIgnore: ScaffoldFile {
        ScaffoldFile(
            ".dockerignore",
            """
            # Everything is left out except what the Dockerfile copies.
            *
            !Package.swift
            !Sources
            !nginx
            \(hasPages ? "!Templates\n!Static\n" : "")
            **/.build*
            **/.env
            **/*.sqlite3*
            """)
    }

    var ciFile: ScaffoldFile {
        ScaffoldFile(
            ".ci/run", isExecutable: true,
            """
            #!/usr/bin/env bash
            # What every change has to pass.
            set -euo pipefail
            cd "$(dirname "$0")/.."

            swift format lint --strict --recursive Package.swift Sources Tests
            swift build --build-tests
            swift test --skip-build
            swift run --skip-build manage makemigrations --check
            swift run --skip-build manage check
            """)
    }

    /// The context of the image that holds the framework, where it is a folder of this machine.
    private var frameworkFolder: String? {
        if case .path(let path) = framework { path } else { nil }
    }

    var dockerFile: ScaffoldFile {
        let copied = hasPages ? "\nCOPY Templates ./Templates\nCOPY Static ./Static" : ""
        let framework =
            frameworkFolder == nil
            ? ""
            : "# The framework, which docker-compose.yaml hands over as a context of its own.\n"
                + "COPY --from=martlet Package.swift /martlet/Package.swift\n"
                + "COPY --from=martlet Sources /martlet/Sources\nENV MARTLET_PATH=/martlet\n"
        let served = hasPages ? "COPY Static /srv/static" : "RUN mkdir -p /srv/static"
        return ScaffoldFile(
            "Dockerfile",
            #"""
            # syntax=docker/dockerfile:1

            # Two images come out of this file: `application` (the site's `manage`) and `nginx`, the proxy in front of it.

            FROM swift:6.3-bookworm AS build
            RUN apt-get update \
                && apt-get install --yes --no-install-recommends \
                    libbrotli-dev libcurl4-openssl-dev libmemcached-dev libpcre2-dev libpq-dev libsqlite3-dev libssl-dev \
                    pkg-config zlib1g-dev \
                && rm -rf /var/lib/apt/lists/*
            \#(framework)WORKDIR /source
            COPY Package.swift ./
            COPY Sources ./Sources
            # Tests are targets of the package, but no part of the image.
            RUN mkdir -p $(sed -n 's#^ *name: "\(.*Tests\)",$#Tests/\1#p' Package.swift)
            # The Swift runtime is linked in; the C libraries stay shared, so that Debian's security updates reach them.
            RUN --mount=type=cache,target=/source/.build \
                swift build --configuration release --product manage --static-swift-stdlib \
                && install -D --strip "$(swift build --configuration release --show-bin-path)/manage" /output/manage

            FROM debian:bookworm-slim AS application
            RUN apt-get update \
                && apt-get install --yes --no-install-recommends \
                    ca-certificates libbrotli1 libcurl4 libmemcached11 libpcre2-8-0 libpq5 libsqlite3-0 libssl3 tzdata \
                    zlib1g \
                && rm -rf /var/lib/apt/lists/* \
                && groupadd --system --gid 10001 site \
                && useradd --system --uid 10001 --gid site --home-dir /srv/site --shell /usr/sbin/nologin site \
                && install --directory --owner site --group site /srv/site /srv/site/data
            WORKDIR /srv/site
            COPY --from=build /output/manage /usr/local/bin/manage\#(copied)
            USER site
            ENV HOST=0.0.0.0 PORT=8000
            EXPOSE 8000
            VOLUME /srv/site/data
            # SIGTERM lets requests in progress end.
            STOPSIGNAL SIGTERM
            ENTRYPOINT ["/usr/local/bin/manage"]
            CMD ["serve"]

            FROM nginx:1.28-bookworm AS nginx
            COPY nginx/\#(name.kebab).conf /etc/nginx/conf.d/default.conf
            \#(served)
            EXPOSE 80
            """#)
    }

    var composeFile: ScaffoldFile {
        let contexts =
            frameworkFolder.map { "\n      additional_contexts:\n        martlet: \"\($0)\"" } ?? ""
        func build(_ target: String) -> String {
            "build:\n      context: .\n      target: \(target)\(contexts)"
        }
        return ScaffoldFile(
            "docker-compose.yaml",
            """
            # The site on one machine: nginx in front, the application, its database and cache.
            #
            #     cp .env.example .env        # then fill in the values marked "required"
            #     docker compose up --build --detach

            name: \(name.kebab)

            x-settings: &settings
              SECRET_KEY: ${SECRET_KEY:?set SECRET_KEY in .env, see .env.example}
              DEBUG: ${DEBUG:-false}
              ALLOWED_HOSTS: ${ALLOWED_HOSTS:?set ALLOWED_HOSTS in .env, see .env.example}
              DATABASE_URL: ${DATABASE_URL:?set DATABASE_URL in .env, see .env.example}
              LOG_FORMAT: ${LOG_FORMAT:-json}

            services:
              # Brings the database up to date, then ends; the application waits for it.
              migrate:
                image: \(name.kebab)-application
                \(build("application"))
                command: ["migrate"]
                environment:
                  <<: *settings
                volumes: ["data:/srv/site/data"]
                depends_on:
                  postgresql: { condition: service_healthy }
                restart: "no"

              application:
                image: \(name.kebab)-application
                \(build("application"))
                environment:
                  <<: *settings
                  KVDB_LOCATION: ${KVDB_LOCATION:-memcached:11211}
                  KVDB_PREFIX: ${KVDB_PREFIX:-\(name.snake)}
                  TRUSTED_PROXIES: ${TRUSTED_PROXIES:-172.16.0.0/12}
                volumes: ["data:/srv/site/data"]
                depends_on:
                  migrate: { condition: service_completed_successfully }
                stop_grace_period: 35s
                restart: unless-stopped

              nginx:
                image: \(name.kebab)-nginx
                \(build("nginx"))
                ports: ["${NGINX_PORT:-80}:80"]
                depends_on: [application]
                restart: unless-stopped

              postgresql:
                image: postgres:17-bookworm
                environment:
                  POSTGRES_USER: ${POSTGRES_USER:-\(name.snake)}
                  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env, see .env.example}
                  POSTGRES_DB: ${POSTGRES_DB:-\(name.snake)}
                volumes: ["postgresql:/var/lib/postgresql/data"]
                healthcheck:
                  test: ["CMD-SHELL", "pg_isready --username \\"$$POSTGRES_USER\\" --dbname \\"$$POSTGRES_DB\\""]
                  interval: 5s
                restart: unless-stopped

              memcached:
                image: memcached:1.6-bookworm
                restart: unless-stopped

            volumes:
              data:
              postgresql:
            """)
    }

    var readMe: ScaffoldFile {
        ScaffoldFile(
            "README.md",
            """
            # \(name.type)

            A site made with Martlet. To see it at http://127.0.0.1:8000/:

            ```sh
            swift run manage migrate
            swift run manage runserver
            ```

            Tests: `swift test`. What every change has to pass: `.ci/run`. Settings: `.env.example`. On a server:
            `docker compose up --build --detach`.
            """)
    }
}
