/* talks.c - the talks about modules, through a whole connection: whole, byte by
 * byte, with the connection released inside each call of the application in
 * turn, and with each allocation failing in turn. */

#include <glob.h>

#include "conn/talk_conn.h"
#include "tap.h"
#include "top.h"
#include "xep/call.h"
#include "xep/talk_module.h"

static void play_once(const struct script *script, struct talk_how *how,
                      const char *what)
{
    char *wrong = talk_conn_play(script, how);

    if (!ok(!wrong, "%s, %s", script->title, what))
        printf("# %s: %s\n", script->name, wrong);
    free(wrong);
}

/* Every n until none fails any more; each talk begins elsewhere. */
static void play_failing(const struct script *script, struct talk_how *how,
                         size_t talk)
{
    char *wrong = NULL;

    how->fail_at = 1 + talk % tap_step();
    how->has_failed = true;
    while (how->has_failed && !wrong) {
        wrong = talk_conn_play(script, how);
        how->fail_at += tap_step();
    }
    if (!ok(!wrong, "%s, with allocations failing, up to the %lu-th",
            script->title, how->fail_at - tap_step()))
        printf("# %s: the %lu-th: %s\n", script->name,
               how->fail_at - tap_step(), wrong);
    free(wrong);
}

/* Every event in turn is the last. */
static void play_released(const struct script *script, struct talk_how *how,
                          size_t talk)
{
    char *wrong = NULL;

    how->release_at = 1 + talk % tap_step();
    how->has_released = true;
    while (how->has_released && !wrong) {
        wrong = talk_conn_play(script, how);
        how->release_at += tap_step();
    }
    if (!ok(!wrong, "%s, released inside each call", script->title))
        printf("# %s: the %zu-th: %s\n", script->name,
               (size_t)(how->release_at - tap_step()), wrong);
    free(wrong);
    how->release_at = 0;
}

/* The first module that is used and that this library was built without. */
static const char *missing_module(const struct script *script)
{
    for (size_t i = 0; i < script->count; i++)
        if (strcmp(script->lines[i].word, "use") == 0 &&
            !call_find_module(script->lines[i].text))
            return script->lines[i].text;
    return NULL;
}

/* Likewise a function, by its name in C without the prefix. */
static bool misses_function(const struct script *script, char name[100])
{
    for (size_t i = 0; i < script->count; i++) {
        if (strcmp(script->lines[i].word, "call") != 0)
            continue;
        snprintf(name, 100, "%.*s", (int)strcspn(script->lines[i].text, " "),
                 script->lines[i].text);
        if (call_has_function(name))
            continue;
        if (strchr(name, '.'))
            *strchr(name, '.') = '_';
        return true;
    }
    return false;
}

static bool file_has(const char *path, const char *text)
{
    static char content[65536];
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(content, 1, sizeof(content) - 1, f) : 0;

    if (f)
        fclose(f);
    content[n] = '\0';
    return strstr(content, text) != NULL;
}

/* Does a header declare it, whether it is built or not? */
static bool is_declared(const char *before, const char *name, const char *after)
{
    char pattern[1100], text[120];
    bool found = false;
    glob_t headers;

    snprintf(text, sizeof(text), "%s%.90s%s", before, name, after);
    snprintf(pattern, sizeof(pattern), "%s/include/xmpp/xep/*.h", tests_top());
    if (glob(pattern, 0, NULL, &headers))
        return false;
    for (size_t i = 0; i < headers.gl_pathc && !found; i++)
        found = file_has(headers.gl_pathv[i], text);
    globfree(&headers);
    return found;
}

static void play(const struct script *script, size_t talk)
{
    const char *unfit = talk_conn_unfit(script, &talk_module_words);
    const char *missing = missing_module(script);
    char function[100];
    struct talk_how how = {.piece = SIZE_MAX, .more = &talk_module_words};

    if (missing && is_declared(" xmpp_mod_", missing, ";")) {
        printf("# %s: built without the module %s\n", script->name, missing);
        skip(script->title);
        return;
    }
    if (misses_function(script, function) &&
        is_declared("xmpp_", function, "(")) {
        printf("# %s: built without xmpp_%s()\n", script->name, function);
        skip(script->title);
        return;
    }
    ok(!missing, "%s: every module is known", script->title);
    if (!ok(!unfit, "%s: every word is known", script->title)) {
        printf("# %s: %s\n", script->name, unfit);
        return;
    }
    play_once(script, &how, "whole");
    how.piece = 1;
    play_once(script, &how, "byte by byte");
    how.piece = SIZE_MAX;
    play_released(script, &how, talk);
    play_failing(script, &how, talk);
}

/* usage: talks [WORD | PART/PARTS]: those only whose name has the word, or one
 * part of them all, for runs side by side. */
int main(int argc, char **argv)
{
    static struct script script;
    char folder[1024], pattern[1100], name[300];
    const char *word = argc > 1 ? argv[1] : "";
    unsigned part = 0, parts = 1;
    glob_t found;

    if (sscanf(word, "%u/%u", &part, &parts) == 2)
        word = "";
    if (!parts)
        bail("usage: talks [WORD | PART/PARTS]");
    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    snprintf(pattern, sizeof(pattern), "%s/tests/xep/*.talk", tests_top());
    if (glob(pattern, 0, NULL, &found))
        bail("no talks");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *file = strrchr(found.gl_pathv[i], '/') + 1;

        if (!strstr(file, word) || i % parts != part % parts)
            continue;
        snprintf(name, sizeof(name), "../xep/%s", file);
        script_read(&script, folder, name);
        play(&script, i);
        script_free(&script);
    }
    globfree(&found);
    return done_testing();
}
