extension ProjectScaffold {
    var environmentFile: ScaffoldFile {
        ScaffoldFile(
            ".env", isPrivate: true,
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
