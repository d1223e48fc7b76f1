/* cli_password.c - where the password of the example programs comes from. */

#define _GNU_SOURCE
#include "cli_password.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static char *read_line(FILE *from)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n = getline(&line, &size, from);

    if (n < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static char *ask(const char *jid)
{
    struct termios before, silent;
    FILE *tty = fopen("/dev/tty", "r+");
    char *line;

    if (!tty)
        return NULL;
    fprintf(tty, "Password for %s: ", jid);
    fflush(tty);
    tcgetattr(fileno(tty), &before);
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fileno(tty), TCSAFLUSH, &silent);
    line = read_line(tty);
    tcsetattr(fileno(tty), TCSAFLUSH, &before);
    fprintf(tty, "\n");
    fclose(tty);
    return line;
}

static char *find_password(struct cli *cli)
{
    const char *variable = getenv("LIBXMPP_PASSWORD");
    char *line = NULL;
    FILE *file;

    if (!cli->password_file)
        return variable ? strdup(variable) : ask(cli->jid);
    file = fopen(cli->password_file, "re");
    if (file)
        line = read_line(file);
    if (!line)
        cli_misuse(cli, "no password in %s: %s", cli->password_file,
                   file && feof(file) ? "the file is empty" : strerror(errno));
    fclose(file);
    return line;
}

/* The password, when it is needed: of a key, or if a token was not enough. */
static int give_password(char *to, size_t most, xmpp_conn_t *conn,
                         void *userdata)
{
    struct cli *cli = userdata;
    char *password = find_password(cli);
    int n = password && strlen(password) < most ? (int)strlen(password) : -1;

    (void)conn;
    if (n >= 0)
        memcpy(to, password, (size_t)n + 1);
    if (password)
        explicit_bzero(password, strlen(password));
    free(password);
    return n;
}

void cli_set_password(struct cli *cli)
{
    char *password;

    if (!(cli->kind & CLI_LOGS_IN))
        return;
    if (cli->cert) { /* it takes the place of a password, but may need one */
        xmpp_conn_set_password_callback(cli->conn, give_password, cli);
        return;
    }
    if (cli->has_token) {
        xmpp_conn_set_login_password_handler(cli->conn, give_password, cli);
        return;
    }
    password = find_password(cli);
    if (!password && cli_signal())
        cli_give_up(cli, EXIT_USAGE);
    if (!password)
        cli_misuse(cli, "no password was given: set LIBXMPP_PASSWORD, or use "
                        "--password-file");
    xmpp_conn_set_pass(cli->conn, password);
    explicit_bzero(password, strlen(password));
    free(password);
}
