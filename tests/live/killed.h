/* killed.h - the program that tests/live/kills kills and starts again. */

#ifndef TESTS_LIVE_KILLED_H
#define TESTS_LIVE_KILLED_H

/* What it keeps on disk, in front of the library's state. */
struct killed_head {
    int next;           /* number of the next message to be said */
    int fresh, resumed; /* how sessions began */
    int restored;       /* how often a state of an earlier process was taken */
    int ended, dropped; /* how often it left a session by itself */
};

/* What it is told in its arguments, in this order behind its name. */
enum {
    KILLED_PORT = 2,
    KILLED_CA,
    KILLED_JID,
    KILLED_PASSWORD,
    KILLED_TO,
    KILLED_STATE,    /* file of its state */
    KILLED_ENOUGH,   /* file; when it is there, nothing new is said */
    KILLED_FORM,     /* "own", or "old" for what libstrophe's callback gets */
    KILLED_SCHEDULE, /* a number, said in each message */
    KILLED_SEED,
    KILLED_END
};

/* Says messages "SCHEDULE NUMBER ...", leaves now and then, and comes back. 0
 * when there is enough and all that was said is acknowledged. */
int killed_main(char **argv);

#endif
