/* interrupts.c - a signal just before each system call of xmpp-send until it
 * connects: none is lost, whatever the program waits for.
 *
 * In this world nothing happens but signals. So a call that would wait, behind
 * all that are to come, would wait for ever; and it is not made. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tap.h"

#define COMMAND_PID 12345
#define PATIENCE 60 /* seconds; only to end a test that hangs */

/* Ends of the program that are none of its own. */
enum {
    LOST = 70, /* it waits, and all signals came */
    NOT_YET,   /* it waits, and not all of them came */
    LEFT       /* the command goes on, or the terminal is silent */
};

/* What the program waits for. */
struct world {
    const char *name;
    void (*begin)(void); /* or NULL */
    const char *option;  /* that says where the password is, or NULL */
    const char *said;    /* by the command, or the input */
    int closes;          /* the command its output, and goes on */
    int is_deaf;         /* to SIGTERM */
};

static const struct world *world;
static int raise_at[2]; /* the calls; 0: none */
/* Two that are alike would be one, while they are held back. */
static const int numbers[2] = {SIGTERM, SIGINT};
static int calls, raised, is_armed;

static struct {
    int is_alive, output, status;
} command = {.output = -1};
static int pipe_end; /* of the last pipe, for writing */
static int tty = -1, writer = -1;
static char fifo[40] = "/tmp/interrupts-XXXXXX"; /* its folder first */

/* ---- what calls do here ------------------------------------------ */

static void point(void)
{
    if (!is_armed)
        return;
    calls++;
    for (int i = 0; i < 2; i++)
        if (calls == raise_at[i]) {
            raised++;
            raise(numbers[i]);
        }
}

static void never_return(void)
{
    _exit(raised < 1 + (raise_at[1] > 0) ? NOT_YET : LOST);
}

/* TYPE NAME(DECLARED) is a point, and then called with PASSED. */
#define POINT(type, name, declared, passed)                                    \
    type __real_##name declared;                                               \
    type __wrap_##name declared;                                               \
    type __wrap_##name declared                                                \
    {                                                                          \
        point();                                                               \
        return __real_##name passed;                                           \
    }

POINT(int, close, (int fd), (fd))
POINT(int, tcgetattr, (int fd, struct termios *to), (fd, to))
POINT(int, tcsetattr, (int fd, int when, const struct termios *to),
      (fd, when, to))
POINT(int, sigprocmask, (int how, const sigset_t *set, sigset_t *before),
      (how, set, before))

int __real_pipe2(int ends[2], int flags);
int __wrap_pipe2(int ends[2], int flags);
int __wrap_pipe2(int ends[2], int flags)
{
    int rc;

    point();
    rc = __real_pipe2(ends, flags);
    pipe_end = ends[1];
    return rc;
}

int __real_sigaction(int number, const struct sigaction *now,
                     struct sigaction *before);
int __wrap_sigaction(int number, const struct sigaction *now,
                     struct sigaction *before);
int __wrap_sigaction(int number, const struct sigaction *now,
                     struct sigaction *before)
{
    int rc = __real_sigaction(number, now, before);

    is_armed |= number == SIGTERM && now && now->sa_handler != SIG_IGN;
    return rc;
}

int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *most,
                 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *most,
                 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *most,
                 const sigset_t *mask)
{
    static const struct timespec none;
    int rc;

    (void)most; /* later it is as it is now */
    point();
    rc = __real_ppoll(fds, n, &none, mask);
    if (rc == 0)
        never_return();
    return rc;
}

static int would_wait(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};

    return poll(&one, 1, 0) == 0 && !(fcntl(fd, F_GETFL) & O_NONBLOCK);
}

ssize_t __real_read(int fd, void *to, size_t n);
ssize_t __wrap_read(int fd, void *to, size_t n);
ssize_t __wrap_read(int fd, void *to, size_t n)
{
    point();
    if (is_armed && would_wait(fd))
        never_return();
    return __real_read(fd, to, n);
}

size_t __real_fread(void *to, size_t size, size_t n, FILE *from);
size_t __wrap_fread(void *to, size_t size, size_t n, FILE *from);
size_t __wrap_fread(void *to, size_t size, size_t n, FILE *from)
{
    point();
    if (is_armed && would_wait(fileno(from)))
        never_return();
    return __real_fread(to, size, n, from);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    struct stat about;
    va_list ap;
    mode_t mode;

    va_start(ap, flags);
    mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    point();
    if (tty >= 0 && !strcmp(path, "/dev/tty"))
        return dup(tty);
    if (writer < 0 && !(flags & O_NONBLOCK) && stat(path, &about) == 0 &&
        S_ISFIFO(about.st_mode))
        never_return();
    return __real_open(path, flags, mode);
}

/* ---- a command --------------------------------------------------- */

static void close_output(void)
{
    if (command.output >= 0)
        __real_close(command.output);
    command.output = -1;
}

int __wrap_posix_spawnp(pid_t *pid, const char *file,
                        const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes,
                        char *const words[], char *const environment[]);
