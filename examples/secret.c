/* secret.c - a password, from a descriptor or from a command. */

#define _GNU_SOURCE
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli_signal.h"

#define WORDS_MOST 64 /* of a command */

extern char **environ;

/* ---- a line ------------------------------------------------------ */

static int explain(char why[SECRET_WHY_SIZE], const char *what)
{
    snprintf(why, SECRET_WHY_SIZE, "%s", what);
    return -1;
}

/* Bytes up to the end of the first line or of the input. */
static ssize_t read_bytes(int fd, char to[SECRET_SIZE])
{
    size_t used = 0;
    ssize_t n = 1;

    while (n > 0 && used < SECRET_SIZE && !memchr(to, '\n', used)) {
        n = cli_read(fd, to + used, SECRET_SIZE - used);
        if (n < 0)
            return n;
        used += (size_t)n;
    }
    return (ssize_t)used;
}

int secret_read(int fd, char to[SECRET_SIZE], char why[SECRET_WHY_SIZE])
{
    ssize_t got = read_bytes(fd, to);
    size_t n = 0;

    if (got < 0)
        return explain(why, strerror(errno));
    if (got == 0)
        return explain(why, "there is nothing in it");
    while (n < (size_t)got && to[n] != '\n' && to[n] != '\r')
        n++;
    explicit_bzero(to + n, (size_t)got - n);
    if (n == SECRET_SIZE)
        return explain(why, "the line is longer than 4095 bytes");
    to[n] = '\0';
    return strlen(to) == n ? (int)n : explain(why, "the line contains a NUL");
}

/* ---- a command --------------------------------------------------- */

/* The next word, written over the text itself; NULL at the end. A quote that
 * does not end goes to the end. */
static char *next_word(char **text)
{
    char *from = *text + strspn(*text, " \t"), *to = from, *word = from;
    char quote = '\0';

    if (!*from)
        return NULL;
    for (; *from && (quote || !strchr(" \t", *from)); from++) {
        if (*from == quote)
            quote = '\0';
        else if (!quote && (*from == '\'' || *from == '"'))
            quote = *from;
        else if (*from == '\\' && quote != '\'' && from[1])
            *to++ = *++from;
        else
            *to++ = *from;
    }
    *text = from + (*from != '\0');
    *to = '\0';
    return word;
}

static int split(char *text, char *words[WORDS_MOST])
{
    int n = 0;

    while (n < WORDS_MOST && (words[n] = next_word(&text)))
        n++;
    return n && n < WORDS_MOST ? 0 : -1;
}

/* We ignore SIGPIPE, which it would inherit. */
static int spawn(pid_t *pid, char **words, int output)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t usual;
    int rc;

    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    rc = posix_spawnp(pid, words[0], &files, &attributes, words, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return rc;
}

/* What it prints behind the password is of no interest, but a program that is
 * not heard to its end would fail. 0; 1: it goes on and on; -1: an interrupt,
 * or an error. */
static int read_rest(int fd)
{
    char rest[1024];
    size_t most = SECRET_MOST;
    ssize_t n;

    while ((n = cli_read(fd, rest, sizeof(rest))) > 0 && most >= (size_t)n)
        most -= (size_t)n;
    explicit_bzero(rest, sizeof(rest));
    return n > 0 ? 1 : (int)n;
}

/* What the program said by its end. */
static int judge_end(const char *name, int status, char why[SECRET_WHY_SIZE])
{
    if (WIFSIGNALED(status))
        snprintf(why, SECRET_WHY_SIZE, "%s was ended by signal %d", name,
                 WTERMSIG(status));
    else if (WEXITSTATUS(status))
        snprintf(why, SECRET_WHY_SIZE, "%s failed with exit status %d", name,
                 WEXITSTATUS(status));
    else
        return 0;
    return -1;
}

/* An interrupt ends the program, too, and one more if it does not listen.
 * waitpid(2) itself would miss one that comes just before it. */
static int await_end(pid_t pid, int was_told, int seen)
{
    int status = 0;

    while (waitpid(pid, &status, WNOHANG) == 0) {
        cli_pause(seen);
        if (cli_signals() <= seen)
            continue;
        seen++;
        kill(pid, was_told++ ? SIGKILL : SIGTERM);
    }
    return status;
}

static int hear(const char *name, pid_t pid, int fd, char to[SECRET_SIZE],
                char why[SECRET_WHY_SIZE])
{
    char text[SECRET_WHY_SIZE] = "";
    int n, status, was_told, seen, rest = -1;

    n = secret_read(fd, to, text);
    if (!cli_signal())
        rest = read_rest(fd);
    was_told = rest != 0;
    seen = was_told && cli_signal();
    if (was_told)
        kill(pid, SIGTERM);
    close(fd);
    status = await_end(pid, was_told, seen);
    if (rest > 0)
        snprintf(why, SECRET_WHY_SIZE, "%s prints more than 65536 bytes", name);
    else if (judge_end(name, status, why) == 0 && n <= 0)
        snprintf(
            why, SECRET_WHY_SIZE,
            "%s printed no password; expected it in the first line%s%.100s",
            name, *text ? ": " : "", text);
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return n;
    explicit_bzero(to, SECRET_SIZE);
    return -1;
}

static int run_words(char **words, char to[SECRET_SIZE],
                     char why[SECRET_WHY_SIZE])
{
    int ends[2], rc;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC))
        return explain(why, strerror(errno));
    rc = spawn(&pid, words, ends[1]);
    close(ends[1]);
    if (rc == 0)
        return hear(words[0], pid, ends[0], to, why);
    close(ends[0]);
    snprintf(why, SECRET_WHY_SIZE, "%s cannot be run: %s", words[0],
             strerror(rc));
    return -1;
}

int secret_run(const char *command, char to[SECRET_SIZE],
               char why[SECRET_WHY_SIZE])
{
    char *words[WORDS_MOST], *text = strdup(command);
    int n;

    if (!text)
        return explain(why, "out of memory");
    if (split(text, words))
        n = explain(why, "expected a program and at most 62 arguments");
    else
        n = run_words(words, to, why);
    free(text);
    return n;
}
