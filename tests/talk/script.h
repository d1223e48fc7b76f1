/* script.h - a talk as a file: what it is about, its settings, its lines. */

#ifndef TESTS_TALK_SCRIPT_H
#define TESTS_TALK_SCRIPT_H

#include <stddef.h>

#include <xmpp/option.h>

#include "stream/terms.h"

#define LINES_MOST 256

/* One line of a talk: a word, and what follows it with macros and escapes
 * resolved. */
struct line {
    char word[20];
    char *text;
    size_t n;
    int number; /* in its file */
};

struct script {
    char name[128];
    char title[256]; /* its first comment */
    struct wanted wanted;
    bool direct;            /* TLS from the first byte */
    struct channel channel; /* the TLS, once there is one */
    bool has_own_binding;   /* which the talk describes */
    struct scram_keys keys;
    struct fast_token fast;
    int32_t options[XMPP_OPT_COUNT_];
    struct line lines[LINES_MOST];
    size_t count;
    char *kept[32]; /* strings that `wanted` points at */
    size_t kept_n;
};

/* Read a talk and the parts that it uses from a folder; does not return if it
 * cannot be understood. */
void script_read(struct script *script, const char *folder, const char *name);
void script_free(struct script *script);

#endif
