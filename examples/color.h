/* color.h - color on standard output, where it helps somebody who looks. */

#ifndef EXAMPLES_COLOR_H
#define EXAMPLES_COLOR_H

enum color { IN_BOLD, IN_DIM, IN_RED, IN_GREEN, IN_CYAN };

/* "always", "never", or "auto" or NULL: on a terminal that can, unless NO_COLOR
 * is set (no-color.org). -1 for another word. */
int color_choose(const char *when);

/* Whether there is any; not before color_choose(). */
int color_is_on(void);

/* From here on; and no more. */
void color_begin(enum color color);
void color_end(void);

#endif
