// Puts load on one page over many connections at little cost of its own: one thread, one epoll set, one buffer for all.
//
// `wrk` keeps eight kilobytes for each connection. With a thousand of them its own work for a request grows by half,
// while its one thread is what limits the rate already: it would measure itself.
//
//   http_load PORT PATH CONNECTIONS SECONDS      prints {"requests":N,"seconds":S}
//
// The first answer tells how long the answers are; one of another length, and a connection that ends, is an error.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 64

static char buffer[65536], request[1024];
static size_t request_length, answer_length;

static void fail(const char *what) {
    fprintf(stderr, "http_load: %s: %s\n", what, errno ? strerror(errno) : "not as expected");
    exit(1);
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int connected(int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) fail("socket");
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return descriptor;
}

static void ask(int descriptor) {
    if (send(descriptor, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) fail("send");
}

// Reads the first answer whole: its head, and as many bytes as its Content-Length says.
static void learn(int descriptor) {
    size_t count = 0;
    ask(descriptor);
    while (1) {
        ssize_t more = recv(descriptor, buffer + count, sizeof buffer - 1 - count, 0);
        if (more <= 0) fail("first answer");
        buffer[count += more] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        char *length = strcasestr(buffer, "\r\nContent-Length:");
        if (!end) continue;
        if (!length || length > end || strncmp(buffer, "HTTP/1.1 200 ", 13)) fail("first answer");
        answer_length = end + 4 - buffer + strtoul(length + 17, NULL, 10);
        if (count == answer_length) return;
        if (count > answer_length) fail("first answer");
    }
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "http_load PORT PATH CONNECTIONS SECONDS\n"), 2;
    int port = atoi(words[1]), connections = atoi(words[3]);
    double duration = atof(words[4]);
    request_length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", words[2]);
    if (connections < 1 || request_length >= sizeof request) return 2;

    int set = epoll_create1(EPOLL_CLOEXEC);
    // How much of its answer each connection still has to read.
    uint32_t *missing = calloc(65536, sizeof *missing);
    if (set < 0 || !missing) fail("start");
    for (int index = 0; index < connections; index++) {
        int descriptor = connected(port);
        if (descriptor >= 65536) fail("descriptors");
        if (index == 0) learn(descriptor);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
        if (epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event)) fail("epoll_ctl");
        missing[descriptor] = answer_length;
        ask(descriptor);
    }

    uint64_t answered = 0;
    double start = seconds(), now = start;
    while ((now = seconds()) - start < duration) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(set, events, EVENTS, 1000);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int index = 0; index < ready; index++) {
            int descriptor = events[index].data.fd;
            ssize_t got = recv(descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0 || got > missing[descriptor]) fail("answer");
            if (missing[descriptor] -= got) continue;
            missing[descriptor] = answer_length;
            answered++;
            ask(descriptor);
        }
    }
    printf("{\"requests\":%llu,\"seconds\":%.6f}\n", (unsigned long long)answered, now - start);
}
