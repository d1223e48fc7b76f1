/* xmpp-disco.c - what a server and its services are, can do, and have: a tree.
 */

#include <stdio.h>
#include <string.h>

#include <xmpp/dict.h>
#include <xmpp/xep/disco_query.h>

#include "cli.h"
#include "color.h"
#include "output.h"
#include "record.h"

/* How deep the tree is followed, and how wide, for some have rooms or nodes by
 * the thousand. */
#define DEPTH_MOST 4
#define ITEMS_MOST 100

/* Somebody to be queried, from the first to the last: what it has comes behind
 * it, before what came behind it so far. */
struct place {
    struct place *next;
    char *jid, *node, *name; /* owned; the last two may be NULL */
    int depth;
};

struct tree {
    struct cli cli;
    struct place *first; /* the one that is queried */
    struct place **at;   /* where its next item belongs */
    long items;          /* of it, so far */
    xmpp_dict_t *seen;   /* by address and node */
};

static void query_next(struct tree *tree);
static void query_items(struct tree *tree, const char *after);

/* ---- places ------------------------------------------------------ */

static void place_free(struct tree *tree, struct place *place)
{
    xmpp_free(tree->cli.ctx, place->jid);
    xmpp_free(tree->cli.ctx, place->node);
    xmpp_free(tree->cli.ctx, place->name);
    xmpp_free(tree->cli.ctx, place);
}

static void pop(struct tree *tree)
{
    struct place *place = tree->first;

    tree->first = place->next;
    place_free(tree, place);
}

/* Each is queried once, for some have each other. */
static int is_new(struct tree *tree, const char *jid, const char *node)
{
    size_t count = xmpp_dict_count(tree->seen);
    char key[8192];

    snprintf(key, sizeof(key), "%s\n%s", jid, node ? node : "");
    xmpp_dict_put(tree->seen, key, (size_t)-1);
    return xmpp_dict_count(tree->seen) > count;
}

/* The address is taken. */
static void push(struct tree *tree, char *jid, const char *node,
                 const char *name, int depth)
{
    xmpp_ctx_t *ctx = tree->cli.ctx;
    struct place *place = xmpp_zalloc(ctx, sizeof(*place));

    if (!jid || !place || !is_new(tree, jid, node)) {
        xmpp_free(ctx, jid);
        xmpp_free(ctx, place);
        return;
    }
    place->jid = jid;
    place->node = xmpp_copy_text(ctx, node);
    place->name = xmpp_copy_text(ctx, name);
    place->depth = depth;
    place->next = *tree->at;
    *tree->at = place;
    tree->at = &place->next;
}

static void tree_release(struct cli *cli)
{
    struct tree *tree = (struct tree *)(void *)cli;

    while (tree->first)
        pop(tree);
    xmpp_dict_free(tree->seen);
}

/* ---- lines ------------------------------------------------------- */

static void begin_line(const struct tree *tree, int deeper, const char *what)
{
    printf("%*s%s", 2 * (tree->first->depth + deeper), "", what);
}

static void print_word(const char *word)
{
    if (!word)
        return;
    putchar('\t');
    show(stdout, SHOW_FIELD, word);
}

static void print_place(struct tree *tree, const char *condition)
{
    const struct place *place = tree->first;

    begin_line(tree, 0, "");
    color_begin(condition ? IN_RED : IN_BOLD);
    show(stdout, SHOW_FIELD, place->jid);
    color_end();
    print_word(place->node);
    print_word(place->name);
    if (condition) {
        printf("\t(");
        show(stdout, SHOW_FIELD, condition);
        putchar(')');
    }
    cli_line(&tree->cli);
}

static void print_form(struct tree *tree, const xmpp_form_t *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const xmpp_form_field_t *field = form->fields[i];

        begin_line(tree, 1, "~");
        print_word(field->var);
        for (size_t k = 0; k < field->value_count; k++)
            print_word(field->values[k]);
        cli_line(&tree->cli);
    }
}

static void print_info(struct tree *tree, const xmpp_disco_info_t *info)
{
    for (size_t i = 0; i < info->identity_count; i++) {
        begin_line(tree, 1, "=\t");
        show(stdout, SHOW_FIELD, info->identities[i]->category);
        putchar('/');
        show(stdout, SHOW_FIELD, info->identities[i]->type);
        print_word(info->identities[i]->name);
        cli_line(&tree->cli);
    }
    for (size_t i = 0; i < info->feature_count; i++) {
        begin_line(tree, 1, "+");
        print_word(info->features[i]);
        cli_line(&tree->cli);
    }
    for (size_t i = 0; i < info->form_count; i++)
        print_form(tree, info->forms[i]);
}

/* ---- records ----------------------------------------------------- */

static void put_identity(struct record *record,
                         const xmpp_disco_identity_t *one)
{
    record_open(record, NULL, '{');
    record_text(record, "category", one->category);
    record_text(record, "type", one->type);
    record_text(record, "name", one->name);
    record_close(record, '}');
}

static void put_field(struct record *record, const xmpp_form_field_t *field)
{
    record_open(record, NULL, '{');
    record_text(record, "name", field->var);
    record_open(record, "values", '[');
    for (size_t i = 0; i < field->value_count; i++)
        record_text(record, NULL, field->values[i]);
    record_close(record, ']');
    record_close(record, '}');
}

static void put_form(struct record *record, const xmpp_form_t *form)
{
    record_open(record, NULL, '[');
    for (size_t i = 0; i < form->field_count; i++)
        put_field(record, form->fields[i]);
    record_close(record, ']');
}

