/* play_sasl2.c - the lines of a talk that are about SASL2 and tokens. */

#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "base/crypt.h"
#include "sasl/ht.h"
#include "talk/play_inside.h"

#define OWNER "romeo@example.org"
#define NS " xmlns=\"urn:xmpp:sasl:2\""

static struct str said(const struct play *p)
{
    return p->out ? str_n(p->out, p->out_n) : STR("");
}

/* What HT-* has to say for us; the server knows the token that the script
 * began with. */
static void hash(const struct play *p, const char *who, unsigned char *out)
{
    const struct fast_token *token = &p->script->fast;
    char data[16 + BINDING_MOST];
    size_t n = strlen(who);

    memcpy(data, who, n);
    memcpy(data + n, p->script->channel.bindings[token->binding].data,
           p->script->channel.bindings[token->binding].n);
    n += p->script->channel.bindings[token->binding].n;
    crypt_hmac((enum digest)token->mechanism->digest, token->text, token->n,
               data, n, out);
}

static bool proves_token(const struct play *p, struct str initial)
{
    unsigned char want[DIGEST_MOST];
    char got[BASE64_MOST(1024)];
    struct str user = p->wanted.local;
    size_t size = digest_size((enum digest)p->script->fast.mechanism->digest);
    size_t n;

    if (initial.n > 1024 || !base64_decode(got, &n, initial))
        return false;
    hash(p, "Initiator", want);
    return n == user.n + 1 + size && memcmp(got, user.s, user.n) == 0 &&
           got[user.n] == '\0' && memcmp(got + user.n + 1, want, size) == 0;
}

/* auth2 MECHANISM FLAG REST: <authenticate/>, its initial response as the
 * mechanism has it (FLAG: GS2's header, "-" for others), and the rest of its
 * content to the letter. */
void play_auth2(struct play *p, const struct line *l)
{
    char mechanism[32] = "", flag[64] = "", want[1200], *end, *rest;
    struct str out = said(p);
    int used = 0, n;
    bool good;

    sscanf(l->text, "%31s %63s %n", mechanism, flag, &used);
    n = snprintf(want, sizeof(want),
                 "<authenticate" NS " mechanism=\"%s\"><initial-response>",
                 mechanism);
    good = out.n > (size_t)n && memcmp(out.s, want, (size_t)n) == 0;
    end = good ? strstr(p->out + n, "</initial-response>") : NULL;
    if (end) {
        struct str initial = str_n(p->out + n, (size_t)(end - p->out - n));

        rest = end + strlen("</initial-response>");
        snprintf(want, sizeof(want), "%s</authenticate>", l->text + used);
        good = strcmp(rest, want) == 0;
        if (strncmp(mechanism, "HT-", 3) == 0)
            good = good && proves_token(p, initial);
        else if (flag[0] != '-')
            good =
                good && judge_read_initial(&p->judge, initial, mechanism, flag);
        play_show_channel(p);
    }
    if (!good || !end)
        play_deviate(p, "line %d: the client said: %.900s\nnot: %.500s",
                     l->number, p->out ? p->out : "(nothing)", l->text);
    else
        play_eat(p, p->out_n);
}

/* success2 HOW REST | continue2 HOW REST: <success/> or <continue/> with the
 * additional data of SCRAM or of a token (see judge.h; of a token: good, zero,
 * wrong, bare), and what follows it. */
void play_success2(struct play *p, const struct line *l)
{
    const char *name = l->word[0] == 's' ? "success" : "continue";
    char how[32] = "", data[JUDGE_MOST] = "", text[4000];
    unsigned char proof[1 + DIGEST_MOST] = {0};
    size_t size;
    int used = 0;

    sscanf(l->text, "%31s %n", how, &used);
    if (!p->judge.mechanism[0] && p->script->fast.mechanism) {
        size = digest_size((enum digest)p->script->fast.mechanism->digest);
        hash(p, "Responder", proof + 1);
        proof[size] ^= strcmp(how, "wrong") == 0;
        if (strcmp(how, "zero") == 0)
            base64_encode(data, proof, size + 1);
        else if (strcmp(how, "bare") != 0)
            base64_encode(data, proof + 1, size);
    } else {
        judge_final_data(&p->judge, how, data, sizeof(data));
    }
    snprintf(text, sizeof(text), "<%s" NS ">%s%s%s%s</%s>", name,
             data[0] ? "<additional-data>\n " : "", data,
             data[0] ? " </additional-data>" : "", l->text + used, name);
    play_feed(p, text, strlen(text));
}

/* token LINE | token none: the next event, and what is to be kept then. */
void play_token(struct play *p, const struct line *l)
{
    const struct fast_token *token = stream_token(p->stream);
    char line[FAST_TOKEN_LINE_SIZE] = "none";
    struct stream_event event;

    if (!play_event(p, l, STREAM_TOKEN, &event))
        return;
    if (token)
        fast_token_write(token, STR(OWNER), line, sizeof(line));
    if (strcmp(line, l->text) != 0)
        play_deviate(p, "line %d: the token is: %s", l->number, line);
}

/* offer TEXT: what is remembered of the features; "unseen" if none came. */
void play_offer(struct play *p, const struct line *l)
{
    const struct agreed *agreed = stream_agreed(p->stream);
    struct str offer = agreed->offer.s ? agreed->offer : STR("none");

    p->told_memory |= agreed->offer_seen && !agreed->offer.s;
    if (!str_is(agreed->offer_seen ? offer : STR("unseen"), l->text))
        play_deviate(p, "line %d: the offer is: %.*s", l->number,
                     STR_ARG(offer));
}

/* trips N: how often the login waited. */
void play_trips(struct play *p, const struct line *l)
{
    char text[16];

    snprintf(text, sizeof(text), "%u", stream_agreed(p->stream)->round_trips);
    if (strcmp(text, l->text) != 0)
        play_deviate(p, "line %d: it took %s round trips", l->number, text);
}
