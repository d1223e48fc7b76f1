/* states.c - every known element in every state of the negotiation.
 *
 * A state is a part of a talk (parts/at-NAME.part). In it the server says one
 * element of the table below; then the same in another namespace, then the same
 * inside of another one. What is not in `lawful` has to end the stream at once.
 * Whatever happens: before a login is complete no stanza reaches the
 * application, nothing is heard behind the end, and no memory is left. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn/settings.h"
#include "talk/play_inside.h"
#include "tap.h"
#include "top.h"

#define TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define SASL2 "urn:xmpp:sasl:2"
#define SM3 "urn:xmpp:sm:3"
#define ZLIB "http://jabber.org/protocol/compress"
#define STREAMS "http://etherx.jabber.org/streams"
#define BIND "urn:ietf:params:xml:ns:xmpp-bind"

/* ---- the elements ------------------------------------------------ */

/* NS stands for the namespace; "" inherits that of the stream. */
static const struct element {
    const char *name, *ns, *attributes, *content;
} elements[] = {
    {"starttls", TLS, "", ""},
    {"proceed", TLS, "", ""},
    {"failure", TLS, "", ""},
    {"mechanisms", SASL, "", "<mechanism>PLAIN</mechanism>"},
    {"auth", SASL, " mechanism='PLAIN'", ""},
    {"challenge", SASL, "", ""},
    {"response", SASL, "", ""},
    {"success", SASL, "", ""},
    {"abort", SASL, "", ""},
    {"failure", SASL, "", "<not-authorized/>"},
    {"authentication", SASL2, "", "<mechanism>PLAIN</mechanism>"},
    {"authenticate", SASL2, " mechanism='PLAIN'", ""},
    {"challenge", SASL2, "", ""},
    {"response", SASL2, "", ""},
    {"success", SASL2, "",
     "<authorization-identifier>romeo@example.org</authorization-identifier>"},
    {"failure", SASL2, "", "<not-authorized xmlns='" SASL "'/>"},
    {"abort", SASL2, "", ""},
    {"continue", SASL2, "", "<tasks><task>X</task></tasks>"},
    {"next", SASL2, " task='UPGR-SCRAM-SHA-256'", ""},
    {"task-data", SASL2, "", "<x/>"},
    {"compression", "http://jabber.org/features/compress", "", ""},
    {"compress", ZLIB, "", "<method>zlib</method>"},
    {"compressed", ZLIB, "", ""},
    {"failure", ZLIB, "", "<setup-failed/>"},
    {"enable", SM3, "", ""},
    {"enabled", SM3, " id='sm9' resume='true'", ""},
    {"resume", SM3, " previd='sm1' h='0'", ""},
    {"resumed", SM3, " previd='sm1' h='0'", ""},
    {"failed", SM3, "", ""},
    {"a", SM3, " h='0'", ""},
    {"r", SM3, "", ""},
    {"enabled", "urn:xmpp:sm:2", " id='sm9'", ""},
    {"bind", BIND, "", "<jid>romeo@example.org/r</jid>"},
    {"bind", "urn:xmpp:bind:0", "", ""},
    {"bound", "urn:xmpp:bind:0", "", ""},
    {"session", "urn:ietf:params:xml:ns:xmpp-session", "", ""},
    {"token", "urn:xmpp:fast:0", " token='t'", ""},
    {"fast", "urn:xmpp:fast:0", "", ""},
    {"config-version", "urn:xmpp:iap:0", " value='v1'", ""},
    {"auth", "http://jabber.org/features/iq-auth", "", ""},
    {"query", "jabber:iq:auth", "", ""},
    {"handshake", "", "", ""},
    {"handshake", "jabber:component:accept", "", ""},
    {"features", STREAMS, "", ""},
    {"features", STREAMS, "", "<bind xmlns='" BIND "'/>"},
    {"stream", STREAMS, " version='1.0'", ""},
    {"error", STREAMS, "",
     "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"},
    {"message", "", " id='m'", "<body>x</body>"},
    {"presence", "", "", ""},
    {"iq", "", " type='get' id='g'", "<ping xmlns='urn:xmpp:ping'/>"},
    {"iq", "", " type='set' id='s'", "<query xmlns='jabber:iq:roster'/>"},
    {"iq", "", " type='result' id='bind'",
     "<bind xmlns='" BIND "'><jid>romeo@example.org/r</jid></bind>"},
    {"iq", "", " type='result' id='other'",
     "<bind xmlns='" BIND "'><jid>romeo@example.org/r</jid></bind>"},
    {"iq", "", " type='result' id='bind' from='a@example.com'",
     "<bind xmlns='" BIND "'><jid>romeo@example.org/r</jid></bind>"},
    {"iq", "", " type='error' id='bind'", ""},
    {"iq", "", " type='result' id='session'", ""},
    {"iq", "", " type='error' id='session'", ""},
    {"iq", "", " type='result' id='auth-fields'",
     "<query xmlns='jabber:iq:auth'><username/><password/></query>"},
    {"iq", "", " type='result' id='auth'", ""},
    {"iq", "", " type='error' id='auth'", ""},
    {"proxy", "urn:unheard:of", "", ""},
};

#define ELEMENTS (sizeof(elements) / sizeof(elements[0]))

enum form { AS_IT_IS, OTHER_NS, INSIDE, FORMS };

static void write_element(const struct element *e, enum form form, char *out,
                          size_t n)
{
    const char *ns = form == OTHER_NS ? "urn:wrong" : e->ns;
    bool is_own = !ns[0];

    snprintf(out, n, "%s<%s%s%s%s%s>%s</%s>%s",
             form == INSIDE ? "<x xmlns='urn:outer'>" : "", e->name,
             is_own ? "" : " xmlns='", is_own ? "" : ns, is_own ? "" : "'",
             e->attributes, e->content, e->name, form == INSIDE ? "</x>" : "");
}

