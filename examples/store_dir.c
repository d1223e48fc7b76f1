/* store_dir.c - a store for modules: PATH/ACCOUNT/KIND/KEY is a file each. It
 * has the key in its first line, because a long key is cut in the name, and the
 * text behind. A file is written beside its place and renamed, so that it is
 * never half written when the program is killed. */

#define _GNU_SOURCE
#include "store_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xmpp/digest.h>
#include <xmpp/error.h>

/* Of the readable part of a name, and of all of it: a cut one has a hash. */
#define NAME_CUT 120
#define NAME_SIZE (NAME_CUT + 3 + 2 * XMPP_DIGEST_MOST + 1)

/* While it is written: no name of a key begins with a dot. */
#define FRESH ".new-"
#define FRESH_SIZE (sizeof(FRESH) + 16)

/* ---- names ------------------------------------------------------- */

static int is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '@' || c == '.';
}

static void add_hash(char *at, const char *text)
{
    unsigned char digest[XMPP_DIGEST_MOST];
    size_t n = 0;

    xmpp_digest("sha-256", text, strlen(text), digest, &n);
    *at++ = '%';
    for (size_t i = 0; i < n; i++)
        at += sprintf(at, "%02x", digest[i]);
}

/* A file name for any text, different for different texts also where upper and
 * lower case are the same: all but plain characters are written as %41, and
 * nothing as %. */
static const char *name_of(const char *text, char *name)
{
    const char *s = text;
    char *at = name;

    for (; *s && at < name + NAME_CUT; s++)
        if (is_plain(*s) && (*s != '.' || s > text))
            *at++ = *s;
        else
            at += sprintf(at, "%%%02x", (unsigned char)*s);
    *at = '\0';
    if (at == name)
        strcpy(name, "%");
    if (*s)
        add_hash(at, text);
    return name;
}

/* ---- directories ------------------------------------------------- */

static int open_below(int fd, const char *name, int makes)
{
    if (makes && mkdirat(fd, name, 0700) && errno != EEXIST)
        return -1;
    return openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* PATH/ACCOUNT/KIND; -1 and errno. */
static int open_kind(const char *path, const char *account, const char *kind,
                     int makes)
{
    char name[NAME_SIZE];
    int top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int middle = top < 0 ? -1 : open_below(top, name_of(account, name), makes);
    int fd = middle < 0 ? -1 : open_below(middle, name_of(kind, name), makes);
    int error = errno;

    if (top >= 0)
        close(top);
    if (middle >= 0)
        close(middle);
    errno = error;
    return fd;
}

/* ---- writing ----------------------------------------------------- */

/* A key may have a newline in it, so its length comes first. */
static int write_text(int fd, const char *key, const char *text, size_t n)
{
    FILE *to = fdopen(fd, "w");
    int rc;

    if (!to) {
        close(fd);
        return -1;
    }
    fprintf(to, "%zu %s\n", strlen(key), key);
    fwrite(text, 1, n, to);
    rc = ferror(to) ? -1 : 0;
    return fclose(to) ? -1 : rc;
}

/* A name that nobody else uses, also no other program in the same directory. */
static int open_fresh(int dir, char fresh[FRESH_SIZE])
{
    unsigned long long number = 0;

    xmpp_random(&number, sizeof(number));
    snprintf(fresh, FRESH_SIZE, "%s%016llx", FRESH, number);
    return openat(dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static int replace_file(int dir, const char *key, const char *text, size_t n)
{
    char name[NAME_SIZE], fresh[FRESH_SIZE];
    int fd = open_fresh(dir, fresh);

    if (fd < 0)
        return -1;
    if (write_text(fd, key, text, n) == 0 &&
        renameat(dir, fresh, dir, name_of(key, name)) == 0)
        return 0;
    unlinkat(dir, fresh, 0);
    return -1;
}

static int dir_put(void *path, const char *account, const char *kind,
                   const char *key, const char *text, size_t n)
{
    char name[NAME_SIZE];
    int dir = open_kind(path, account, kind, text != NULL), rc;

    if (dir < 0)
        return !text && errno == ENOENT ? 0 : XMPP_EINT;
    if (text)
        rc = replace_file(dir, key, text, n);
    else
        rc = unlinkat(dir, name_of(key, name), 0) && errno != ENOENT;
    close(dir);
    return rc ? XMPP_EINT : 0;
}

/* ---- reading ----------------------------------------------------- */

/* All of a file, to be freed. One that is gone meanwhile has nothing in it. */
static int read_file(int dir, const char *name, char **ret, size_t *ret_n)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    FILE *from = fd < 0 ? NULL : fdopen(fd, "r");
    size_t size = 0;
    ssize_t n;
    int rc;

    if (!from) {
        rc = fd < 0 && errno == ENOENT ? 0 : -1;
        if (fd >= 0)
            close(fd);
        return rc;
    }
    n = getdelim(ret, &size, EOF, from);
    *ret_n = n < 0 ? 0 : (size_t)n;
    rc = ferror(from) || (n < 0 && !feof(from)) ? -1 : 0;
    fclose(from);
    return rc;
}

/* What is not a file of ours is left alone. */
static int deliver_file(char *all, size_t n, xmpp_store_deliver deliver,
                        void *to)
{
    char *key, *end = all + n;
    size_t key_n = n ? strtoul(all, &key, 10) : 0;

    if (!n || *key != ' ' || key_n >= (size_t)(end - key - 1) ||
        key[1 + key_n] != '\n')
        return 0;
    key++;
    key[key_n] = '\0';
    return deliver(to, key, key + key_n + 1, (size_t)(end - key) - key_n - 1);
}

static int deliver_all(DIR *dir, xmpp_store_deliver deliver, void *to)
{
    struct dirent *entry;
    int rc = 0, ends = 0;

    while (!ends && (entry = readdir(dir))) {
        char *all = NULL;
        size_t n = 0;

        if (entry->d_name[0] == '.')
            continue;
        if (read_file(dirfd(dir), entry->d_name, &all, &n))
            rc = XMPP_EINT;
        else
            ends = deliver_file(all, n, deliver, to);
        free(all);
    }
    return rc;
}

static int dir_each(void *path, const char *account, const char *kind,
                    xmpp_store_deliver deliver, void *to)
{
    int fd = open_kind(path, account, kind, 0), rc;
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (fd < 0)
        return errno == ENOENT ? 0 : XMPP_EINT;
    if (!dir) {
        close(fd);
        return XMPP_EINT;
    }
    rc = deliver_all(dir, deliver, to);
    closedir(dir);
    return rc;
}

/* ---- life -------------------------------------------------------- */

int store_dir_open(xmpp_store_t *store, const char *path)
{
    xmpp_store_t made = {
        .size = sizeof(made), .put = dir_put, .each = dir_each};

    if ((mkdir(path, 0700) && errno != EEXIST) || access(path, R_OK | W_OK))
        return -1;
    made.userdata = strdup(path);
    if (!made.userdata)
        return -1;
    *store = made;
    return 0;
}

void store_dir_close(xmpp_store_t *store)
{
    free(store->userdata);
    memset(store, 0, sizeof(*store));
}
