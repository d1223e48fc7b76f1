/* play_login.c - the lines of a talk that are about proofs and passwords, and
 * how it ended. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "talk/play_inside.h"

#define PASSWORD "secret" /* of every account */

void play_password(struct play *p, const struct line *l)
{
    if (!(stream_wants(p->stream) & WANT_PASSWORD))
        play_deviate(p, "line %d: it does not want a password", l->number);
    else if (strcmp(l->word, "give") == 0)
        stream_password(p->stream, str_n(l->text, l->n), p->now);
    else if (strcmp(l->word, "give-none") == 0)
        stream_password(p->stream, STR_NONE, p->now);
}

void play_turns(struct play *p, const struct line *l)
{
    if (p->turns != atoi(l->text))
        play_deviate(p, "line %d: it took %d turns", l->number, p->turns);
}

void play_paths(struct play *p, const struct line *l)
{
    unsigned paths = stream_agreed(p->stream)->paths;

    if (paths != (unsigned)atoi(l->text))
        play_deviate(p, "line %d: the paths are %u", l->number, paths);
}

void play_busy(struct play *p, const struct line *l)
{
    p->busy = strcmp(l->word, "busy") == 0;
}

void play_left(struct play *p, const struct line *l)
{
    char line[KEYS_SIZE] = "nothing";
    struct scram_keys keys;

    if (strcmp(l->word, "left-keys") == 0 && stream_take_keys(p->stream, &keys))
        keys_write(&keys, line, sizeof(line));
    if (strcmp(l->word, "left-strength") == 0 &&
        stream_agreed(p->stream)->strength.mechanism)
        strength_write(&stream_agreed(p->stream)->strength, line, sizeof(line));
    if (strcmp(line, l->text) != 0)
        play_deviate(p, "line %d: %s: %s", l->number, l->word, line);
}

static struct str said(const struct play *p)
{
    return p->out ? str_n(p->out, p->out_n) : STR("");
}

/* The channel as the server sees it; somebody in between would have another. */
void play_show_channel(struct play *p)
{
    const struct channel *c = &p->script->channel;
    const char *name = strstr(p->judge.header, "p=");
    enum binding b = name
                         ? binding_find(str_n(name + 2, strcspn(name + 2, ",")))
                         : BINDING_NONE;

    if (b)
        p->judge.bound = str_n(c->bindings[b].data, c->bindings[b].n);
}

void play_scram(struct play *p, const struct line *l)
{
    char text[3 * JUDGE_MOST] = "";
    bool good = true;

    if (strcmp(l->word, "scram-auth") == 0)
        good = judge_read_auth(&p->judge, said(p), l->text);
    else if (strcmp(l->word, "scram-check") == 0)
        good = judge_check(&p->judge, said(p));
    else if (strcmp(l->word, "scram-challenge") == 0)
        judge_challenge(&p->judge, l->text, PASSWORD, text, sizeof(text));
    else
        judge_final(&p->judge, l->text, text, sizeof(text));
    play_show_channel(p);
    if (!good)
        play_deviate(p, "line %d: %s: the client said: %.900s", l->number,
                     l->word, p->out ? p->out : "(nothing)");
    else if (text[0])
        play_feed(p, text, strlen(text));
    else
        play_eat(p, p->out_n);
}

void play_fault(struct play *p, const struct line *l)
{
    char got[160] = "none";

    if (fault_is_set(&p->fault))
        snprintf(got, sizeof(got), "%s %s%s%s", xmpp_layer_name(p->fault.layer),
                 xmpp_strerror_name(p->fault.code),
                 p->fault.condition[0] ? " " : "", p->fault.condition);
    if (strcmp(got, l->text) != 0)
        play_deviate(p, "line %d: the fault is: %s (%s)", l->number, got,
                     p->fault.detail);
    else
        p->as_told = fault_is_set(&p->fault);
}

void play_words(struct play *p, const struct line *l)
{
    if (!strstr(p->fault.detail, l->text) && !strstr(p->fault.text, l->text))
        play_deviate(p, "line %d: the fault's words are: %s", l->number,
                     p->fault.detail);
}