/* ---- the states -------------------------------------------------- */

/* What may come there, with what follows: the code of the fault, or 0 where the
 * login goes on or the stream is up. Without attributes it is any of that name;
 * with these only (and "" stands for one without content). */
struct rule {
    const char *name, *ns, *attributes;
    int code;
};

/* Where nothing is said of an element, it ends the stream with `otherwise`. A
 * stream error may come at any time. */
static const struct state {
    const char *name;
    int otherwise;
    struct rule lawful[10];
} states[] = {
#include "talk/states_table.h"
};

static int expected(const struct state *state, const struct element *e,
                    enum form form)
{
    if (form != AS_IT_IS)
        return state->otherwise;
    for (const struct rule *r = state->lawful; r->name; r++)
        if (strcmp(r->name, e->name) == 0 && strcmp(r->ns, e->ns) == 0 &&
            (!r->attributes || (strcmp(r->attributes, e->attributes) == 0 &&
                                (r->attributes[0] || !e->content[0]))))
            return r->code;
    return strcmp(e->name, "error") == 0 ? XMPP_ESTREAM : state->otherwise;
}

/* ---- one of each ------------------------------------------------- */

static unsigned long pairs;

/* What came out of it: how often each event. */
struct tally {
    int ups, downs, stanzas /* before it was up */;
};

static struct tally look(struct play *p)
{
    struct tally tally = {0};

    while (p->first < p->last) {
        struct stream_event *event = &p->events[p->first++];

        tally.ups += event->kind == STREAM_UP;
        tally.stanzas += event->kind == STREAM_STANZA && !tally.ups;
        tally.downs += event->kind == STREAM_DOWN;
        xmpp_stanza_release(event->stanza);
    }
    p->first = p->last = 0;
    return tally;
}

#define NO_STANZA                                                              \
    "<stream:error><unsupported-stanza-type "                                  \
    "xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/></stream:error>"

#define OTHER_STREAM                                                           \
    "<stream:error><invalid-namespace "                                        \
    "xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/></stream:error>"

/* Nothing but why, and the end, may still be said. */
static bool said_the_end(const struct play *p)
{
    static const char *const why[] = {
        "<abort xmlns=\"" SASL "\"/>",
        "<abort xmlns=\"" SASL2 "\"/>",
        NO_STANZA,
        OTHER_STREAM,
    };
    const char *out = p->out ? p->out : "";

    for (size_t i = 0; i < sizeof(why) / sizeof(why[0]); i++)
        if (strncmp(out, why[i], strlen(why[i])) == 0)
            out += strlen(why[i]);
    return !out[0] || strcmp(out, "</stream:stream>") == 0;
}

static const char *judge(struct play *p, int want)
{
    struct tally tally = look(p);
    bool is_down = tally.downs > 0;
    static char why[400];

    if (is_down && p->fault.code != want)
        snprintf(why, sizeof(why), "it ended by %s: %s",
                 xmpp_strerror_name(p->fault.code), p->fault.detail);
    else if (!is_down && want)
        return "it goes on";
    else if (tally.stanzas)
        return "a stanza reached the application";
    else if (tally.downs > 1)
        return "it ended twice";
    else if (is_down && !said_the_end(p))
        snprintf(why, sizeof(why), "it said: %.200s", p->out);
    else
        return NULL;
    return why;
}

/* Another run of the state, and the element in it; then what follows in the
 * same piece, if anything. */
static const char *run(const struct script *script, const char *text,
                       const char *behind, int want)
{
    static struct play play;
    char all[3000];
    const char *wrong;

    snprintf(all, sizeof(all), "%s%s", text, behind);
    if (!play_enter(&play, script))
        wrong = play.wrong;
    else {
        look(&play);
        play_feed(&play, all, strlen(all));
        wrong = judge(&play, want);
        if (!wrong && play.fault.code) {
            play_feed(&play, "<message/>", 10);
            if (look(&play).stanzas)
                wrong = "something was heard behind the end";
        }
    }
    if (!play_leave(&play) && !wrong)
        wrong = "memory is left";
    return wrong;
}

static bool check(const struct state *state, const struct script *script,
                  const struct element *e, enum form form)
{
    char text[2000];
    int want = expected(state, e, form);
    const char *wrong;

    pairs++;
    if (!tap_has_turn())
        return true;
    write_element(e, form, text, sizeof(text));
    wrong = run(script, text, "", want);
    if (!wrong && want) /* what is behind it changes nothing */
        wrong = run(script, text, "<message id='behind'/>", want);
    if (wrong)
        printf("# %s, %s\n#   %s\n", state->name, text, wrong);
    return !wrong;
}

static void check_state(const struct state *state, const char *folder)
{
    static struct script script;
    char name[64];
    bool good[FORMS] = {true, true, true};

    snprintf(name, sizeof(name), "parts/at-%s.part", state->name);
    script_read(&script, folder, name);
    for (size_t i = 0; i < ELEMENTS; i++)
        for (int form = 0; form < FORMS; form++)
            good[form] &= check(state, &script, &elements[i], (enum form)form);
    script_free(&script);
    ok(good[AS_IT_IS], "at %s: only what is lawful there", state->name);
    ok(good[OTHER_NS], "at %s: nothing in another namespace", state->name);
    ok(good[INSIDE], "at %s: nothing inside of another element", state->name);
}

int main(int argc, char **argv)
{
    char folder[1024];

    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (argc < 2 || strcmp(states[i].name, argv[1]) == 0)
            check_state(&states[i], folder);
    ok(argc > 1 || pairs > 4000, "%lu pairs of state and element", pairs);
    return done_testing();
}