/* `info` may be NULL. */
static void put_lists(struct record *record, const xmpp_disco_info_t *info)
{
    record_open(record, "identities", '[');
    for (size_t i = 0; info && i < info->identity_count; i++)
        put_identity(record, info->identities[i]);
    record_close(record, ']');
    record_open(record, "features", '[');
    for (size_t i = 0; info && i < info->feature_count; i++)
        record_text(record, NULL, info->features[i]);
    record_close(record, ']');
    record_open(record, "forms", '[');
    for (size_t i = 0; info && i < info->form_count; i++)
        put_form(record, info->forms[i]);
    record_close(record, ']');
}

static void print_json(struct tree *tree, const char *condition,
                       const xmpp_disco_info_t *info)
{
    const struct place *place = tree->first;
    struct record record;

    record_begin(&record, stdout);
    record_text(&record, "address", place->jid);
    record_text(&record, "node", place->node);
    record_text(&record, "name", place->name);
    record_number(&record, "depth", place->depth);
    record_text(&record, "error", condition);
    put_lists(&record, info);
    record_close(&record, '}');
    cli_line(&tree->cli);
}

/* ---- queries ----------------------------------------------------- */

static void fail(struct tree *tree, int rc)
{
    cli_error(&tree->cli, "%s", xmpp_strerror(rc));
    cli_finish(&tree->cli, EXIT_ANSWER);
}

static void step(struct tree *tree)
{
    pop(tree);
    query_next(tree);
}

static void take_items(struct tree *tree, const xmpp_disco_items_t *items)
{
    for (size_t i = 0; i < items->item_count && tree->items < ITEMS_MOST; i++) {
        const xmpp_disco_item_t *item = items->items[i];

        tree->items++;
        push(tree, xmpp_jid_text(tree->cli.ctx, &item->jid, XMPP_JID_FULL),
             item->node, item->name, tree->first->depth + 1);
    }
}

/* Whoever has nothing may say so with an error. An empty page is the last one,
 * whatever it says of the next. */
static void on_items(xmpp_conn_t *conn, const xmpp_result_t *result,
                     void *userdata)
{
    const xmpp_disco_items_t *items = result->value;
    struct tree *tree = userdata;
    const char *after = NULL;
    xmpp_rsm_t page;

    (void)conn;
    if (result->status == XMPP_ENOTCONN)
        return; /* why, comes with the event */
    XMPP_INIT(xmpp_rsm, page);
    if (items) {
        take_items(tree, items);
        if (items->item_count)
            after = xmpp_rsm_get_next(&page, items->set);
    }
    if (after && tree->items < ITEMS_MOST)
        query_items(tree, after);
    else
        step(tree);
}

static void query_items(struct tree *tree, const char *after)
{
    xmpp_rsm_t page;
    int rc;

    XMPP_INIT(xmpp_rsm, page);
    page.max = ITEMS_MOST;
    page.after = after;
    rc = xmpp_disco_get_items(tree->cli.conn, tree->first->jid,
                              tree->first->node, &page, on_items, tree);
    if (rc)
        fail(tree, rc);
}

static void on_info(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    struct tree *tree = userdata;
    const char *condition;

    (void)conn;
    if (result->status == XMPP_ENOTCONN)
        return;
    condition = !result->status     ? NULL
                : result->condition ? result->condition
                                    : xmpp_strerror(result->status);
    if (tree->cli.json)
        print_json(tree, condition, result->value);
    else
        print_place(tree, condition);
    if (result->status && tree->first->depth == 0) {
        cli_finish(&tree->cli, EXIT_ANSWER);
        return;
    }
    if (result->value && !tree->cli.json)
        print_info(tree, result->value);
    tree->at = &tree->first->next;
    tree->items = 0;
    if (tree->first->depth < DEPTH_MOST)
        query_items(tree, NULL);
    else
        step(tree);
}

static void query_next(struct tree *tree)
{
    int rc;

    if (!tree->first || tree->cli.done) {
        cli_finish(&tree->cli, EXIT_FINE);
        return;
    }
    rc = xmpp_disco_get_info(tree->cli.conn, tree->first->jid,
                             tree->first->node, on_info, tree);
    if (rc)
        fail(tree, rc);
}

/* ---- the program ------------------------------------------------- */

/* Without an argument it is our server. */
static void begin(struct tree *tree)
{
    xmpp_ctx_t *ctx = tree->cli.ctx;
    char **rest = tree->cli.rest;
    int n = tree->cli.rest_n;

    tree->seen = xmpp_dict_new(ctx, 0, 0, NULL);
    tree->at = &tree->first;
    push(tree,
         n > 0 ? xmpp_copy_text(ctx, rest[0])
               : xmpp_jid_domain(ctx, xmpp_conn_get_bound_jid(tree->cli.conn)),
         n > 1 ? rest[1] : NULL, NULL, 0);
    query_next(tree);
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct tree *tree = userdata;

    (void)conn;
    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        begin(tree);
    else
        cli_ended(&tree->cli);
}

int main(int argc, char **argv)
{
    struct tree tree = {
        .cli = {.name = "xmpp-disco",
                .arguments = "[ADDRESS [NODE]]",
                .about =
                    "Show what an address is, can do, and has, and the same of "
                    "what it has: a tree.\nWithout ADDRESS it is your server. "
                    "A line has fields with tabs between: what is\nat an "
                    "address, = identity and name, + feature, ~ a field of a "
                    "form.",
                .kind = CLI_LOGS_IN | CLI_RECORDS | CLI_COLORS,
                .release = tree_release}};

    cli_start(&tree.cli, argc, argv, 0, 2);
    return cli_run(&tree.cli, on_event, &tree);
}
