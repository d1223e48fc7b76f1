/* memory_server.h - a server in memory that follows a script, in turns of the
 * loop that it serves: no socket, no thread, no time that really passes. */

#ifndef TESTS_CONN_MEMORY_SERVER_H
#define TESTS_CONN_MEMORY_SERVER_H

#include <stdbool.h>

#include <xmpp/types.h>

#include "base/str.h"

/* The scripts are those of tests/conn/fake_server.h, and other lines:
 *   "end"     close the connection, under TLS as TLS demands it, and with a
 *             WebSocket as that does
 *   "ws"      answer the request for a WebSocket; from there on the script is
 *             about a stream as over TCP, and messages are made and read */
struct memory_server;

/* From here on the context reaches this server wherever it dials, and its clock
 * is virtual: it moves when a turn would wait (net/poll.h). */
struct memory_server *memory_server_start(xmpp_ctx_t *ctx,
                                          const char *const *script);

/* The domain has `n` targets from now on, s1 to sN, each with a priority of its
 * own. They all lead here, but for the first `refused` of them. */
void memory_server_set_targets(struct memory_server *server, unsigned n,
                               unsigned refused);

/* The script has to be at its end, all lines obeyed, with no more than what
 * the loop already did. NULL, or the line where it stands: static. The context
 * reaches nobody any more. */
const char *memory_server_end(struct memory_server *server);

/* Somebody comes and goes, if nobody else came: `accept` and `deaf` go on. */
void memory_server_poke(struct memory_server *server);

/* ---- by hand ------------------------------------------------------ */

/* Without a script (NULL) nothing is done by itself: who plays the server does
 * so by these. The last connection that came is the one. */

/* Obey one line of a script, turning the loop as long as that helps. */
bool memory_server_obey(struct memory_server *server, const char *line);

/* Send bytes; false if nobody is there. */
bool memory_server_send(struct memory_server *server, struct str bytes);

/* What the client sent and nobody took; take the first `n` bytes. */
struct str memory_server_sent(struct memory_server *server);
void memory_server_take(struct memory_server *server, size_t n);

/* ---- both --------------------------------------------------------- */

/* How many connections it got. */
int memory_server_count(const struct memory_server *server);

/* The name and the port of the last dial, also of one that was refused. */
const char *memory_server_dialled(const struct memory_server *server);

/* What is taken of one write, or given to one read. */
void memory_server_set_piece(struct memory_server *server, size_t piece);

/* After the context's connections were released. */
void memory_server_free(struct memory_server *server);

#endif
