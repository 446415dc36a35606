// The end of a log that is not written yet, in memory that a signal handler can read: nothing here allocates or locks once
// a tail is made, so that the last lines of a program that dies still reach their file.
#ifndef MARTLET_LOG_TAIL_H
#define MARTLET_LOG_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Two halves: one is filled while the other is written. Callers see to it that one thread at a time fills, and one at a
// time writes; only handlers come in between.
typedef struct martlet_log_tail martlet_log_tail;

// Makes a tail; each half holds `capacity` bytes, whose memory the system gives as they are first used. A tail of records
// writes each by itself, as datagrams and framed streams want it; else lines are written together.
// Returns NULL when there is no address space left.
martlet_log_tail *martlet_log_tail_make(size_t capacity, bool has_records);
void martlet_log_tail_free(martlet_log_tail *tail);

// Where to write; -1 for nowhere.
void martlet_log_tail_set_descriptor(martlet_log_tail *tail, int descriptor);
int martlet_log_tail_descriptor(const martlet_log_tail *tail);

// Adds a line or record to the half that is being filled; false when it does not fit.
bool martlet_log_tail_append(martlet_log_tail *tail, const void *bytes, size_t count);

// Adds one to the half that is being written, which has some room that the other has not.
bool martlet_log_tail_append_behind(martlet_log_tail *tail, const void *bytes, size_t count);

// Changes the halves; only when the one being written is empty. False when there was nothing to change for.
bool martlet_log_tail_turn(martlet_log_tail *tail);

// Whether anything waits in the half that is being filled.
bool martlet_log_tail_can_turn(const martlet_log_tail *tail);

// How many bytes wait in the half that is being written.
size_t martlet_log_tail_left(const martlet_log_tail *tail);

// Writes what it can of that half, or the next record of it: the number of bytes that are done with, 0 when there is
// nothing to write or the program is ending, -1 and errno when it cannot. Never raises SIGPIPE.
ssize_t martlet_log_tail_write(martlet_log_tail *tail);

// Makes a record that was sent in part begin anew: its connection is gone.
void martlet_log_tail_rewind(martlet_log_tail *tail);

// Gives up what waits in that half, or its first record only. Returns how many lines or records that were.
size_t martlet_log_tail_discard(martlet_log_tail *tail);
size_t martlet_log_tail_discard_record(martlet_log_tail *tail);

// Has a tail written when the program ends, by `exit` or by a fatal signal. The tail must never be freed from then on.
// Returns 0, or an errno.
int martlet_log_tail_watch(martlet_log_tail *tail);

#endif
