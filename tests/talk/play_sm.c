/* play_sm.c - the words of a talk that concern what is said, and what outlives
 * a stream. */

#include "talk/play_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "stream/sm_saved.h"

/* Never called: streams call nobody. */
static void on_sent(xmpp_conn_t *conn, int status, const char *text,
                    size_t length, void *userdata)
{
    (void)conn, (void)status, (void)text, (void)length, (void)userdata;
}

void play_say(struct play *p, const struct line *l)
{
    const char *text = l->text;
    bool all = strcmp(l->word, "say*") == 0;
    char code[32] = "XMPP_EOK";
    int rc;
    xmpp_stanza_t *stanza;

    if (strcmp(l->word, "say!") == 0) {
        sscanf(text, "%31s", code);
        text += strlen(code) + 1;
    }
    stanza = xmpp_stanza_new_from_string(env_ctx(&p->env), text);
    rc = !stanza ? XMPP_EMEM
         : all   ? stream_send_all(p->stream, stanza)
                 : stream_send(p->stream, stanza, &(struct tracking){0});
    xmpp_stanza_release(stanza);
    if (rc == XMPP_EMEM)
        p->told_memory = true;
    if (strcmp(xmpp_strerror_name(rc), code) != 0)
        play_deviate(p, "line %d: returned %s", l->number,
                     xmpp_strerror_name(rc));
}

void play_tracked(struct play *p, const struct line *l)
{
    const char *xml = strchr(l->text, ' ') + 1;
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(env_ctx(&p->env), xml);
    int rc = stanza ? stream_send(p->stream, stanza,
                                  &(struct tracking){on_sent, l->text, 0})
                    : XMPP_EMEM;

    xmpp_stanza_release(stanza);
    play_result(p, l, rc, 0);
}

/* Nobody asked about one that is named "-". */
static bool is_told(const struct stream_event *event, const char *name)
{
    if (name[0] == '-')
        return event->sent.handler == NULL;
    return event->sent.handler == on_sent &&
           strncmp(event->sent.userdata, name, strlen(name)) == 0;
}

void play_sent(struct play *p, const struct line *l)
{
    struct stream_event event;
    char name[64] = "", code[32] = "";
    int at = 0;

    sscanf(l->text, "%63s %31s %n", name, code, &at);
    if (!play_event(p, l, STREAM_SENT, &event))
        return;
    if (!is_told(&event, name) ||
        strcmp(code, event.sent.status == 1
                         ? "1"
                         : xmpp_strerror_name(event.sent.status)) != 0)
        play_deviate(p, "line %d: it became %d, or another is told", l->number,
                     event.sent.status);
    if (l->text[at] && strcmp(p->sent_text, l->text + at) != 0)
        play_deviate(p, "line %d: its text is: %.500s", l->number,
                     p->sent_text);
}

void play_unacked(struct play *p, const struct line *l)
{
    if ((long)p->sm->out.unacked != strtol(l->text, NULL, 10))
        play_deviate(p, "line %d: there are %zu", l->number,
                     p->sm->out.unacked);
}

void play_location(struct play *p, const struct line *l)
{
    if (p->sm->location &&
        strlen(p->sm->location) == strtoul(l->text, NULL, 10))
        return;
    if (p->sm->location || l->text[0] != '0')
        play_deviate(p, "line %d: it is: %.50s", l->number,
                     p->sm->location ? p->sm->location : "none");
}

void play_resumed(struct play *p, const struct line *l)
{
    if (stream_agreed(p->stream)->resumed != (l->word[0] == 'r'))
        play_deviate(p, "line %d: it is not so", l->number);
}

void play_gone(struct play *p, const struct line *l)
{
    if (stream_agreed(p->stream)->left != (l->word[0] == 'l'))
        play_deviate(p, "line %d: it is not so", l->number);
}

void play_check(struct play *p, const struct line *l)
{
    char code[32] = "";
    unsigned long patience = 0;
    int rc;

    sscanf(l->text, "%31s %lu", code, &patience);
    rc = stream_check(p->stream, patience, p->now);
    if (strcmp(xmpp_strerror_name(rc), code) != 0)
        play_deviate(p, "line %d: returned %s", l->number,
                     xmpp_strerror_name(rc));
    p->told_memory |= rc == XMPP_EMEM;
}

void play_owner(struct play *p, const struct line *l)
{
    int rc = sm_own(p->sm, str_of(l->text));

    p->told_memory |= rc == XMPP_EMEM;
    if (rc < 0)
        play_deviate(p, "line %d: %s", l->number, xmpp_strerror_name(rc));
}

/* Save and load; what cannot be is as if a process had ended. */
static void reload(struct play *p, bool strophe)
{
    xmpp_sm_state_t *copy = NULL;
    struct buf bytes;
    int rc = XMPP_EMEM;

    buf_init(&bytes, &p->env, SIZE_MAX / 4);
    if (strophe)
        sm_save_strophe(p->sm, &bytes);
    else
        sm_save(p->sm, &bytes);
    if (!bytes.failed)
        rc = sm_load(&p->env, (const unsigned char *)buf_view(&bytes).s,
                     buf_size(&bytes), &copy);
    buf_free(&bytes);
    if (rc) {
        p->told_memory |= rc == XMPP_EMEM;
        play_deviate(p, "what was saved cannot be loaded: %d", rc);
        return;
    }
    sm_free(p->sm);
    p->sm = p->wanted.sm = copy;
}

void play_again(struct play *p, const struct line *l)
{
    if (p->out_n)
        play_deviate(p, "line %d: the client also said: %.900s", l->number,
                     p->out);
    if (p->first != p->last)
        play_deviate(p, "line %d: event %d was not expected", l->number,
                     (int)p->events[p->first].kind);
    if (p->fault.code == XMPP_EMEM)
        p->told_memory = true;
    stream_free(p->stream);
    if (*l->text)
        reload(p, strcmp(l->text, "strophe") == 0);
    p->fault = (struct fault){0};
    play_begin(p);
}
