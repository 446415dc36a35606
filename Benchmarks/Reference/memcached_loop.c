/* Gets and sets a second by libmemcached alone, over one connection: `memcached_loop SOCKET SECONDS`; prints two numbers. */
#include <libmemcached/memcached.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    memcached_st *client = memcached_create(NULL);
    memcached_server_add_unix_socket(client, arguments[1]);
    double seconds = atof(arguments[2]);
    char value[100];
    memset(value, 'x', sizeof value);
    if (memcached_set(client, "reference", 9, value, sizeof value, 0, 0) != MEMCACHED_SUCCESS) return 1;
    double rates[2];
    for (int sets = 0; sets < 2; sets++) {
        double start = now(), end = start + seconds;
        long done = 0;
        while (now() < end) {
            if (sets) {
                if (memcached_set(client, "reference", 9, value, sizeof value, 0, 0) != MEMCACHED_SUCCESS) return 1;
            } else {
                size_t length;
                uint32_t flags;
                memcached_return_t code;
                char *found = memcached_get(client, "reference", 9, &length, &flags, &code);
                if (!found || length != sizeof value) return 1;
                free(found);
            }
            done++;
        }
        rates[sets] = done / (now() - start);
    }
    printf("%f %f\n", rates[0], rates[1]);
    memcached_free(client);
    return 0;
}
