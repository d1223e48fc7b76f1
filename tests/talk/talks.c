/* talks.c - plays every talk of a folder: whole, in pieces of one and of
 * seven bytes, and with each allocation failing in turn. */

#include <dirent.h>
#include <stdlib.h>

#include "talk/play.h"
#include "tap.h"
#include "top.h"

#define TALKS_MOST 2048

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t list_talks(const char *folder, char **names)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    size_t n = 0;

    if (!dir)
        bail("no folder of talks");
    while ((entry = readdir(dir))) {
        size_t length = strlen(entry->d_name);

        if (n == TALKS_MOST)
            bail("more talks than there is room for");
        if (length > 5 && strcmp(entry->d_name + length - 5, ".talk") == 0)
            names[n++] = strdup(entry->d_name);
    }
    closedir(dir);
    qsort(names, n, sizeof(*names), by_name);
    return n;
}

static void play_once(const struct script *script, size_t piece,
                      const char *how)
{
    static struct play play;
    bool failed;
    const char *wrong = play_run(&play, script, piece, 0, &failed);

    if (!ok(!wrong, "%s, %s", script->title, how))
        printf("# %s: %s\n", script->name, wrong);
}

/* Every n until none fails any more; each talk begins elsewhere. */
static void play_failing(const struct script *script, size_t talk)
{
    static struct play play;
    const char *wrong = NULL;
    unsigned long n = 1 + talk % tap_step();
    bool failed = true;

    while (failed && !wrong) {
        wrong = play_run(&play, script, 0, n, &failed);
        n += tap_step();
    }
    if (!ok(!wrong, "%s, with allocations failing, up to the %lu-th",
            script->title, n - tap_step()))
        printf("# %s: the %lu-th: %s\n", script->name, n - tap_step(), wrong);
}

int main(int argc, char **argv)
{
    char folder[1024];
    char *names[TALKS_MOST];
    static struct script script;
    size_t n;

    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    play_take_libxml();
    n = list_talks(folder, names);
    ok(n >= 40, "there are %zu talks", n);
    for (size_t i = 0; i < n; i++) {
        if (argc < 2 || strstr(names[i], argv[1])) {
            script_read(&script, folder, names[i]);
            play_once(&script, 0, "whole");
            play_once(&script, 1, "byte by byte");
            play_once(&script, 7, "in sevens");
            play_failing(&script, i);
            script_free(&script);
        }
        free(names[i]);
    }
    play_free_libxml();
    return done_testing();
}
