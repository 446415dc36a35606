// Answers every request with the same page, and keeps nothing of a connection: what the kernel alone costs.
//
// It reads no request: one `recv` is one request, one `send` its answer. So the rate that it loses over many connections is
// what their sockets cost, and no server can lose less.
//
//   http_loop PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 64

static char buffer[65536];
static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 13\r\n"
    "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\nHello, World!";

static int checked(int result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(1);
    }
    return result;
}

static void watch(int poll, int descriptor, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = descriptor};
    checked(epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

static int listening(int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, descriptor = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    checked(bind(descriptor, (struct sockaddr *)&address, sizeof address), "bind");
    checked(listen(descriptor, 4096), "listen");
    return descriptor;
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "http_loop PORT\n");
        return 2;
    }
    int listener = listening(atoi(arguments[1])), poll = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"), one = 1;
    struct epoll_event events[EVENTS];
    watch(poll, listener, EPOLLIN);
    while (1) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int place = 0; place < ready; place++) {
            int descriptor = events[place].data.fd;
            if (descriptor == listener) {
                descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (descriptor < 0) continue;
                setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                watch(poll, descriptor, EPOLLIN | EPOLLET);
            } else if (recv(descriptor, buffer, sizeof buffer, 0) <= 0) {
                close(descriptor);
            } else {
                send(descriptor, answer, sizeof answer - 1, MSG_NOSIGNAL);
            }
        }
    }
}
