extension ProjectScaffold {
    /// The same for every site but for its name; the example's own is compared with it.
    var nginxFile: ScaffoldFile {
        ScaffoldFile(
            "nginx/\(name.kebab).conf",
            #"""
            # The site behind nginx. This file belongs inside nginx's http { } block, which is where
            # /etc/nginx/conf.d/*.conf and /etc/nginx/sites-enabled/* are read.
            #
            # What a deployment may have to change stands once each, in the block "Where things are".

            # A proxy in front of this one (a load balancer, a TLS terminator) has already said how the visitor
            # came; its word is kept. Without one, this connection's own scheme is the truth.
            map $http_x_forwarded_proto $forwarded_proto {
                default $http_x_forwarded_proto;
                ""      $scheme;
            }

            # Orchestrators and monitoring ask these addresses every few seconds: they are not visits.
            map $uri $is_visit {
                default                             1;
                "~^/(?:live|ready|metrics)(?:/|$)"  0;
            }

            # Security headers: one that the application sent itself is kept, since it knows its page better;
            # these are for the rest, and for nginx's own answers. A header with an empty value is not sent.
            map $upstream_http_content_security_policy $content_security_policy {
                default "";
                ""      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
            }
            map $upstream_http_x_content_type_options $content_type_options {
                default "";
                ""      "nosniff";
            }
            map $upstream_http_x_frame_options $frame_options {
                default "";
                ""      "DENY";
            }
            map $upstream_http_referrer_policy $referrer_policy {
                default "";
                ""      "same-origin";
            }
            map $upstream_http_cross_origin_opener_policy $opener_policy {
                default "";
                ""      "same-origin";
            }
            map $upstream_http_strict_transport_security:$forwarded_proto $strict_transport_security {
                default  "";
                ":https" "max-age=31536000";
            }

            log_format \#(name.snake) '$remote_addr - [$time_iso8601] "$request" $status $body_bytes_sent '
                            '"$http_referer" "$http_user_agent" $request_time';

            # Off for everything in http { }; the server below switches it on again for visits only.
            access_log off;

            server {
                # --- Where things are ------------------------------------------------------------------
                listen 80;
                server_name _;
                # Docker's own name server. The name in $application is looked up again when its answer
                # expires, so a container that was replaced under a new address is found without a restart.
                resolver 127.0.0.11 valid=10s ipv6=off;
                set $application application:8000;
                access_log /var/log/nginx/access.log \#(name.snake) if=$is_visit;
                # ----------------------------------------------------------------------------------------

                server_tokens off;

                # Just above the application's own limit of 2.5 MB, so that the application answers first
                # and can say which limit it was.
                client_max_body_size 3m;

                # A proxy in front of this one has a private address, and the visitor would seem to have it
                # too: the probes below would be open to everyone. So the address that such a proxy reports
                # is taken instead. Nobody else is believed. (Where Docker itself hides the visitor's address
                # behind a private one, as rootless Docker does, publish the port of a real proxy instead.)
                set_real_ip_from 127.0.0.0/8;
                set_real_ip_from 10.0.0.0/8;
                set_real_ip_from 172.16.0.0/12;
                set_real_ip_from 192.168.0.0/16;
                set_real_ip_from ::1;
                set_real_ip_from fc00::/7;
                real_ip_header X-Forwarded-For;
                real_ip_recursive on;

                # A location inherits these only while it has no add_header of its own: keep it so.
                add_header Content-Security-Policy $content_security_policy always;
                add_header X-Content-Type-Options $content_type_options always;
                add_header X-Frame-Options $frame_options always;
                add_header Referrer-Policy $referrer_policy always;
                add_header Cross-Origin-Opener-Policy $opener_policy always;
                add_header Strict-Transport-Security $strict_transport_security always;

                location /static/ {
                    alias /srv/static/;
                    # The names carry no fingerprint, so a changed file must be seen within a day.
                    expires 1d;
                    gzip on;
                    gzip_types text/css text/javascript application/javascript image/svg+xml application/json;
                    gzip_vary on;
                }

                # Liveness, readiness and metrics are for the machines of this network.
                location ~ ^/(?:live|ready|metrics)(?:/|$) {
                    allow 127.0.0.0/8;
                    allow ::1;
                    allow 10.0.0.0/8;
                    allow 172.16.0.0/12;
                    allow 192.168.0.0/16;
                    allow fc00::/7;
                    deny all;

                    proxy_pass http://$application;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $forwarded_proto;
                }

                location / {
                    proxy_pass http://$application;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $forwarded_proto;
                }
            }
            """#)
    }
}
