#include <sqlite3.h>

// The function takes a variable number of arguments, which Swift does not call.
static inline int martlet_sqlite3_refuse_double_quoted_text(sqlite3 *database) {
    int code = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    return code != SQLITE_OK ? code : sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
}
