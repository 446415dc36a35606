#define _GNU_SOURCE
#include "log_tail.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    uint8_t *memory;
    // What waits lies between these.
    atomic_size_t begin, end;
} half;

struct martlet_log_tail {
    half halves[2];
    size_t capacity, mapped;
    // How much of the first record is sent.
    atomic_size_t sent;
    atomic_int descriptor, filling;
    // Whether a thread is writing right now.
    atomic_bool is_writing;
    bool has_records;
    // Whether the last line that was written lacks its end: the disk was full in the middle of it.
    bool is_torn;
    struct martlet_log_tail *next;
};

// A record has its length before it.
typedef uint32_t record_length;

// Room for lines about the log itself.
enum { spare = 4096 };

// A burst that is over gives its memory back.
enum { kept = 1 << 20 };

static _Atomic(martlet_log_tail *) watched;
static atomic_bool is_ending;

martlet_log_tail *martlet_log_tail_make(size_t capacity, bool has_records) {
    martlet_log_tail *tail = calloc(1, sizeof *tail);
    if (!tail) return NULL;
    if (capacity > SIZE_MAX / 2 - 2 * spare) capacity = SIZE_MAX / 2 - 2 * spare;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    tail->capacity = capacity;
    tail->mapped = (capacity + spare + page - 1) / page * page;
    tail->has_records = has_records;
    tail->descriptor = -1;
    uint8_t *memory = mmap(
        NULL, 2 * tail->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        free(tail);
        return NULL;
    }
    tail->halves[0].memory = memory;
    tail->halves[1].memory = memory + tail->mapped;
    return tail;
}

void martlet_log_tail_free(martlet_log_tail *tail) {
    munmap(tail->halves[0].memory, 2 * tail->mapped);
    free(tail);
}

void martlet_log_tail_set_descriptor(martlet_log_tail *tail, int descriptor) { tail->descriptor = descriptor; }

int martlet_log_tail_descriptor(const martlet_log_tail *tail) { return tail->descriptor; }

static half *filled(const martlet_log_tail *tail) {
    return (half *)&tail->halves[atomic_load_explicit(&tail->filling, memory_order_acquire)];
}

static half *written(const martlet_log_tail *tail) {
    return (half *)&tail->halves[1 - atomic_load_explicit(&tail->filling, memory_order_acquire)];
}

static size_t left(const half *half) {
    return atomic_load_explicit(&half->end, memory_order_acquire)
        - atomic_load_explicit(&half->begin, memory_order_acquire);
}

static bool append(const martlet_log_tail *tail, half *half, size_t limit, const void *bytes, size_t count) {
    size_t end = atomic_load_explicit(&half->end, memory_order_relaxed);
    size_t prefix = tail->has_records ? sizeof(record_length) : 0;
    if (count > UINT32_MAX || end + prefix > limit || count > limit - end - prefix) return false;
    if (tail->has_records) {
        record_length length = (record_length)count;
        memcpy(half->memory + end, &length, sizeof length);
    }
    memcpy(half->memory + end + prefix, bytes, count);
    // Only now does it count for handlers.
    atomic_store_explicit(&half->end, end + prefix + count, memory_order_release);
    return true;
}

bool martlet_log_tail_append(martlet_log_tail *tail, const void *bytes, size_t count) {
    return append(tail, filled(tail), tail->capacity, bytes, count);
}

bool martlet_log_tail_append_behind(martlet_log_tail *tail, const void *bytes, size_t count) {
    return append(tail, written(tail), tail->mapped, bytes, count);
}

bool martlet_log_tail_turn(martlet_log_tail *tail) {
    half *empty = written(tail);
    if (atomic_load(&is_ending) || left(empty) > 0 || left(filled(tail)) == 0) return false;
    if (atomic_load_explicit(&empty->end, memory_order_relaxed) > kept) {
        (void)madvise(empty->memory, tail->mapped, MADV_DONTNEED);
    }
    // The end first: a handler in between must not see more than there is.
    atomic_store(&empty->end, 0);
    atomic_store(&empty->begin, 0);
    atomic_store(&tail->filling, 1 - tail->filling);
    return true;
}

