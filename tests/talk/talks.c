/* talks.c - plays every talk of every subject: whole, in pieces of one and of
 * seven bytes, and with each allocation failing in turn. */

#include <dirent.h>
#include <stdlib.h>

#include "talk/play.h"
#include "tap.h"
#include "top.h"

#define TALKS_MOST 2048

/* The talks, as SUBJECT/NAME.talk. */
struct list {
    char *names[TALKS_MOST];
    size_t n;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_add(struct list *list, const char *subject, const char *name)
{
    char path[512];

    if (list->n == TALKS_MOST)
        bail("more talks than there is room for");
    snprintf(path, sizeof(path), "%s/%s", subject, name);
    list->names[list->n++] = strdup(path);
}

static void list_subject(struct list *list, const char *folder,
                         const char *subject)
{
    char path[2048];
    struct dirent *entry;
    DIR *dir;

    if (snprintf(path, sizeof(path), "%s/%s", folder, subject) >=
        (int)sizeof(path))
        bail("a long path");
    dir = opendir(path);
    if (!dir)
        return; /* a file */
    while ((entry = readdir(dir))) {
        size_t length = strlen(entry->d_name);

        if (length > 5 && strcmp(entry->d_name + length - 5, ".talk") == 0)
            list_add(list, subject, entry->d_name);
    }
    closedir(dir);
}

static void list_talks(struct list *list, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (!dir)
        bail("no folder of talks");
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            list_subject(list, folder, entry->d_name);
    closedir(dir);
    qsort(list->names, list->n, sizeof(list->names[0]), by_name);
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

/* A part of SUBJECT/NAME.talk, or a path that ends so. */
static bool is_meant(const char *name, const char *word)
{
    return strstr(name, word) || strstr(word, name);
}

/* With a word: those talks only that it means. */
int main(int argc, char **argv)
{
    static struct script script;
    static struct list list;
    char folder[1024];
    size_t played = 0;

    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    play_take_libxml();
    list_talks(&list, folder);
    ok(list.n >= 40, "there are %zu talks", list.n);
    for (size_t i = 0; i < list.n; i++) {
        if (argc < 2 || is_meant(list.names[i], argv[1])) {
            played++;
            script_read(&script, folder, list.names[i]);
            play_once(&script, 0, "whole");
            play_once(&script, 1, "byte by byte");
            play_once(&script, 7, "in sevens");
            play_failing(&script, i);
            script_free(&script);
        }
        free(list.names[i]);
    }
    ok(played > 0, "%zu of them were played", played);
    play_free_libxml();
    return done_testing();
}
