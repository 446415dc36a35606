// The reference for `Scripts/bench orm`: 10,000 rows inserted in one transaction, read into structs, and got one by one
// by primary key, through SQLite's C API with statements that are prepared once. The file is in WAL mode.
//
//   sqlite_rows FILE ROUNDS      prints {"insert":MS,"fetch":MS,"get":MS} for each round
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS 10000

struct article {
    int64_t id;
    char *title, *body, *created_at;
    int64_t views;
    int is_active;
};

static sqlite3 *database;

static void check(int code, int expected) {
    if (code == expected) return;
    fprintf(stderr, "SQLite: %s\n", sqlite3_errmsg(database));
    exit(1);
}

static void run(const char *sql) { check(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK); }

static sqlite3_stmt *prepared(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static char *copied(sqlite3_stmt *statement, int column) {
    const unsigned char *text = sqlite3_column_text(statement, column);
    size_t length = (size_t)sqlite3_column_bytes(statement, column);
    char *copy = malloc(length + 1);
    if (!copy) exit(1);
    memcpy(copy, text, length + 1);
    return copy;
}

static void read_row(sqlite3_stmt *statement, struct article *article) {
    article->id = sqlite3_column_int64(statement, 0);
    article->title = copied(statement, 1);
    article->body = copied(statement, 2);
    article->created_at = copied(statement, 3);
    article->views = sqlite3_column_int64(statement, 4);
    article->is_active = sqlite3_column_int(statement, 5);
}

static void clear(struct article *article) {
    free(article->title);
    free(article->body);
    free(article->created_at);
}

static double insert(sqlite3_stmt *statement, const char *body) {
    double start = milliseconds();
    run("BEGIN IMMEDIATE");
    for (int number = 1; number <= ROWS; number++) {
        char title[40], moment[40];
        time_t seconds = 1767225600 + number * 60;
        struct tm parts;
        int length = snprintf(title, sizeof title, "Article number %d", number);
        size_t size = strftime(moment, sizeof moment, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &parts));
        sqlite3_bind_text(statement, 1, title, length, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, body, 200, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, moment, (int)size, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 4, number % 5000);
        sqlite3_bind_int(statement, 5, number % 10 != 0);
        check(sqlite3_step(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    run("COMMIT");
    return milliseconds() - start;
}

static double fetch(sqlite3_stmt *statement, struct article *articles) {
    double start = milliseconds();
    int count = 0;
    while (sqlite3_step(statement) == SQLITE_ROW && count < ROWS) read_row(statement, &articles[count++]);
    sqlite3_reset(statement);
    double time = milliseconds() - start;
    if (count != ROWS) exit(3);
    for (int index = 0; index < count; index++) clear(&articles[index]);
    return time;
}

static double get(sqlite3_stmt *statement, const int *order) {
    double start = milliseconds();
    for (int index = 0; index < ROWS; index++) {
        struct article article;
        sqlite3_bind_int64(statement, 1, order[index]);
        check(sqlite3_step(statement), SQLITE_ROW);
        read_row(statement, &article);
        if (article.views != order[index] % 5000) exit(3);
        clear(&article);
        sqlite3_reset(statement);
    }
    return milliseconds() - start;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    check(sqlite3_open(arguments[1], &database), SQLITE_OK);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = NORMAL");
    run("DROP TABLE IF EXISTS article");
    run("CREATE TABLE article (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, title varchar(200) NOT NULL,"
        " body text NOT NULL, created_at datetime NOT NULL, views integer NOT NULL, is_active bool NOT NULL)");
    sqlite3_stmt *inserting = prepared(
        "INSERT INTO article (title, body, created_at, views, is_active) VALUES (?, ?, ?, ?, ?)");
    sqlite3_stmt *fetching = prepared("SELECT id, title, body, created_at, views, is_active FROM article");
    sqlite3_stmt *getting = prepared(
        "SELECT id, title, body, created_at, views, is_active FROM article WHERE id = ?");
    char body[200];
    for (int index = 0; index < 200; index++) body[index] = "lorem ipsum dolor sit amet "[index % 27];
    int *order = malloc(ROWS * sizeof *order);
    struct article *articles = malloc(ROWS * sizeof *articles);
    if (!order || !articles) return 1;
    for (int index = 0; index < ROWS; index++) order[index] = index + 1;
    srand(7);
    for (int index = ROWS - 1; index > 0; index--) {
        int other = rand() % (index + 1), kept = order[index];
        order[index] = order[other];
        order[other] = kept;
    }
    for (int rounds = atoi(arguments[2]); rounds > 0; rounds--) {
        run("DELETE FROM article");
        run("DELETE FROM sqlite_sequence");
        // Otherwise it would be chance whose inserts end with a checkpoint of what both have written.
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        double inserted = insert(inserting, body), fetched = fetch(fetching, articles), got = get(getting, order);
        printf("{\"insert\":%.3f,\"fetch\":%.3f,\"get\":%.3f}\n", inserted, fetched, got);
    }
    return 0;
}
