import MartletSite

extension ProjectScaffold {
    /// The context of the image that holds the framework, where it is a folder of this machine.
    var frameworkFolder: String? {
        if case .path(let path) = framework { path } else { nil }
    }

    /// Variables that docker-compose.yaml gives a value, or does not start without; the others are handed on if set.
    private var given: [String: String] {
        let missing = { (name: String) in "${\(name):?set \(name) in .env, see .env.example}" }
        return [
            "SECRET_KEY": missing("SECRET_KEY"), "ALLOWED_HOSTS": missing("ALLOWED_HOSTS"),
            "DEBUG": "${DEBUG:-false}", "LOG_FORMAT": "${LOG_FORMAT:-json}", "HOST": "0.0.0.0", "PORT": "8000",
            "KVDB_LOCATION": "${KVDB_LOCATION:-memcached:11211}", "KVDB_PREFIX": "${KVDB_PREFIX:-\(name.snake)}",
            "TRUSTED_PROXIES": "${TRUSTED_PROXIES:-172.16.0.0/12}",
        ]
    }

    private func environment(of role: Role) -> String {
        variables(of: role).map { name in
            "      - \(name)\(given[name].map { "=\($0)" } ?? "")"
        }.joined(separator: "\n")
    }

    private func build(_ target: String) -> String {
        let contexts =
            frameworkFolder.map { "\n      additional_contexts:\n        martlet: \"\($0)\"" } ?? ""
        return "build:\n      context: .\n      target: \(target)\(contexts)"
    }

    /// What curl is asked for: a static file, or anything where there is none.
    private var proxyQuestion: String {
        let options = #""--silent", "--output", "/dev/null", "http://127.0.0.1/"#
        return hasPages ? #""--fail", "# + options + #"static/home/favicon.svg""# : options + "\""
    }

    var composeFile: ScaffoldFile {
        ScaffoldFile(
            "docker-compose.yaml",
            """
            # The site on one machine: nginx in front, the application, its database and cache.
            #
            #     cp .env.example .env        # then fill in what is required
            #     docker compose up --build --detach
            #
            # Each service lists the variables it reads, and no others: those that .env sets. .env.example says what they mean.

            name: \(name.kebab)

            services:
              # Brings the database up to date, then ends; the application waits for it.
              migrate:
                image: \(name.kebab)-application
                \(build("application"))
                command: ["migrate"]
                environment:
            \(environment(of: .command))
                volumes: ["data:/srv/site/data"]
                depends_on:
                  postgresql: { condition: service_healthy }
                restart: "no"

              application:
                image: \(name.kebab)-application
                \(build("application"))
                environment:
            \(environment(of: .web))
                volumes: ["data:/srv/site/data"]
                depends_on:
                  migrate: { condition: service_completed_successfully }
                  memcached: { condition: service_healthy }
                healthcheck:
                  # The image has no curl; Bash can speak enough HTTP. It asks under the first allowed host.
                  test:
                    - CMD
                    - bash
                    - -c
                    - |
                      host=$${ALLOWED_HOSTS%%,*}
                      exec 3<>"/dev/tcp/127.0.0.1/$$PORT" || exit 1
                      printf 'GET /live/ HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' "$${host#.}" >&3
                      read -r -t 4 status <&3 && [[ $$status == "HTTP/1.1 200"* ]]
                  interval: 10s
                  timeout: 5s
                  retries: 3
                  start_period: 10s
                # Longer than SERVER_SHUTDOWN_GRACE.
                stop_grace_period: 35s
                restart: unless-stopped

              nginx:
                image: \(name.kebab)-nginx
                \(build("nginx"))
                environment:
                  - TZ=${TZ:-UTC}
                ports: ["${NGINX_PORT:-80}:80"]
                depends_on:
                  application: { condition: service_healthy }
                healthcheck:
                  # nginx itself, not the application behind it.
                  test: ["CMD", "curl", \(proxyQuestion)]
                  interval: 10s
                  timeout: 5s
                  retries: 3
                  start_period: 5s
                restart: unless-stopped

              postgresql:
                image: postgres:17-bookworm
                # Whom and what it makes when its volume is empty: what the site logs in with.
                environment:
                  - POSTGRES_USER=${APP_DB_USER:-\(name.snake)}
                  - POSTGRES_PASSWORD=${APP_DB_PASSWORD:?set APP_DB_PASSWORD in .env, see .env.example}
                  - POSTGRES_DB=${APP_DB_NAME:-\(name.snake)}
                  - TZ=${TZ:-UTC}
                volumes: ["postgresql:/var/lib/postgresql/data"]
                healthcheck:
                  test: ["CMD-SHELL", "pg_isready --username \\"$$POSTGRES_USER\\" --dbname \\"$$POSTGRES_DB\\""]
                  interval: 5s
                  timeout: 5s
                  retries: 5
                  start_period: 30s
                restart: unless-stopped

              memcached:
                image: memcached:1.6-bookworm
                environment:
                  - MEMCACHED_MEMORY=${MEMCACHED_MEMORY:-64}
                  - TZ=${TZ:-UTC}
                command: ["sh", "-c", "exec memcached --memory-limit=\\"$$MEMCACHED_MEMORY\\""]
                healthcheck:
                  test:
                    - CMD
                    - bash
                    - -c
                    - |
                      exec 3<>/dev/tcp/127.0.0.1/11211 || exit 1
                      printf 'version\\r\\n' >&3
                      read -r -t 4 answer <&3 && [[ $$answer == VERSION* ]]
                  interval: 10s
                  timeout: 5s
                  retries: 3
                restart: unless-stopped

            volumes:
              data:
              postgresql:
            """)
    }
}
