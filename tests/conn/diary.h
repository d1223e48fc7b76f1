/* diary.h - for tests of modules: a connection to a server that is played by
 * hand, and one line of words about what happened. */

#ifndef TESTS_CONN_DIARY_H
#define TESTS_CONN_DIARY_H

#include <xmpp/module.h>

#include "conn/testbed.h"

/* Write a word, or several with a space between them. */
void diary_add(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Assert what was written since the last call. */
void diary_is(const char *want, const char *what);

/* Drop what was written. */
void diary_forget(void);

/* A testbed with a server that does nothing by itself. */
void diary_begin(struct testbed *testbed);

/* Log in, as guest@example.org/r; or obey these lines. Assert that it works. */
void diary_login(struct testbed *testbed);
void diary_obey(struct testbed *testbed, const char *const *lines);

/* The server sends this, and it is delivered. */
void diary_hear(struct testbed *testbed, const char *text);

/* Assert that the client sent this since the last call, and nothing else; or
 * only that it is a part of what was sent. */
void diary_said(struct testbed *testbed, const char *want, const char *what);
void diary_said_part(struct testbed *testbed, const char *want,
                     const char *what);

/* The server is gone, and the connection has ended. */
void diary_cut(struct testbed *testbed);

/* For the rows of modules: the name of the lifecycle event. */
const char *diary_event(xmpp_lifecycle_t event);

#endif
