/* config.h - files of settings: where they are, and what they contain. */

#ifndef EXAMPLES_CONFIG_H
#define EXAMPLES_CONFIG_H

#include <stddef.h>

#define CONFIG_MOST 65536 /* bytes of a file */

/* NAME = VALUE. `section` is NULL before the first [SECTION]; all of them point
 * into the text. */
struct setting {
    const char *section, *name;
    char *value;
    int line;
};

/* A file that was read; all zero: none. */
struct config {
    char *path, *text;
    struct setting *settings;
    size_t count;
    const char **sections; /* their names, each once */
    size_t section_count;
    int is_private; /* nobody but its owner may read it */
};

/* The folder of the user: $HOME or, without it, what the machine knows. NULL:
 * there is none. Static. */
const char *config_home(void);

/* The path of file `i` below the folders of the XDG Base Directory
 * Specification, the most important first. NULL past the last one. Owned. */
char *config_path(int i, const char *file);

/* Read it: NULL, or what is wrong with the file as a sentence that is static.
 * `*line` is where, or 0. A file that does not exist is empty. Neither a
 * section nor a name in one is there twice. */
const char *config_read(struct config *config, const char *path, int *line);

/* Secrets in it are wiped. */
void config_free(struct config *config);

#endif
