/* talk_conn.h - a talk played through a whole connection, over a stage in
 * memory and with a virtual clock. */

#ifndef TESTS_CONN_TALK_CONN_H
#define TESTS_CONN_TALK_CONN_H

#include "talk/script.h"

struct talk_conn;

/* The word of a talk that a connection has no counterpart for, or NULL if it
 * can be played: static, or of the script. */
const char *talk_conn_unfit(const struct script *script);

/* Play it; NULL if the server saw and the application got what it says, else
 * what was otherwise: to be freed. `tls` is "tls PREFIX", the files of a
 * certificate for example.org that `ca_file` vouches for; `piece` is the most
 * bytes of one read or write. */
char *talk_conn_play(const struct script *script, const char *tls,
                     const char *ca_file, size_t piece);

#endif
