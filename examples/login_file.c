/* login_file.c - what one login leaves for the next: the id of this
 * installation, the token, the pin and the server's offer, a line each. The
 * token is as good as a password: the file is for its owner alone, and never
 * half written. */

#define _GNU_SOURCE
#include "login_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- writing ----------------------------------------------------- */

static int write_lines(FILE *to, const struct cli *cli)
{
    const char *token = xmpp_conn_get_fast_token(cli->conn);
    const char *pin = xmpp_conn_get_min_login_strength(cli->conn);
    const char *offer = xmpp_conn_get_cached_features(cli->conn);

    fprintf(to, "agent %s\n", cli->agent);
    if (token)
        fprintf(to, "token %s\n", token);
    if (pin)
        fprintf(to, "pin %s\n", pin);
    if (offer)
        fprintf(to, "offer %s\n", offer);
    return fflush(to) || fsync(fileno(to)) ? -1 : 0;
}

static int write_file(const struct cli *cli, const char *fresh)
{
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
    int rc = to ? write_lines(to, cli) : -1;

    if (to ? fclose(to) : fd >= 0 && close(fd))
        rc = -1;
    return rc ? rc : rename(fresh, cli->login_file);
}

void login_file_save(struct cli *cli)
{
    char *fresh;

    if (!cli->login_file || asprintf(&fresh, "%s.new", cli->login_file) < 0)
        return;
    unlink(fresh); /* of somebody who did not finish */
    if (write_file(cli, fresh)) {
        cli_error(cli, "the login file could not be written: %s: %s", fresh,
                  strerror(errno));
        unlink(fresh);
    }
    free(fresh);
}

static void on_token(xmpp_conn_t *conn, const char *token, void *userdata)
{
    (void)conn;
    (void)token;
    login_file_save(userdata);
}

/* ---- reading ----------------------------------------------------- */

static int take_line(struct cli *cli, const char *line)
{
    if (!strncmp(line, "agent ", 6)) {
        if (strlen(line + 6) >= sizeof(cli->agent))
            return XMPP_EARG;
        strcpy(cli->agent, line + 6);
        return 0;
    }
    if (!strncmp(line, "token ", 6)) {
        cli->has_token = 1;
        return xmpp_conn_set_fast_token(cli->conn, line + 6);
    }
    if (!strncmp(line, "pin ", 4))
        return xmpp_conn_set_min_login_strength(cli->conn, line + 4);
    if (!strncmp(line, "offer ", 6))
        return xmpp_conn_set_cached_features(cli->conn, line + 6);
    return XMPP_EARG;
}

static const char *take_lines(struct cli *cli, FILE *from)
{
    char *line = NULL;
    size_t size = 0;
    struct stat about;
    int rc = 0;

    if (fstat(fileno(from), &about) || about.st_mode & 077)
        return "others may read the file: ";
    while (!rc && getline(&line, &size, from) > 0) {
        line[strcspn(line, "\n")] = '\0';
        rc = take_line(cli, line);
        explicit_bzero(line, strlen(line));
    }
    free(line);
    return rc ? "not a login file: " : NULL;
}

static int choose_agent(struct cli *cli)
{
    char *id = xmpp_uuid_gen(cli->ctx);

    if (id)
        snprintf(cli->agent, sizeof(cli->agent), "%s", id);
    xmpp_free(cli->ctx, id);
    return id ? 0 : XMPP_EMEM;
}

const char *login_file_open(struct cli *cli)
{
    FILE *from = fopen(cli->login_file, "re");
    const char *wrong = NULL;

    if (!from && errno != ENOENT)
        return "cannot read ";
    if (from) {
        wrong = take_lines(cli, from);
        fclose(from);
    }
    if (!wrong &&
        ((!cli->agent[0] && choose_agent(cli)) ||
         xmpp_conn_set_user_agent(cli->conn, cli->agent, cli->name, NULL)))
        wrong = "not a login file: ";
    if (!wrong)
        xmpp_conn_set_fast_token_handler(cli->conn, on_token, cli);
    return wrong;
}
