/* secret.h - a password, from a descriptor or from a command. */

#ifndef EXAMPLES_SECRET_H
#define EXAMPLES_SECRET_H

#define SECRET_SIZE 4096    /* with the NUL */
#define SECRET_WHY_SIZE 300 /* of a sentence that says what is wrong */
#define SECRET_MOST 65536   /* bytes that a command may print */

/* The first line that can be read there: its length, or -1 and `why`. Nothing
 * is left in memory elsewhere. */
int secret_read(int fd, char to[SECRET_SIZE], char why[SECRET_WHY_SIZE]);

/* The first line that this command prints. It is not given to a shell: words
 * are separated by blanks, quotes keep blanks, a backslash keeps the next
 * character, and nothing else is special. So an account whose name contains $
 * or ; runs nothing, and a failure is that of the program itself. Its standard
 * input is empty; its standard error is ours. */
int secret_run(const char *command, char to[SECRET_SIZE],
               char why[SECRET_WHY_SIZE]);

#endif