bool martlet_log_tail_can_turn(const martlet_log_tail *tail) { return left(filled(tail)) > 0; }

size_t martlet_log_tail_left(const martlet_log_tail *tail) { return left(written(tail)); }

// The first record of a half, or everything in it.
static const uint8_t *next(const martlet_log_tail *tail, const half *half, size_t *count) {
    size_t waiting = left(half);
    const uint8_t *start = half->memory + atomic_load_explicit(&half->begin, memory_order_relaxed);
    if (!tail->has_records) {
        *count = waiting;
        return start;
    }
    if (waiting < sizeof(record_length)) {
        *count = 0;
        return start;
    }
    record_length length;
    memcpy(&length, start, sizeof length);
    *count = length;
    return start + sizeof length;
}

// Takes bytes away, or the first record with its length.
static void advance(half *half, size_t count) { atomic_fetch_add_explicit(&half->begin, count, memory_order_release); }

// One call of the system. A descriptor that is none of a socket's says so.
static ssize_t put(const martlet_log_tail *tail, const void *bytes, size_t count, int flags) {
    if (!tail->has_records) return write(tail->descriptor, bytes, count);
    return send(tail->descriptor, bytes, count, flags | MSG_NOSIGNAL);
}

// A pipe that nobody reads raises a signal that ends the program; the error alone is enough.
static ssize_t put_quietly(const martlet_log_tail *tail, const void *bytes, size_t count) {
    if (tail->has_records) return put(tail, bytes, count, 0);
    sigset_t pipe, before, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigemptyset(&pending);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    ssize_t count_written = put(tail, bytes, count, 0);
    int reason = errno;
    if (count_written < 0 && reason == EPIPE && !was_pending) {
        struct timespec at_once = {0, 0};
        while (sigtimedwait(&pipe, NULL, &at_once) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = reason;
    return count_written;
}

// What follows a line that was written in part must not look like its end.
static bool end_torn_line(martlet_log_tail *tail) {
    if (!tail->is_torn) return true;
    if (put_quietly(tail, "\n", 1) != 1) return false;
    tail->is_torn = false;
    return true;
}

// Notes that so many bytes of what is next were taken; of a record, which is as long as count says, also a part.
static void went(martlet_log_tail *tail, half *half, size_t done, size_t count) {
    if (!tail->has_records) {
        advance(half, done);
    } else if (tail->sent + done < count) {
        tail->sent += done;
    } else {
        tail->sent = 0;
        advance(half, sizeof(record_length) + count);
    }
}

ssize_t martlet_log_tail_write(martlet_log_tail *tail) {
    half *half = written(tail);
    size_t count;
    const uint8_t *start = next(tail, half, &count);
    if (left(half) == 0) return 0;
    ssize_t done;
    do {
        // A handler waits while this is set, and from then on nobody else begins to write.
        atomic_store(&tail->is_writing, true);
        if (atomic_load(&is_ending)) {
            atomic_store(&tail->is_writing, false);
            return 0;
        }
        size_t sent = tail->sent;
        done = end_torn_line(tail) ? put_quietly(tail, start + sent, count - sent) : -1;
        if (done >= 0) went(tail, half, (size_t)done, count);
        int reason = errno;
        atomic_store(&tail->is_writing, false);
        errno = reason;
    } while (done < 0 && errno == EINTR);
    return done;
}

void martlet_log_tail_rewind(martlet_log_tail *tail) { tail->sent = 0; }

size_t martlet_log_tail_discard_record(martlet_log_tail *tail) {
    half *half = written(tail);
    if (left(half) == 0) return 0;
    size_t count;
    (void)next(tail, half, &count);
    tail->sent = 0;
    advance(half, sizeof(record_length) + count);
    return 1;
}

size_t martlet_log_tail_discard(martlet_log_tail *tail) {
    size_t lost = 0;
    if (tail->has_records) {
        while (martlet_log_tail_discard_record(tail) > 0) lost++;
        return lost;
    }
    half *half = written(tail);
    size_t count;
    const uint8_t *start = next(tail, half, &count);
    if (count > 0 && half->begin > 0 && start[-1] != '\n') tail->is_torn = true;
    for (size_t place = 0; place < count; place++) lost += start[place] == '\n';
    advance(half, count);
    return lost;
}

// What follows runs in signal handlers: calls of the system that POSIX lists as safe there, and nothing else.

static long now_in_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000L + time.tv_nsec / 1000000L;
}

// Small enough for a pipe that poll calls writable to take it without waiting.
enum { chunk = 4096 };

static bool drain_half(martlet_log_tail *tail, half *half, long deadline) {
    while (left(half) > 0) {
        size_t count;
        const uint8_t *start = next(tail, half, &count);
        size_t sent = tail->sent;
        struct pollfd ready = {.fd = tail->descriptor, .events = POLLOUT};
        long rest = deadline - now_in_milliseconds();
        if (rest < 0) return false;
        if (poll(&ready, 1, (int)rest) < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        if (!(ready.revents & POLLOUT)) return false;
        size_t piece = count - sent;
        if (!tail->has_records && piece > chunk) piece = chunk;
        ssize_t done = put(tail, start + sent, piece, MSG_DONTWAIT);
        if (done < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (done < 0) return false;
        went(tail, half, (size_t)done, count);
    }
    return true;
}

// A thread that is writing gets this long to end, in milliseconds; then its lines are written again, since twice is better
// than never.
enum { patience = 100, longest = 2000 };

static void drain_all(void) {
    long start = now_in_milliseconds();
    for (martlet_log_tail *tail = atomic_load(&watched); tail; tail = tail->next) {
        while (atomic_load(&tail->is_writing) && now_in_milliseconds() - start < patience) (void)poll(NULL, 0, 1);
        if (tail->descriptor < 0) continue;
        // A thread that was about to change the halves may do so meanwhile, once: then the first is looked at again.
        for (int round = 0; round < 2; round++) {
            if (!drain_half(tail, written(tail), start + longest)) break;
            if (!drain_half(tail, filled(tail), start + longest)) break;
        }
    }
}

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
enum { fatal_count = sizeof fatal / sizeof *fatal };
static struct sigaction before[fatal_count];
static pid_t owner;

static void at_fatal_signal(int number, siginfo_t *info, void *context) {
    (void)context;
    int reason = errno;
    // A child of fork has a copy of lines that are its parent's to write.
    if (getpid() == owner) {
        if (!atomic_exchange(&is_ending, true)) {
            drain_all();
        } else {
            // Another thread is at it, and the program ends when it is done.
            (void)poll(NULL, 0, longest);
        }
    }
    for (int index = 0; index < fatal_count; index++) {
        if (fatal[index] == number) (void)sigaction(number, &before[index], NULL);
    }
    // What was there before takes over, such as the default action or the writer of a backtrace: by the same instruction,
    // which faults again, or by the signal again where it came from elsewhere.
    bool is_fault = info->si_code > 0 && number != SIGTRAP && number != SIGABRT;
    if (!is_fault) (void)raise(number);
    errno = reason;
}

static void at_exit(void) {
    if (getpid() == owner && !atomic_exchange(&is_ending, true)) drain_all();
}

static int install_result;

// A stack for the handler, so that it can run where the main thread has used up its own.
static void give_stack(void) {
    enum { size = 64 << 10 };
    stack_t current;
    if (sigaltstack(NULL, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack = {.ss_sp = memory, .ss_size = size};
    (void)sigaltstack(&stack, NULL);
}

static void install(void) {
    owner = getpid();
    give_stack();
    struct sigaction action = {.sa_sigaction = at_fatal_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    // A log whose reader is gone must not change what the program ends by.
    sigaddset(&action.sa_mask, SIGPIPE);
    for (int index = 0; index < fatal_count; index++) {
        if (sigaction(fatal[index], &action, &before[index]) != 0) install_result = errno;
    }
    if (atexit(at_exit) != 0) install_result = ENOMEM;
}

int martlet_log_tail_watch(martlet_log_tail *tail) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    for (martlet_log_tail *known = atomic_load(&watched); known; known = known->next) {
        if (known == tail) return install_result;
    }
    tail->next = atomic_load(&watched);
    while (!atomic_compare_exchange_weak(&watched, &tail->next, tail)) {}
    return install_result;
}
