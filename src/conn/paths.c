/* paths.c - ways of logging in on which a server did not answer, and which the
 * next attempts of this connection avoid. */

#include "conn/paths.h"

/* How much evidence it takes to give up a path. A connection that was cut
 * proves less than silence or a stream error: the network may have cut it. */
enum evidence {
    ANY,    /* one failure: giving it up costs only round trips */
    NO_CUT, /* a failure that is not a cut, or many cuts in a row: giving it up
               costs the session, and unacknowledged stanzas arrive twice */
    TWICE   /* two failures: giving it up costs knowing what arrived */
};

/* In the order in which they are given up, one at a time. A silent attacker
 * gains nothing by it: none of these paths decides what the server has to prove
 * or what it learns (stream/terms.h). */
static const struct path_row {
    enum path path;
    enum evidence evidence;
    const char *name;
} rows[] = {
    {PATH_PIPELINE, ANY, "pipelining (XEP-0509)"},
    {PATH_TOKEN, ANY, "tokens (XEP-0484)"},
    {PATH_UPGRADE, ANY, "upgrades of SCRAM (XEP-0480)"},
    {PATH_INLINE, ANY, "resuming together with the login"},
    {PATH_RESUME, NO_CUT, "resuming the session"},
    {PATH_ZLIB, ANY, "compression"},
    {PATH_BIND2, ANY, "Bind 2 (XEP-0386)"},
    {PATH_SASL2, ANY, "SASL2 (XEP-0388)"},
    {PATH_EARLY_SM, ANY, "enabling stream management together with binding"},
    {PATH_SM, TWICE, "stream management"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

unsigned paths_avoided(xmpp_conn_t *conn)
{
    if (conn_now(conn) >= conn->paths.until)
        paths_forget(conn);
    return conn->paths.avoid;
}

/* A server that insists on an order of its own (RFC 6120 section 4.9.3). */
static bool is_of_order(const struct fault *fault)
{
    return fault->code == XMPP_ESTREAM &&
           (strcmp(fault->condition, "not-authorized") == 0 ||
            strcmp(fault->condition, "policy-violation") == 0 ||
            strcmp(fault->condition, "unsupported-stanza-type") == 0);
}

/* A server that cannot handle what it was sent is silent, ends the stream, cuts
 * the connection, or reports an error of its own. Every other failure is an
 * answer, unless something was sent too early. */
static bool is_dead_end(const struct fault *fault, unsigned taken)
{
    return fault->code == XMPP_ETIMEOUT || fault->code == XMPP_EEOF ||
           fault->code == XMPP_ELOST ||
           strcmp(fault->condition, "internal-server-error") == 0 ||
           strcmp(fault->condition, "undefined-condition") == 0 ||
           (taken & PATH_EARLY_SM && is_of_order(fault));
}

static bool is_enough(struct paths *paths, const struct path_row *row, int code)
{
    bool again = (paths->doubt & row->path) != 0;

    if (row->evidence == NO_CUT && code == XMPP_ELOST)
        /* Bad networks easily cut two connections in a row. */
        return ++paths->cuts >= PATHS_CUTS;
    paths->doubt |= row->path;
    return row->evidence != TWICE || again;
}

/* The path to give up, or NULL. */
static const struct path_row *choose(struct paths *paths, unsigned taken,
                                     int code)
{
    const struct path_row *row = rows;

    while (row < rows + ROWS && !(taken & row->path))
        row++;
    if (row == rows + ROWS)
        return NULL;
    return is_enough(paths, row, code) ? row : NULL;
}

void paths_learn(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    const struct agreed *agreed =
        attempt->stream ? stream_agreed(attempt->stream) : NULL;
    const struct path_row *row;
    unsigned taken; /* that could have been avoided */

    if (attempt->fault.code == XMPP_ELOST &&
        !(agreed && agreed->paths & PATH_RESUME))
        conn->paths.cuts = 0; /* the network cuts, whatever is tried */
    if (!agreed || attempt->is_up ||
        attempt->password_wanted) /* we are the silent side */
        return;
    taken = agreed->paths & ~conn->paths.avoid;
    if (!is_dead_end(&attempt->fault, taken))
        return;
    /* If the plain way ends so too, the paths were not to blame. */
    if (agreed->mechanism && !taken)
        paths_forget(conn);
    conn->paths.until = conn_now(conn) + PATHS_AVOIDED;
    row = choose(&conn->paths, taken, attempt->fault.code);
    if (!row)
        return;
    conn->paths.avoid |= row->path;
    /* The next attempt goes another way, so it is worth a try. */
    conn->last.shown.retry = XMPP_RETRY_SOON;
    env_log(&conn->ctx->env, XMPP_LEVEL_WARN, "conn",
            "the server did not answer: the next login does without %s",
            row->name);
}

/* The session that could not be resumed or begun is gone. The next one is
 * another, and may work. */
void paths_arrived(xmpp_conn_t *conn)
{
    conn->paths.doubt = conn->paths.cuts = 0;
    conn->paths.avoid &= ~(unsigned)(PATH_RESUME | PATH_SM);
}

void paths_forget(xmpp_conn_t *conn)
{
    conn->paths = (struct paths){0};
}
