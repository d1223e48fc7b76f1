/* cli_account.c - what files of settings add to the command line. An account is
 * a section; what stands before the first one holds for all. */

#define _GNU_SOURCE
#include "cli_account.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_options.h"
#include "config.h"

#define FILE_NAME "xmpp/accounts.conf"
#define FILES_MOST 16 /* more folders in XDG_CONFIG_DIRS are not searched */

/* The options point into them. */
static struct config configs[FILES_MOST];
static int config_count;
static char *expanded[CLI_ROWS_MOST]; /* paths that began with ~ */

/* ---- files ------------------------------------------------------- */

static void read_file(const struct cli *cli, const char *path)
{
    int line;
    const char *wrong = config_read(&configs[config_count++], path, &line);

    if (wrong && line)
        cli_refuse(cli, "%s:%d: %s", path, line, wrong);
    if (wrong)
        cli_refuse(cli, "%s: %s", path, wrong);
}

static void read_files(const struct cli *cli)
{
    char *path;

    if (cli->config_path) {
        read_file(cli, cli->config_path);
        if (!configs[0].text)
            cli_refuse(cli, "%s: there is no such file", cli->config_path);
        return;
    }
    for (int i = 0; i < FILES_MOST && (path = config_path(i, FILE_NAME)); i++) {
        read_file(cli, path);
        free(path);
    }
}

/* ---- one setting ------------------------------------------------- */

#define AT(member) offsetof(struct cli, member)

/* Options that give way to the environment. */
static const struct {
    const char *name;
    size_t member;
} kept[] = {
    {"password-file", AT(kept.password_file)},
    {"password-command", AT(kept.password_command)},
};

#define KEPT (sizeof(kept) / sizeof(kept[0]))

/* What says it first goes first; of a password there is one. */
static void keep(struct cli *cli, size_t member, const char *value)
{
    int is_password = member != AT(kept.address);
    int has_password = cli->kept.password || cli->kept.password_file ||
                       cli->kept.password_command;
    const char **to = (const char **)(void *)((char *)cli + member);

    if (!*to && !(is_password && has_password))
        *to = value;
}

/* A file or folder may be written as ~/NAME. What a setting has got already,
 * another one does not take away. */
static const char *expand(const struct cli_row *row, const char *value)
{
    const char *home = config_home();
    char **to = &expanded[row - cli_rows];

    if (*to)
        return value;
    if ((strcmp(row->shown, "FILE") && strcmp(row->shown, "DIR")) || !home ||
        strncmp(value, "~/", 2))
        return value;
    if (asprintf(to, "%s%s", home, value + 1) < 0)
        *to = NULL;
    return *to ? *to : value;
}

/* What the command line has, or a file before this one, stays. */
static void take_row(struct cli *cli, const struct setting *setting,
                     struct cli_place place)
{
    int is_known;
    const struct cli_row *row = cli_find_row(cli, setting->name, &is_known);
    const char *value;

    if (!is_known)
        cli_refuse(cli, "%s:%d: unknown setting: %s", place.path, place.line,
                   setting->name);
    if (row && (row->traits & LINE_ONLY))
        cli_refuse(cli, "%s:%d: %s belongs on the command line", place.path,
                   place.line, setting->name);
    value = row ? expand(row, setting->value) : NULL;
    for (size_t i = 0; i < KEPT; i++)
        if (row && !strcmp(row->name, kept[i].name)) {
            keep(cli, kept[i].member, value);
            return;
        }
    if (row && !cli_is_set(cli, row))
        cli_set_row(cli, row, value, place);
}

/* Lenient as the library is for the address of an account. */
static int parse_address(const char *value, char *room,
                         xmpp_text_error_t *error)
{
    size_t n = strlen(value);
    xmpp_jid_t jid;
    int rc = xmpp_jid_parse(value, n, XMPP_JID_LENIENT, room, &jid, error);

    return rc == 0 && jid.unprepared
               ? xmpp_jid_parse(value, n, XMPP_JID_STRICT, room, &jid, error)
               : rc;
}

static void take_address(struct cli *cli, const char *value,
                         struct cli_place place)
{
    char room[XMPP_JID_BUFFER_SIZE], why[200];
    xmpp_text_error_t error;

    if (parse_address(value, room, &error)) {
        xmpp_text_error_format(&error, why, sizeof(why));
        cli_refuse(cli, "%s:%d: \"%s\" is not a valid address: %s", place.path,
                   place.line, value, why);
    }
    keep(cli, AT(kept.address), value);
}

static void take_setting(struct cli *cli, const struct config *config,
                         const struct setting *setting)
{
    struct cli_place place = {config->path, setting->line};

    if (!*setting->value)
        cli_refuse(cli, "%s:%d: %s has an empty value", place.path, place.line,
                   setting->name);
    if (!strcmp(setting->name, "address"))
        take_address(cli, setting->value, place);
    else if (strcmp(setting->name, "password"))
        take_row(cli, setting, place);
    else if (config->is_private)
        keep(cli, AT(kept.password), setting->value);
    else
        cli_refuse(cli, "%s:%d: others may read the password: chmod 600 %s",
                   place.path, place.line, config->path);
}

/* ---- the account ------------------------------------------------- */

static int is_same(const char *one, const char *other)
{
    return one && other ? !strcmp(one, other) : one == other;
}

static int is_same_account(const char *one, const char *other)
{
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jids[2];

    return xmpp_jid_parse(one, strlen(one), XMPP_JID_LENIENT, rooms[0],
                          &jids[0], NULL) == 0 &&
           xmpp_jid_parse(other, strlen(other), XMPP_JID_LENIENT, rooms[1],
                          &jids[1], NULL) == 0 &&
           xmpp_jid_equal(&jids[0], &jids[1], XMPP_JID_BARE);
}

/* The section that the command line names, or the first one with its address.
 * NULL: there is none. */
static const char *find_section(const struct cli *cli)
{
    for (int i = 0; i < config_count; i++)
        for (size_t k = 0; k < configs[i].count; k++) {
            const struct setting *one = &configs[i].settings[k];

            if (!one->section || !(cli->kind & CLI_LOGS_IN))
                continue;
            if (cli->account ? is_same(one->section, cli->account)
                             : !strcmp(one->name, "address") &&
                                   is_same_account(one->value, cli->jid))
                return one->section;
        }
    return NULL;
}

static void take_section(struct cli *cli, const struct config *config,
                         const char *section)
{
    for (size_t i = 0; i < config->count; i++)
        if (is_same(config->settings[i].section, section))
            take_setting(cli, config, &config->settings[i]);
}

static void refuse_account(const struct cli *cli)
{
    char *path = config_path(0, FILE_NAME);
    const char *where = cli->config_path ? cli->config_path : path;

    cli_refuse(cli, "there is no account \"%s\": expected [%s] in %s",
               cli->account, cli->account, where ? where : FILE_NAME);
}

void cli_read_accounts(struct cli *cli)
{
    const char *section;

    read_files(cli);
    section = find_section(cli);
    if (cli->account && !section)
        refuse_account(cli);
    for (int i = 0; i < config_count; i++) {
        if (section)
            take_section(cli, &configs[i], section);
        take_section(cli, &configs[i], NULL);
    }
    if (!cli->account)
        return;
    cli->jid = cli->kept.address;
    if (!cli->jid)
        cli_refuse(cli, "the account \"%s\" has no address", cli->account);
}

void cli_forget_accounts(void)
{
    while (config_count)
        config_free(&configs[--config_count]);
    for (int i = 0; i < cli_row_count; i++) {
        free(expanded[i]);
        expanded[i] = NULL;
    }
}
