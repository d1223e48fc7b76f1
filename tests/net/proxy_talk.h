/* proxy_talk.h - dialogues with proxies, for tests of their stages. */

#ifndef TESTS_NET_PROXY_TALK_H
#define TESTS_NET_PROXY_TALK_H

#include "conn/way.h"
#include "net/stage_testbed.h"

#define PROXY_LINES 8

struct proxy_talk {
    const char *what, *url, *host;
    int result, code;
    const char *words; /* in the fault */
    bool is_lasting;
    struct line lines[PROXY_LINES];
};

#define GOOD(what, url, host) what, url, host, 0, 0, NULL, false
#define BAD(what, url, words, is_lasting)                                      \
    what, url, "example.org", PIPE_FAIL, XMPP_EPROXY, words, is_lasting
#define BAD_USER(what, url, words)                                             \
    what, url, "example.org", PIPE_FAIL, XMPP_EPROXYAUTH, words, false
#define ENDS                                                                   \
    {                                                                          \
        LINE_EOF,                                                              \
        {                                                                      \
            NULL, 0                                                            \
        }                                                                      \
    }

/* A bench whose target has the talk's host at port 5222, by its proxy. */
void proxy_talk_begin(struct bench *bench, const struct proxy_talk *talk,
                      struct proxy *proxy);

/* Played whole and byte by byte, and with each allocation failing. */
void proxy_talks_play(const struct proxy_talk *talks, size_t n);

/* What follows this last answer is read by the stage above. */
void proxy_followed(const char *url, struct line last);

#endif
