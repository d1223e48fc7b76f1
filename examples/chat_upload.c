/* chat_upload.c - files of xmpp-chat, by curl. */

#define _GNU_SOURCE
#include "chat_upload.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xmpp/xep/upload.h>

#define POLL_PERIOD 200 /* to see whether curl is done, in milliseconds */

/* The one that is under way. */
static struct {
    upload_handler handler;
    void *to;
    char *path, *url;
    pid_t curl;
    int progress; /* where curl prints it; -1: there is none */
    int percent;
} upload = {.progress = -1, .percent = -1};

int upload_percent(void)
{
    return upload.percent;
}

static void upload_end(const char *why)
{
    upload_handler handler = upload.handler;
    char *url = upload.url;

    upload.handler = NULL;
    upload.url = NULL;
    upload.percent = -1;
    if (upload.progress >= 0)
        close(upload.progress);
    upload.progress = -1;
    free(upload.path);
    handler(why ? NULL : url, why, upload.to);
    free(url);
}

/* ---- curl -------------------------------------------------------- */

static void write_escaped(FILE *to, const char *text)
{
    for (const char *c = text; *c; c++)
        fprintf(to, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
}

/* One text, or two with a colon between them: the server may have chosen them,
 * and must not end the quotes. */
static void write_quoted(FILE *to, const char *text, const char *value)
{
    putc('"', to);
    write_escaped(to, text);
    if (value) {
        fputs(": ", to);
        write_escaped(to, value);
    }
    fputs("\"\n", to);
}

/* What is secret stands in a file of options that only curl reads, not in the
 * list of processes: "header = ..." (curl(1), --config). */
static void write_options(FILE *to, const xmpp_upload_put_t *put)
{
    fputs("url = ", to);
    write_quoted(to, put->url, NULL);
    fputs("upload-file = ", to);
    write_quoted(to, upload.path, NULL);
    fputs("fail\nprogress-bar\nproto = \"=https\"\nmax-time = 600\n", to);
    for (size_t i = 0; i < put->header_count; i++) {
        fputs("header = ", to);
        write_quoted(to, put->headers[i]->name, put->headers[i]->value);
    }
}

/* 0 or an errno. No signal is caught between here and curl: after fork(2) our
 * handlers would still be there, and one that came then would be lost. */
static int run_curl(int options, int progress)
{
    char name[] = "curl", config[] = "--config", here[] = "-";
    char *words[] = {name, config, here, NULL};
    posix_spawn_file_actions_t files;
    int rc;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, options, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, progress, STDERR_FILENO);
    rc = posix_spawnp(&upload.curl, name, &files, NULL, words, environ);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

/* It prints a bar again and again, each with a number such as 45.3% at its end.
 */
static void read_progress(void)
{
    char text[1024], *last;
    ssize_t n;

    while ((n = read(upload.progress, text, sizeof(text) - 1)) > 0) {
        text[n] = '\0';
        last = strrchr(text, '%');
        while (last && last > text && strchr("0123456789.", last[-1]))
            last--;
        if (last && *last != '%')
            upload.percent = atoi(last);
    }
}

static int poll_curl(xmpp_ctx_t *ctx, void *userdata)
{
    int status;

    (void)ctx;
    (void)userdata;
    read_progress();
    if (waitpid(upload.curl, &status, WNOHANG) == 0)
        return 1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        upload_end(NULL);
    else
        upload_end("curl could not put the file there");
    return 0;
}

/* The options are small enough for a pipe. */
static void put_file(xmpp_ctx_t *ctx, const xmpp_upload_put_t *put)
{
    int ends[2], bar[2], rc;
    FILE *to;

    if (pipe2(ends, O_CLOEXEC)) {
        upload_end("no pipe for curl");
        return;
    }
    if (pipe2(bar, O_CLOEXEC)) {
        close(ends[0]);
        close(ends[1]);
        upload_end("no pipe for curl");
        return;
    }
    fcntl(bar[0], F_SETFL, O_NONBLOCK);
    upload.progress = bar[0];
    upload.percent = 0;
    rc = run_curl(ends[0], bar[1]);
    close(ends[0]);
    close(bar[1]);
    to = fdopen(ends[1], "w");
    if (to) {
        write_options(to, put);
        fclose(to);
    }
    if (rc)
        upload_end(rc == ENOENT ? "curl is not installed"
                                : "no process for curl");
    else
        xmpp_global_timed_handler_add(ctx, poll_curl, POLL_PERIOD, NULL);
}

/* ---- the slot ---------------------------------------------------- */

static void on_slot(xmpp_conn_t *conn, const xmpp_result_t *result, void *to)
{
    const xmpp_upload_slot_t *slot = result->value;

    (void)to;
    if (result->status == XMPP_ENOSERVICE)
        upload_end("the server has no service for uploads");
    else if (result->status)
        upload_end(result->text        ? result->text
                   : result->condition ? result->condition
                                       : xmpp_strerror(result->status));
    else if ((upload.url = strdup(slot->get)))
        put_file(xmpp_conn_get_context(conn), slot->put);
    else
        upload_end("out of memory");
}

int upload_start(xmpp_conn_t *conn, const char *path, upload_handler handler,
                 void *to)
{
    const char *slash = strrchr(path, '/');
    xmpp_upload_file_t file;
    struct stat about;
    int rc;

    if (upload.handler)
        return XMPP_EINVOP;
    if (stat(path, &about) || !S_ISREG(about.st_mode))
        return XMPP_EARG;
    XMPP_INIT(xmpp_upload_file, file);
    file.name = slash ? slash + 1 : path;
    file.octets = about.st_size;
    upload.path = strdup(path);
    if (!upload.path)
        return XMPP_EMEM;
    upload.handler = handler;
    upload.to = to;
    rc = xmpp_upload_request(conn, NULL, &file, on_slot, NULL);
    if (rc) {
        upload.handler = NULL;
        free(upload.path);
    }
    return rc;
}
