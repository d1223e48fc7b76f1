/* caps_testbed.h - a connection that hears presences of a crowd, and answers
 * for it. */

#ifndef TESTS_XEP_CAPS_TESTBED_H
#define TESTS_XEP_CAPS_TESTBED_H

#include <xmpp/xep/caps.h>

#include "conn/diary.h"
#include "xep/talk_store.h"

extern struct crowd {
    struct testbed testbed;
    struct talk_store store;
    int known, changed; /* events so far */
    bool releases;      /* the connection, in an event */
} crowd;

void crowd_begin(void);
void crowd_use(void);
void crowd_log_in(void);
void crowd_end(const char *what);

/* Somebody of example.org is there with the i-th program, whose name has so
 * many letters. */
void crowd_hear(const char *who, int i, int name_n);
void crowd_turn(void);

/* How many queries were sent, and not answered or forgotten since. */
int crowd_queries(void);
void crowd_forget(void);

/* Answer the first query that was sent, by what this program is. */
void crowd_answer(int i, int name_n);

/* The value of the next attribute ("\" id=\"") from here on; where it is. */
const char *crowd_attribute(const char *at, const char *name, char *value);

/* Is it known to have what the i-th program has? */
int crowd_has(const char *who, int i);

#endif
