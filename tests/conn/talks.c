/* talks.c - the talks of tests/talk that fit, through a whole connection: over
 * a stage in memory with a virtual clock, whole and in pieces of seven bytes,
 * and by WebSocket. */

#include <glob.h>

#include "conn/talk_conn.h"
#include "net/certmaker.h"
#include "tap.h"
#include "top.h"

/* What a connection does besides its stream, which these talks do not know. */
static const struct {
    const char *talk, *why;
} others[] = {
    {"limits/attributes-kept.talk", "it refuses elements that are no stanzas"},
    {"limits/stanza-kept.talk", "likewise"},
    {"sm/answer.talk", "likewise"},
    {"stream/rest.talk", "likewise"},
    {"limits/outbox.talk", "no application can set the option so low"},
    {"patience/silent-tls.talk", "it begins TLS itself"},
    {"sasl/bearer.talk", "it knows the port that it reached"},
    {"sm/resume-silent.talk", "it tries another way the next time"},
    {"sm/unresumable-back.talk", "it gives back before the next attempt"},
    {"stream/error-other-host.talk", "it goes to that host"},
    {"stream/stanzas.talk", "it answers an iq that nobody took"},
    {"xml/lawful-one-piece.talk", "likewise"},
    {"xml/lawful-odd-stanzas.talk", "it refuses an iq that has no type"},
};

static bool is_other(const char *name)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strcmp(others[i].talk, name) == 0)
            return true;
    return false;
}

/* A server in memory sends whole elements, so what it sends may not be half of
 * one, nor stand between two. */
static const struct {
    const char *talk, *why;
} no_messages[] = {
    {"limits/", "they end in the middle of an element"},
    {"xml/", "they are about what is no element"},
    {"close/garbage.talk", "likewise"},
    {"stream/header-content", "<open/> has no such namespace"},
    {"sm/raw.talk", "a space between two elements is not sent"},
    {"sm/attempts-fail.talk", "the first attempt ends before TLS"},
};

static bool fits_messages(const char *name)
{
    for (size_t i = 0; i < sizeof(no_messages) / sizeof(no_messages[0]); i++)
        if (str_starts(str_of(name), str_of(no_messages[i].talk)))
            return false;
    return true;
}

/* The talks in which every allocation fails in turn: whole logins, with
 * sessions in them. */
static bool is_starved(const char *name)
{
    static const char *const folders[] = {"sasl2/", "sm/resume"};

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (str_starts(str_of(name), str_of(folders[i])))
            return true;
    return false;
}

static void starve_websocket(const struct script *script, struct talk_how *how)
{
    char *wrong = NULL;

    how->fail_at = 1;
    how->has_failed = true;
    while (how->has_failed && !wrong) {
        wrong = talk_conn_play(script, how);
        how->fail_at += tap_step();
    }
    if (!ok(!wrong, "%s, by WebSocket, with allocations failing",
            script->title))
        printf("# %s: the %lu-th: %s\n", script->name,
               how->fail_at - tap_step(), wrong);
    free(wrong);
    how->fail_at = 0;
}

static void play_websocket(const struct script *script, struct talk_how *how)
{
    char *wrong;

    how->websocket =
        fits_messages(script->name) ? talk_conn_websocket(script) : NULL;
    if (!how->websocket)
        return;
    how->piece = SIZE_MAX;
    wrong = talk_conn_play(script, how);
    if (!ok(!wrong, "%s, by WebSocket", script->title))
        printf("# %s: %s\n", script->name, wrong);
    free(wrong);
    if (is_starved(script->name))
        starve_websocket(script, how);
    how->websocket = NULL;
}

static void play(const struct script *script, struct talk_how *how)
{
    static const size_t pieces[] = {SIZE_MAX, 7};

    for (size_t i = 0; i < 2; i++) {
        char *wrong;

        how->piece = pieces[i];
        wrong = talk_conn_play(script, how);

        if (!ok(!wrong, "%s%s", script->title, i ? ", in sevens" : ""))
            printf("# %s: %s\n", script->name, wrong);
        free(wrong);
    }
}

int main(int argc, char **argv)
{
    static struct script script;
    struct certmaker certmaker;
    struct talk_how how = {0};
    char folder[1024], pattern[1100], tls[160];
    size_t played = 0, top_n;
    glob_t found;

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    snprintf(tls, sizeof(tls), "tls %s/good", certmaker.folder);
    how.tls = tls;
    how.ca_file = certmaker.ca_file;
    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    top_n = strlen(folder) + 1;
    snprintf(pattern, sizeof(pattern), "%s/*/*.talk", folder);
    if (glob(pattern, 0, NULL, &found))
        bail("no talks");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = found.gl_pathv[i] + top_n;

        if (argc > 1 && !strstr(name, argv[1]))
            continue;
        script_read(&script, folder, name);
        if (!talk_conn_unfit(&script, NULL) && (argc > 1 || !is_other(name))) {
            play(&script, &how);
            play_websocket(&script, &how);
            played++;
        }
        script_free(&script);
    }
    ok(argc > 1 || played >= 300, "%zu of %zu talks fit", played,
       found.gl_pathc);
    globfree(&found);
    certmaker_close(&certmaker);
    return done_testing();
}
