/* paths.c - ways of logging in that a server did not answer on, and that the next
 * attempts of this connection go around. */

#include "conn/paths.h"

/* In the order in which they are given up: first what costs a round trip, then
 * what costs the session. That one has to be worth it: a connection that was
 * cut says less than silence or an end that the server said. */
static const struct path_row {
    enum path path;
    bool is_dear;
    const char *name;
} rows[] = {
    {PATH_PIPELINE, false, "pipelining (XEP-0509)"},
    {PATH_TOKEN, false, "tokens (XEP-0484)"},
    {PATH_UPGRADE, false, "upgrades of SCRAM (XEP-0480)"},
    {PATH_INLINE, false, "resuming together with the login"},
    {PATH_RESUME, true, "resuming the session"},
    {PATH_ZLIB, false, "compression"},
    {PATH_BIND2, false, "Bind 2 (XEP-0386)"},
    {PATH_SASL2, false, "SASL2 (XEP-0388)"},
    {PATH_SM, true, "stream management"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

unsigned paths_avoided(xmpp_conn_t *conn)
{
    if (poll_now() >= conn->paths.until)
        paths_forget(conn);
    return conn->paths.avoid;
}

/* What a server does that does not get over what was said to it. */
static bool is_dead_end(const struct fault *fault)
{
    return fault->code == XMPP_ETIMEOUT || fault->code == XMPP_EEOF ||
           fault->code == XMPP_ELOST ||
           strcmp(fault->condition, "internal-server-error") == 0 ||
           strcmp(fault->condition, "undefined-condition") == 0;
}

/* NULL: there is none, or it deserves another chance. */
static const struct path_row *choose(struct paths *paths, unsigned taken,
                                     int code)
{
    const struct path_row *row = rows;

    while (row < rows + ROWS && !(taken & row->path))
        row++;
    if (row == rows + ROWS)
        return NULL;
    if (row->is_dear && code == XMPP_ELOST && !(paths->doubt & row->path)) {
        paths->doubt |= row->path;
        return NULL;
    }
    return row;
}

/* The plain way ends like the others, so they were not to blame. */
static bool is_in_vain(const struct agreed *agreed)
{
    return agreed->mechanism && !agreed->paths;
}

void paths_learn(xmpp_conn_t *conn)
{
    const struct agreed *agreed =
        conn->stream ? stream_agreed(conn->stream) : NULL;
    const struct path_row *row;

    if (!agreed || conn->told_up || conn->asked || /* it is us who are silent */
        !is_dead_end(&conn->fault))
        return;
    if (is_in_vain(agreed))
        paths_forget(conn);
    conn->paths.until = poll_now() + PATHS_AVOIDED;
    row = choose(&conn->paths, agreed->paths, conn->fault.code);
    if (!row)
        return;
    conn->paths.avoid |= row->path;
    env_log(&conn->ctx->env, XMPP_LEVEL_WARN, "conn",
            "the server did not answer: the next login goes without %s",
            row->name);
}

/* What could not be resumed was one session; this may be another. */
void paths_arrived(xmpp_conn_t *conn)
{
    conn->paths.doubt = 0;
    conn->paths.avoid &= ~(unsigned)PATH_RESUME;
}

void paths_forget(xmpp_conn_t *conn)
{
    conn->paths = (struct paths){0};
}
