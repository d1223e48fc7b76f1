/* cli_password.c - where the password of the example programs comes from. */

#define _GNU_SOURCE
#include "cli_password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli_signal.h"
#include "secret.h"

/* ---- sources ----------------------------------------------------- */

/* -1: there is no terminal, as under cron, or it was interrupted. */
static int ask(const char *jid, char to[SECRET_SIZE])
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC), n;
    struct termios before, silent;
    char why[SECRET_WHY_SIZE];

    if (tty < 0)
        return -1;
    tcgetattr(tty, &before);
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(tty, TCSAFLUSH, &silent);
    dprintf(tty, "Password for %s: ", jid); /* what came before is flushed */
    n = secret_read(tty, to, why);
    tcsetattr(tty, TCSAFLUSH, &before);
    dprintf(tty, "\n");
    close(tty);
    return n;
}

/* A service may be given its password in a file that others can read, so that
 * is no error. */
static void check_readers(const struct cli *cli, const char *path, int fd)
{
    struct stat about;

    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
        (about.st_mode & 077))
        cli_note(cli, "others may read the password in %s: chmod 600 %s", path,
                 path);
}

/* A FIFO may have no writer yet: what waits for one is the reading. */
static int read_file(const struct cli *cli, const char *path,
                     char to[SECRET_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), n = -1;
    char why[SECRET_WHY_SIZE] = "";

    if (fd < 0)
        snprintf(why, sizeof(why), "%s", strerror(errno));
    else
        n = secret_read(fd, to, why);
    if (n == 0)
        snprintf(why, sizeof(why), "its first line is empty");
    if (n <= 0 && !cli_signal())
        cli_refuse(cli, "no password in %s: %s", path, why);
    check_readers(cli, path, fd);
    close(fd);
    return n;
}

static int run_command(struct cli *cli, const char *command,
                       char to[SECRET_SIZE])
{
    char why[SECRET_WHY_SIZE];
    int n = secret_run(command, to, why);

    if (n < 0 && !cli_signal())
        cli_refuse(cli, "no password from the password-command: %s", why);
    return n;
}

static int copy(const char *text, char to[SECRET_SIZE])
{
    size_t n = strlen(text);

    if (n >= SECRET_SIZE)
        return -1;
    memcpy(to, text, n + 1);
    return (int)n;
}

/* The command line goes first, then the environment, then files of settings.
 */
static int find_password(struct cli *cli, char to[SECRET_SIZE])
{
    const char *variable = getenv("LIBXMPP_PASSWORD");

    if (cli->password_file)
        return read_file(cli, cli->password_file, to);
    if (cli->password_command)
        return run_command(cli, cli->password_command, to);
    if (variable)
        return copy(variable, to);
    if (cli->kept.password_file)
        return read_file(cli, cli->kept.password_file, to);
    if (cli->kept.password_command)
        return run_command(cli, cli->kept.password_command, to);
    if (cli->kept.password)
        return copy(cli->kept.password, to);
    return ask(cli->jid, to);
}

/* ---- its use ----------------------------------------------------- */

/* The password, when it is needed: of a key, or if a token was not enough. */
static int give_password(char *to, size_t most, xmpp_conn_t *conn,
                         void *userdata)
{
    char password[SECRET_SIZE] = "";
    int n = find_password(userdata, password);

    (void)conn;
    if (n >= 0 && (size_t)n < most)
        memcpy(to, password, (size_t)n + 1);
    else
        n = -1;
    explicit_bzero(password, sizeof(password));
    return n;
}

static void set_password_now(struct cli *cli)
{
    char password[SECRET_SIZE] = "";
    int n = find_password(cli, password);

    if (n < 0 && cli_signal())
        cli_give_up(cli, EXIT_USAGE);
    if (n < 0)
        cli_refuse(cli, "no password was given: set LIBXMPP_PASSWORD, or use "
                        "--password-file or --password-command");
    xmpp_conn_set_pass(cli->conn, password);
    explicit_bzero(password, sizeof(password));
}

void cli_set_password(struct cli *cli)
{
    if (!(cli->kind & CLI_LOGS_IN))
        return;
    if (cli->cert) /* it takes the place of a password, but may need one */
        xmpp_conn_set_password_callback(cli->conn, give_password, cli);
    else if (cli->has_token)
        xmpp_conn_set_login_password_handler(cli->conn, give_password, cli);
    else
        set_password_now(cli);
}
