// What Linux has and Swift's Glibc module does not show in a usable form: epoll's packed events, accept4 (which needs
// _GNU_SOURCE, as preadv2 does), eventfd, sendfile and socket filters. Each function does one system call and repeats
// it when a signal interrupted it.
#ifndef MARTLET_LINUX_H
#define MARTLET_LINUX_H
#ifdef __linux__

#include <asm/socket.h>
#include <errno.h>
#include <linux/filter.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>

// Declared here because sys/socket.h hides it without _GNU_SOURCE. That header is not included at all: its types
// would then count as this module's and no longer as Glibc's.
struct sockaddr;
extern int accept4(int, struct sockaddr *, unsigned int *, int);
extern int pipe2(int *, int);
extern int setsockopt(int, int, int, const void *, unsigned int);
extern long syscall(long, ...);

// As above, for sys/uio.h.
struct iovec;
extern ssize_t preadv2(int, const struct iovec *, int, off_t, int);

static const uint32_t martlet_readable = EPOLLIN;
static const uint32_t martlet_writable = EPOLLOUT;
static const uint32_t martlet_read_closed = EPOLLRDHUP;
static const uint32_t martlet_broken = EPOLLHUP | EPOLLERR;
static const uint32_t martlet_edge = EPOLLET;

static inline int martlet_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int martlet_epoll_add(int set, int descriptor, uint32_t interest, uint64_t token) {
    struct epoll_event event = {.events = interest, .data = {.u64 = token}};
    return epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}

static inline int martlet_epoll_modify(int set, int descriptor, uint32_t interest, uint64_t token) {
    struct epoll_event event = {.events = interest, .data = {.u64 = token}};
    return epoll_ctl(set, EPOLL_CTL_MOD, descriptor, &event);
}

static inline int martlet_epoll_remove(int set, int descriptor) {
    struct epoll_event event = {0};
    return epoll_ctl(set, EPOLL_CTL_DEL, descriptor, &event);
}

// Returns 0 for an interrupted wait: the caller comes back anyway.
static inline int martlet_epoll_wait(int set, struct epoll_event *events, int count, int milliseconds) {
    int ready = epoll_wait(set, events, count, milliseconds);
    return ready < 0 && errno == EINTR ? 0 : ready;
}

// The event structure is packed, which Swift cannot express: its fields are read here.
static inline uint64_t martlet_event_token(const struct epoll_event *events, int index) {
    return events[index].data.u64;
}

static inline uint32_t martlet_event_flags(const struct epoll_event *events, int index) {
    return events[index].events;
}

static inline int martlet_accept(int listener, void *address, unsigned int *length) {
    enum { socket_nonblock = 04000, socket_cloexec = 02000000 };
    int descriptor;
    do {
        descriptor = accept4(listener, address, length, socket_nonblock | socket_cloexec);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

// A pipe that no other program inherits, not even one that another thread starts meanwhile.
static inline int martlet_pipe(int ends[2]) {
    enum { pipe_cloexec = 02000000 };
    return pipe2(ends, pipe_cloexec);
}

static inline int martlet_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

static inline void martlet_eventfd_signal(int descriptor) {
    // Cannot fail in a way that loses the signal: EAGAIN means the counter is full, and so already readable.
    (void)eventfd_write(descriptor, 1);
}

static inline ssize_t martlet_sendfile(int socket, int file, off_t *offset, size_t count) {
    ssize_t sent;
    do {
        sent = sendfile(socket, file, offset, count);
    } while (sent < 0 && errno == EINTR);
    return sent;
}

// Reads what is in the page cache: fails with EAGAIN where a disk would have to be asked, and with EOPNOTSUPP on file
// systems that cannot tell.
static inline ssize_t martlet_read_cached(int file, void *buffer, size_t count, off_t offset) {
    enum { rwf_nowait = 8 };
    // The layout of struct iovec.
    struct { void *base; size_t length; } vector = {buffer, count};
    ssize_t got;
    do {
        got = preadv2(file, (const struct iovec *)&vector, 1, offset, rwf_nowait);
    } while (got < 0 && errno == EINTR);
    return got;
}

// Makes every descriptor from this one on close when another program begins. Linux before 5.11 cannot, and nothing is lost
// by it but what the program was given by whoever started it.
static inline void martlet_close_on_exec(unsigned int first) {
#ifdef __NR_close_range
    enum { close_range_cloexec = 4 };
    (void)syscall(__NR_close_range, first, ~0U, close_range_cloexec);
#endif
}

// Makes a listening TCP socket deaf to new connections, while handshakes that have begun still end in its backlog. The
// filter sees a segment from its TCP header on; byte 13 holds the flags, and SYN without ACK opens a connection.
static inline int martlet_refuse_connections(int listener) {
    enum { flags_at = 13, syn = 0x02, ack = 0x10 };
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_at),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, syn | ack),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, syn, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xFFFFFFFF),
    };
    struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
    return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

#endif
#endif
