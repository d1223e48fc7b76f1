/* config.c - files of settings: where they are, and what they contain. */

#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLANKS " \t\r"
#define BOM                                                                    \
    "\xEF\xBB\xBF" /* which editors of other systems begin a file with */

/* ---- where ------------------------------------------------------- */

/* cron and systemd need not set HOME. */
const char *config_home(void)
{
    const char *home = getenv("HOME");
    struct passwd *user;

    if (home && *home)
        return home;
    user = getpwuid(getuid());
    return user ? user->pw_dir : NULL;
}

static char *path_below(const char *folder, size_t n, const char *file)
{
    char *path = NULL;

    return asprintf(&path, "%.*s/%s", (int)n, folder, file) < 0 ? NULL : path;
}

static char *path_of_user(const char *file)
{
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = config_home();
    char *path = NULL;

    if (folder && *folder == '/')
        return path_below(folder, strlen(folder), file);
    return home && asprintf(&path, "%s/.config/%s", home, file) >= 0 ? path
                                                                     : NULL;
}

/* Those that do not begin with a slash are ignored, as the specification asks.
 */
static char *path_of_system(int i, const char *file)
{
    const char *folders = getenv("XDG_CONFIG_DIRS");
    size_t n;

    if (!folders || !*folders)
        folders = "/etc/xdg";
    for (;; folders += n + 1) {
        n = strcspn(folders, ":");
        if (*folders == '/' && i-- == 0)
            return path_below(folders, n, file);
        if (!folders[n])
            return NULL;
    }
}

char *config_path(int i, const char *file)
{
    char *path = path_of_user(file);

    if (i == 0 && path)
        return path;
    i -= path != NULL;
    free(path);
    return path_of_system(i, file);
}

/* ---- the file ---------------------------------------------------- */

/* It names programs that are run, and whom to trust: nobody else may change it.
 */
static const char *judge(struct config *config, const struct stat *about)
{
    config->is_private = !(about->st_mode & 077);
    if (!S_ISREG(about->st_mode))
        return S_ISCHR(about->st_mode) ? NULL : "this is not a file";
    if (about->st_uid != getuid() && about->st_uid != 0)
        return "the file belongs to another user; it is not read";
    if (about->st_mode & 022)
        return "others may change the file: chmod go-w";
    return NULL;
}

static const char *read_text(struct config *config, int fd)
{
    ssize_t n = 1;
    size_t size = 0;

    config->text = malloc(CONFIG_MOST + 2);
    if (!config->text)
        return "out of memory";
    while (n > 0 && size <= CONFIG_MOST) {
        n = read(fd, config->text + size, CONFIG_MOST + 1 - size);
        if (n < 0)
            return strerror(errno);
        size += (size_t)n;
    }
    config->text[size] = '\0';
    if (size > CONFIG_MOST)
        return "the file is longer than 65536 bytes";
    return strlen(config->text) == size ? NULL : "the file contains a NUL";
}

/* ---- its lines --------------------------------------------------- */

/* Without the blanks around it. */
static char *strip(char *text)
{
    size_t n;

    text += strspn(text, BLANKS);
    n = strlen(text);
    while (n && strchr(BLANKS, text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

static const char *add_section(struct config *config, const char *name)
{
    const char **longer;

    for (size_t i = 0; i < config->section_count; i++)
        if (!strcmp(config->sections[i], name))
            return "this section is there already";
    longer = realloc(config->sections,
                     (config->section_count + 1) * sizeof(*longer));
    if (!longer)
        return "out of memory";
    config->sections = longer;
    longer[config->section_count++] = name;
    return NULL;
}

static const char *begin_section(struct config *config, char *line,
                                 const char **section)
{
    size_t n = strlen(line);

    if (line[n - 1] != ']')
        return "a section needs a ] at its end";
    line[n - 1] = '\0';
    *section = strip(line + 1);
    return **section ? add_section(config, *section) : "a section needs a name";
}

/* The last settings are those of the section that is read. */
static int has_setting(const struct config *config, const char *section,
                       const char *name)
{
    for (size_t i = config->count; i; i--) {
        const struct setting *one = &config->settings[i - 1];

        if (one->section != section)
            return 0;
        if (!strcmp(one->name, name))
            return 1;
    }
    return 0;
}

static const char *add_setting(struct config *config, char *line, int number,
                               const char *section)
{
    char *equals = strchr(line, '='), *name;
    struct setting *longer;

    if (!equals)
        return "expected NAME = VALUE, or [ACCOUNT]";
    *equals = '\0';
    name = strip(line);
    if (has_setting(config, section, name))
        return "this setting is there already";
    longer = realloc(config->settings, (config->count + 1) * sizeof(*longer));
    if (!longer)
        return "out of memory";
    config->settings = longer;
    longer[config->count++] =
        (struct setting){section, name, strip(equals + 1), number};
    return NULL;
}

static const char *parse(struct config *config, int *number)
{
    const char *wrong = NULL, *section = NULL;
    char *next = config->text, *line;

    if (strncmp(next, BOM, strlen(BOM)) == 0)
        next += strlen(BOM);
    for (*number = 1; !wrong && (line = strsep(&next, "\n")); ++*number) {
        line = strip(line);
        if (*line == '[')
            wrong = begin_section(config, line, &section);
        else if (*line && *line != '#' && *line != ';')
            wrong = add_setting(config, line, *number, section);
    }
    --*number; /* the one that was looked at last */
    return wrong;
}

const char *config_read(struct config *config, const char *path, int *line)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    const char *wrong = NULL;
    struct stat about;

    *line = 0;
    *config = (struct config){.path = strdup(path)};
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? NULL : strerror(errno);
    wrong = fstat(fd, &about) ? strerror(errno) : judge(config, &about);
    if (!wrong)
        wrong = read_text(config, fd);
    close(fd);
    return wrong ? wrong : parse(config, line);
}

void config_free(struct config *config)
{
    if (config->text)
        explicit_bzero(config->text, CONFIG_MOST + 2);
    free(config->text);
    free(config->settings);
    free(config->sections);
    free(config->path);
    *config = (struct config){0};
}
