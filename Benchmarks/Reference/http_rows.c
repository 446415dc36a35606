// The reference for `Scripts/bench postgresql`: rows of the table `world` over HTTP/1.1, by epoll and libpq and nothing
// else. A thread has a listening socket, an epoll set and connections to the database of its own; a connection has one
// statement under way at a time, which was prepared before.
//
//   http_rows PORT THREADS CONNECTIONS       connections for each thread; PGHOST and PGPORT say where the database is
//   GET /db              {"id":1,"randomNumber":2}
//   GET /queries?queries=20                  a list of as many, with a query each
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define INPUT 4096
#define OUTPUT 32768
#define MOST 500

enum kind { LISTENER, CLIENT, DATABASE };

struct client {
    enum kind kind;
    int socket, wanted, received;
    bool is_list, is_waiting, is_gone;
    size_t filled, length;
    char input[INPUT], body[OUTPUT];
    struct client *next;
};

struct database {
    enum kind kind;
    PGconn *connection;
    struct client *client;
    struct database *next;
};

struct loop {
    enum kind kind; // that of the listening socket
    int set, listener;
    uint64_t random;
    struct database *idle;
    struct client *first, *last; // those that wait for a connection
};

static int port, connections;

static void must(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static void watch(struct loop *loop, int descriptor, uint32_t events, void *owner) {
    struct epoll_event event = {.events = events, .data.ptr = owner};
    must(epoll_ctl(loop->set, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll_ctl");
}

static void ask(struct loop *loop, struct database *database, struct client *client) {
    database->client = client;
    // SplitMix64, as the server that is compared with this one has it.
    uint64_t mixed = loop->random += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    uint32_t id = htonl((uint32_t)((mixed ^ mixed >> 31) % 10000) + 1);
    const char *values[] = {(const char *)&id};
    const int lengths[] = {sizeof id}, formats[] = {1};
    must(PQsendQueryPrepared(database->connection, "row", 1, values, lengths, formats, 1) == 1, "send");
    PQflush(database->connection);
}

static void want(struct loop *loop, struct client *client, int count, bool is_list) {
    client->wanted = count, client->received = 0, client->is_list = is_list, client->is_waiting = true;
    client->length = 0, client->next = NULL;
    struct database *database = loop->idle;
    if (database) {
        loop->idle = database->next;
        ask(loop, database, client);
    } else {
        if (loop->last) loop->last->next = client; else loop->first = client;
        loop->last = client;
    }
}

static void leave(struct client *client) {
    client->is_gone = true;
    if (client->is_waiting || client->socket < 0) return;
    close(client->socket);
    // Its memory stays, since another event of the same turn may name it; clients are few.
    client->socket = -1;
}

static void answer(struct client *client, const char *status, const char *body, size_t length) {
    char output[OUTPUT + 256];
    int head = snprintf(output, sizeof output,
        "HTTP/1.1 %s\r\nServer: C\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", status, length);
    memcpy(output + head, body, length);
    // An answer is far smaller than what a socket takes at once.
    if (send(client->socket, output, (size_t)head + length, MSG_NOSIGNAL) < 0) leave(client);
}

// Serves the request in the buffer; clients of this program send one at a time.
static void serve(struct loop *loop, struct client *client) {
    char *end = memmem(client->input, client->filled, "\r\n\r\n", 4);
    if (!end) return;
    *end = 0;
    client->filled = 0;
    int count = 0;
    if (strncmp(client->input, "GET /db ", 8) == 0) want(loop, client, 1, false);
    else if (sscanf(client->input, "GET /queries?queries=%d ", &count) == 1 && count > 0 && count <= MOST)
        want(loop, client, count, true);
    else answer(client, "404 Not Found", "{}", 2);
}

static void receive(struct loop *loop, struct client *client) {
    if (client->socket < 0) return;
    for (;;) {
        ssize_t count = recv(client->socket, client->input + client->filled, INPUT - client->filled, 0);
        if (count < 0 && errno == EAGAIN) break;
        if (count <= 0) { leave(client); return; }
        client->filled += (size_t)count;
    }
    if (!client->is_waiting) serve(loop, client);
}

static void add_row(struct client *client, PGresult *result) {
    must(PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1, PQresultErrorMessage(result));
    uint32_t id, number;
    memcpy(&id, PQgetvalue(result, 0, 0), sizeof id);
    memcpy(&number, PQgetvalue(result, 0, 1), sizeof number);
    const char *before = !client->is_list ? "" : client->received == 0 ? "[" : ",";
    client->received++;
    const char *after = client->is_list && client->received == client->wanted ? "]" : "";
    client->length += (size_t)snprintf(client->body + client->length, OUTPUT - client->length,
        "%s{\"id\":%u,\"randomNumber\":%u}%s", before, ntohl(id), ntohl(number), after);
}

static void finish(struct loop *loop, struct database *database) {
    struct client *client = database->client, *waiting = loop->first;
    if (client->received < client->wanted && !client->is_gone) { ask(loop, database, client); return; }
    if (waiting) {
        loop->first = waiting->next;
        if (!loop->first) loop->last = NULL;
        ask(loop, database, waiting);
    } else {
        database->client = NULL;
        database->next = loop->idle;
        loop->idle = database;
    }
    client->is_waiting = false;
    if (client->is_gone) leave(client); else answer(client, "200 OK", client->body, client->length);
}

static void read_rows(struct loop *loop, struct database *database) {
    must(PQconsumeInput(database->connection) == 1, PQerrorMessage(database->connection));
    while (database->client && !PQisBusy(database->connection)) {
        PGresult *result = PQgetResult(database->connection);
        if (!result) { finish(loop, database); return; }
        add_row(database->client, result);
        PQclear(result);
    }
}

static void take_clients(struct loop *loop) {
    int socket, on = 1;
    while ((socket = accept4(loop->listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct client *client = calloc(1, sizeof *client);
        must(client != NULL, "calloc");
        client->kind = CLIENT, client->socket = socket;
        watch(loop, socket, EPOLLIN | EPOLLET, client);
    }
}

static void connect_databases(struct loop *loop) {
    for (int index = 0; index < connections; index++) {
        struct database *database = calloc(1, sizeof *database);
        must(database != NULL, "calloc");
        database->kind = DATABASE;
        database->connection = PQconnectdb("user=bench dbname=bench");
        must(PQstatus(database->connection) == CONNECTION_OK, PQerrorMessage(database->connection));
        PQclear(PQprepare(database->connection, "row", "SELECT id, randomnumber FROM world WHERE id = $1", 1, NULL));
        PQsetnonblocking(database->connection, 1);
        watch(loop, PQsocket(database->connection), EPOLLIN, database);
        database->next = loop->idle;
        loop->idle = database;
    }
}

static void *run(void *number) {
    struct loop loop = {.kind = LISTENER, .random = (uint64_t)(uintptr_t)number << 32};
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    loop.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(loop.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(loop.listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    must(bind(loop.listener, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    must(listen(loop.listener, 1024) == 0, "listen");
    loop.set = epoll_create1(0);
    watch(&loop, loop.listener, EPOLLIN, &loop);
    connect_databases(&loop);
    struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(loop.set, events, 256, -1);
        for (int index = 0; index < count; index++) {
            void *owner = events[index].data.ptr;
            switch (*(enum kind *)owner) {
            case LISTENER: take_clients(&loop); break;
            case CLIENT: receive(&loop, owner); break;
            case DATABASE: read_rows(&loop, owner); break;
            }
        }
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    port = atoi(arguments[1]), connections = atoi(arguments[3]);
    pthread_t thread;
    for (uintptr_t number = 1; number < (uintptr_t)atoi(arguments[2]); number++)
        must(pthread_create(&thread, NULL, run, (void *)number) == 0, "pthread_create");
    run(NULL);
}