int __wrap_posix_spawnp(pid_t *pid, const char *file,
                        const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes,
                        char *const words[], char *const environment[])
{
    size_t n = strlen(world->said);

    (void)file;
    (void)actions;
    (void)attributes;
    (void)words;
    (void)environment;
    point();
    *pid = COMMAND_PID;
    command.is_alive = 1;
    command.output = dup(pipe_end);
    if (write(command.output, world->said, n) != (ssize_t)n)
        _exit(LEFT);
    if (world->closes)
        close_output();
    return 0;
}

int __wrap_kill(pid_t pid, int number);
int __wrap_kill(pid_t pid, int number)
{
    point();
    if (pid != COMMAND_PID || (world->is_deaf && number != SIGKILL))
        return 0;
    command.is_alive = 0;
    command.status = number; /* it was ended by */
    close_output();
    return 0;
}

pid_t __real_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    point();
    if (command.is_alive && !(options & WNOHANG))
        never_return();
    *status = command.status;
    return command.is_alive ? 0 : pid;
}

/* ---- the program ------------------------------------------------- */

void __wrap_exit(int code);
void __wrap_exit(int code)
{
    struct termios now;
    int is_silent =
        tty >= 0 && !__real_tcgetattr(tty, &now) && !(now.c_lflag & ECHO);

    _exit(command.is_alive || is_silent ? LEFT : code);
}

/* The terminal of this world, if it is asked there. */
static void open_terminal(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);

    if (master < 0 || grantpt(master) || unlockpt(master))
        _exit(LEFT);
    tty = __real_open(ptsname(master), O_RDWR | O_NOCTTY);
}

/* Somebody has the FIFO open for writing, too. */
static void open_writer(void)
{
    writer = __real_open(fifo, O_RDWR | O_CLOEXEC);
}

/* The text comes from there, and the password does not. */
static void give_input(void)
{
    size_t n = strlen(world->said);
    int ends[2];

    if (__real_pipe2(ends, O_CLOEXEC) ||
        write(ends[1], world->said, n) != (ssize_t)n)
        _exit(LEFT);
    dup2(ends[0], STDIN_FILENO);
    setenv("LIBXMPP_PASSWORD", "secret", 1);
}

int __real_main(int argc, char **argv);

static void live(void)
{
    static char words[3][40] = {"xmpp-send", "a@localhost", "b@localhost"};
    static char option[200];
    char *argv[] = {words[0], words[1], words[2], option, NULL};

    dup2(__real_open("/dev/null", O_WRONLY), STDERR_FILENO);
    alarm(PATIENCE);
    if (world->option)
        snprintf(option, sizeof(option), "%s=%s", world->option, fifo);
    if (world->begin)
        world->begin();
    exit(__real_main(world->option ? 4 : 3, argv));
}

/* Its exit code; if a signal ended it, its number below zero. */
static int end_with(int first, int second)
{
    int status;
    pid_t pid;

    raise_at[0] = first;
    raise_at[1] = second;
    pid = fork();
    if (pid == 0)
        live();
    __real_waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- the worlds -------------------------------------------------- */

#define COMMAND "--password-command"
#define FILE_ "--password-file"

static const struct world worlds[] = {
    {"a command that says nothing", NULL, COMMAND, "", 0, 0},
    {"half a line", NULL, COMMAND, "sec", 0, 0},
    {"a command that goes on", NULL, COMMAND, "secret\nurl", 0, 0},
    {"one that closes its output", NULL, COMMAND, "secret\n", 1, 0},
    {"one that says nothing, and is deaf", NULL, COMMAND, "", 0, 1},
    {"one that is deaf", NULL, COMMAND, "secret\n", 0, 1},
    {"one that closes its output, and is deaf", NULL, COMMAND, "", 1, 1},
    {"a FIFO without a writer", NULL, FILE_, "", 0, 0},
    {"a FIFO whose writer says nothing", open_writer, FILE_, "", 0, 0},
    {"the terminal", open_terminal, NULL, "", 0, 0},
    {"no input", give_input, NULL, "", 0, 0},
    {"half an input", give_input, NULL, "text", 0, 0},
};

/* A signal before each call behind `first`, and one before `first` if that is
 * not 0: the last of these calls, or -1. */
static int go_through(int first)
{
    int at = first, code;

    do {
        at++;
        code = first ? end_with(first, at) : end_with(at, 0);
    } while (code == 128 + numbers[0] || code == 128 + numbers[1]);
    if (code == NOT_YET)
        return at - 1;
    printf("#  signals at call %d and %d: exit code %d\n", first, at, code);
    return -1;
}

/* Who is deaf to the first one needs another. */
static int go_through_pairs(void)
{
    int first = 0, last;

    do {
        first++;
        last = go_through(first);
    } while (last > first);
    return last;
}

int __wrap_main(void);
int __wrap_main(void)
{
    if (!mkdtemp(fifo))
        return 1;
    setenv("HOME", fifo, 1);
    setenv("XDG_CONFIG_DIRS", fifo, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("LIBXMPP_PASSWORD");
    strcat(fifo, "/fifo");
    if (mkfifo(fifo, 0600))
        return 1;
    for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
        world = &worlds[i];
        ok((world->is_deaf ? go_through_pairs() : go_through(0)) >= 2,
           "%s: interrupted before each call", world->name);
    }
    unlink(fifo);
    *strrchr(fifo, '/') = '\0';
    rmdir(fifo);
    return done_testing();
}
