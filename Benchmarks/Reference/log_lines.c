// What a line of a log costs in C: a clock, snprintf, and a buffer behind a lock, written when it is full.
//
//   log_lines ROUNDS COUNT        prints the nanoseconds of one line, the median of the rounds
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char buffer[1 << 20];
static size_t used;
static int out;

static void write_all(void) {
    if (write(out, buffer, used) != (ssize_t)used) exit(1);
    used = 0;
}

static void tell(const char *level, const char *event, const char *logger, const char *request, long post, int words,
                 const char *title, int draft) {
    struct timespec now;
    struct tm parts;
    char line[512];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    int count = snprintf(
        line, sizeof line,
        "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ [%s] %s [%s] request_id=%s post_id=%ld words=%d title=\"%s\" draft=%s\n",
        parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        now.tv_nsec / 1000, level, event, logger, request, post, words, title, draft ? "true" : "false");
    pthread_mutex_lock(&lock);
    if (used + (size_t)count > sizeof buffer) write_all();
    memcpy(buffer + used, line, (size_t)count);
    used += (size_t)count;
    pthread_mutex_unlock(&lock);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

int main(int count, char **words) {
    if (count != 3) return 2;
    int rounds = atoi(words[1]), lines = atoi(words[2]);
    double times[rounds];
    out = open("/dev/null", O_WRONLY);
    for (int round = -1; round < rounds; round++) {
        double start = seconds();
        for (int line = 0; line < lines; line++) {
            tell("info", "post_published", "bench.views", "9f8b4c1f3a5d4e6f8a7b6c5d4e3f2a1b", line, 812, "Two words", 0);
        }
        if (round >= 0) times[round] = (seconds() - start) / lines * 1e9;
    }
    write_all();
    qsort(times, (size_t)rounds, sizeof *times, ascending);
    printf("%f\n", times[rounds / 2]);
}
