/* cli_say.c - what the example programs print on standard error. */

#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_options.h"
#include "output.h"
#include "progress.h"

static void say_text(const struct cli *cli, const char *text)
{
    progress_clear();
    fprintf(stderr, "%s: ", cli->name);
    show(stderr, SHOW_FIELD, text ? text : "out of memory");
    putc('\n', stderr);
}

XMPP_PRINTF(1, 0)
static char *text_of(const char *fmt, va_list ap)
{
    char *text = NULL;

    return vasprintf(&text, fmt, ap) < 0 ? NULL : text;
}

XMPP_PRINTF(2, 0)
static void say(const struct cli *cli, const char *fmt, va_list ap)
{
    char *text = text_of(fmt, ap);

    say_text(cli, text);
    free(text);
}

void cli_error(const struct cli *cli, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    say(cli, fmt, ap);
    va_end(ap);
}

void cli_note(const struct cli *cli, const char *fmt, ...)
{
    va_list ap;

    if (cli->quiet)
        return;
    va_start(ap, fmt);
    say(cli, fmt, ap);
    va_end(ap);
}

/* Nothing is started. `text` is owned. */
static void end_before(const struct cli *cli, char *text, int is_slip)
{
    say_text(cli, text);
    if (is_slip && !cli->quiet)
        fprintf(stderr, "Try: %s --help\n", cli->name);
    if (cli->json && cli->on_refusal)
        cli->on_refusal(cli, text ? text : "out of memory");
    free(text);
    exit(cli_code(cli, EXIT_USAGE));
}

void cli_misuse(const struct cli *cli, const char *fmt, ...)
{
    char *text;
    va_list ap;

    va_start(ap, fmt);
    text = text_of(fmt, ap);
    va_end(ap);
    end_before(cli, text, 1);
}

void cli_refuse(const struct cli *cli, const char *fmt, ...)
{
    char *text;
    va_list ap;

    va_start(ap, fmt);
    text = text_of(fmt, ap);
    va_end(ap);
    end_before(cli, text, 0);
}

void cli_wrong_value(const struct cli *cli, const char *name, const char *fmt,
                     ...)
{
    struct cli_place place = cli_place_of(cli, name);
    char *text, *whole = NULL;
    va_list ap;
    int n;

    va_start(ap, fmt);
    text = text_of(fmt, ap);
    va_end(ap);
    n = place.path ? asprintf(&whole, "%s:%d: %s%s", place.path, place.line,
                              name, text ? text : "")
                   : asprintf(&whole, "--%s%s", name, text ? text : "");
    free(text);
    end_before(cli, n < 0 ? NULL : whole, !place.path);
}

/* ---- advice ------------------------------------------------------ */

/* Of the conditions that come most often, in the words of doc/guide/errors.md.
 */
static const struct {
    const char *condition, *advice;
} advices[] = {
    {"forbidden", "get the permission"},
    {"gone", "use the new address, which is in the error"},
    {"item-not-found", "check the name; a new room may be locked until its "
                       "owner opens it"},
    {"not-acceptable", "change the request; a room takes messages only from "
                       "those who are in it"},
    {"policy-violation", "send less, or ask the administrator of that server"},
    {"recipient-unavailable", "try again when the recipient is there"},
    {"remote-server-not-found", "check the spelling of the domain"},
    {"remote-server-timeout", "try again later"},
    {"resource-constraint", "try again later"},
    {"service-unavailable", "check the address; the other side may be offline, "
                            "or accept contacts only"},
    {"subscription-required", "ask for a subscription"},
};

void cli_advise(const struct cli *cli, const char *condition)
{
    for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
        if (condition && !strcmp(advices[i].condition, condition))
            cli_note(cli, "%s", advices[i].advice);
}
