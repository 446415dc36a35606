# syntax=docker/dockerfile:1

# Two images come out of this file: `application` (the blog's `manage`) and `nginx` (the proxy
# with the blog's static files). docker-compose.yaml builds both.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libbrotli-dev libcurl4-openssl-dev libmemcached-dev libpcre2-dev libpq-dev libsqlite3-dev libssl-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources ./Sources
COPY Examples/Blog ./Examples/Blog
WORKDIR /source/Examples/Blog
# The Swift runtime is linked in, so the final image needs no Swift; the C libraries stay
# shared, so that Debian's security updates reach them. The build folder is a cache that is not
# part of the image: the program is copied out in the same step.
RUN --mount=type=cache,target=/source/Examples/Blog/.build \
    swift build --configuration release --product manage --static-swift-stdlib \
    && install -D --strip "$(swift build --configuration release --show-bin-path)/manage" /output/manage

FROM debian:bookworm-slim AS application
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libbrotli1 libcurl4 libmemcached11 libpcre2-8-0 libpq5 libsqlite3-0 libssl3 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 blog \
    && useradd --system --uid 10001 --gid blog --home-dir /srv/blog --shell /usr/sbin/nologin blog \
    && install --directory --owner blog --group blog /srv/blog /srv/blog/data
WORKDIR /srv/blog
COPY --from=build /output/manage /usr/local/bin/manage
COPY Examples/Blog/Templates ./Templates
COPY Examples/Blog/Static ./Static
COPY Examples/Blog/Fixtures ./Fixtures
USER blog
# Inside a container every interface is the container's own.
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
# A volume mounted here takes over the folder's owner, so SQLite can write to it.
VOLUME /srv/blog/data
# SIGTERM is what `manage serve` answers by finishing the requests in progress.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/manage"]
CMD ["serve"]

FROM nginx:1.28-bookworm AS nginx
# Replaces the image's own default server.
COPY nginx/blog.conf /etc/nginx/conf.d/default.conf
COPY Examples/Blog/Static /srv/static
EXPOSE 80
