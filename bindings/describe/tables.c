/* tables.c - prints what only the compiled library knows, as JSON: the payload
 * tables, the rows of the modules, and the values of numbers.
 *
 * Compiled and run by describe.py, which writes described.h beside it: the
 * headers to include, and one line for each number, table and module.
 */

#include <stdio.h>
#include <string.h>

#include "described.h"

struct named_number {
    const char *name;
    long long value;
};

struct named_table {
    const char *name;
    const xmpp_payload_t *table;
};

struct named_module {
    const char *name;
    const xmpp_module_t *module;
};

#define NUMBER(name) {#name, name},
#define TABLE(name) {#name, &name},

static const struct named_number numbers[] = {NUMBERS(NUMBER){NULL, 0}};
static const struct named_module modules[] = {MODULES(TABLE){NULL, NULL}};

/* Those that have a name; tables inside of them that have none come behind. */
static struct named_table tables[4096] = {PAYLOADS(TABLE){NULL, NULL}};
static char names[4096][16];

static void print_text(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    if (!s) {
        fputs("null", stdout);
        return;
    }
    putchar('"');
    for (; *s; s++) {
        if (*s < ' ' || *s == '"' || *s == '\\')
            printf("\\u%04x", *s);
        else
            putchar(*s);
    }
    putchar('"');
}

static void print_member(const char *name, const char *text)
{
    printf(", \"%s\": ", name);
    print_text(text);
}

/* The place of a table among those that are printed. */
static const char *name_table(const xmpp_payload_t *table)
{
    size_t i;

    for (i = 0; tables[i].table; i++)
        if (tables[i].table == table)
            return tables[i].name;
    if (i + 1 < sizeof(tables) / sizeof(tables[0])) {
        snprintf(names[i], sizeof(names[i]), "unnamed_%u", (unsigned)i);
        tables[i].name = names[i];
        tables[i].table = table;
    }
    return tables[i].name;
}

static void print_names(const char *const *list)
{
    const char *between = "";

    printf(", \"names\": [");
    for (; *list; list++, between = ", ") {
        fputs(between, stdout);
        print_text(*list);
    }
    putchar(']');
}

static void print_field(const xmpp_field_t *field)
{
    printf("{\"member\": \"%s\", \"at\": %d, \"is\": %d, \"must\": %d",
           field->member, field->at, field->is, field->must);
    print_member("name", field->name);
    print_member("sub", field->sub);
    print_member("ns", field->ns);
    if (field->at == XMPP_AT_ELEMENT || field->at == XMPP_AT_ELEMENTS)
        print_member("payload", name_table(field->more));
    else if (field->is == XMPP_IS_ENUM)
        print_names(field->more);
    putchar('}');
}

static void print_table(const struct named_table *named)
{
    const xmpp_payload_t *table = named->table;
    const char *row = (const char *)table->fields;
    size_t i;

    printf("{\"variable\": \"%s\", \"size\": %u", named->name,
           (unsigned)table->size);
    print_member("name", table->name);
    print_member("ns", table->ns);
    printf(", \"fields\": [");
    for (i = 0; i < table->field_count; i++) {
        fputs(i ? ",\n  " : "\n  ", stdout);
        print_field((const xmpp_field_t *)(row + i * table->field_size));
    }
    fputs("]}", stdout);
}

static const xmpp_row_t *next_row(const xmpp_module_t *module,
                                  const xmpp_row_t *row)
{
    return (const xmpp_row_t *)((const char *)row + module->row_size);
}

static void print_event(const xmpp_row_t *row)
{
    printf("{\"number\": %ld", row->number);
    print_member("name", row->name);
    print_member("payload", row->payload ? name_table(row->payload) : NULL);
    putchar('}');
}

static void print_limit(const xmpp_row_t *row)
{
    printf("{\"value\": %ld, \"least\": %ld, \"most\": %ld", row->number,
           row->least, row->most);
    print_member("name", row->name);
    putchar('}');
}

static void print_spec(const xmpp_row_t *row)
{
    printf("{\"number\": ");
    print_text(row->name);
    print_member("version", row->ns);
    print_member("status", row->text);
    putchar('}');
}

static void print_need(const xmpp_row_t *row)
{
    print_text(row->module->name);
}

/* The rows of one kind. */
static void print_rows(const xmpp_module_t *module, const char *name,
                       xmpp_row_kind_t kind, void (*print)(const xmpp_row_t *))
{
    const xmpp_row_t *row = module->rows;
    const char *between = "";

    printf(", \"%s\": [", name);
    for (; row->kind != XMPP_ROW_END; row = next_row(module, row)) {
        if (row->kind == kind) {
            fputs(between, stdout);
            print(row);
            between = ", ";
        }
    }
    putchar(']');
}

static void print_module(const struct named_module *named)
{
    printf("{\"variable\": \"%s\"", named->name);
    print_member("name", named->module->name);
    print_rows(named->module, "events", XMPP_ROW_EVENT, print_event);
    print_rows(named->module, "limits", XMPP_ROW_LIMIT, print_limit);
    print_rows(named->module, "specs", XMPP_ROW_SPEC, print_spec);
    print_rows(named->module, "needs", XMPP_ROW_NEEDS, print_need);
    putchar('}');
}

static void print_error(int code)
{
    printf("{\"code\": %d", code);
    print_member("name", xmpp_strerror_name(code));
    print_member("text", xmpp_strerror(code));
    print_member("advice", xmpp_strerror_advice(code));
    putchar('}');
}

static void print_option(const char *name, long number, long value, long least,
                         long most, const char *meaning)
{
    printf("{\"number\": %ld, \"value\": %ld, \"least\": %ld, \"most\": %ld",
           number, value, least, most);
    print_member("name", name);
    print_member("text", meaning);
    putchar('}');
}

static void print_errors(void)
{
#define PRINT_ERROR(code, name, text)                                          \
    fputs(",\n", stdout);                                                      \
    print_error(code);
    printf("\"errors\": [");
    print_error(XMPP_EMEM);
    PRINT_ERROR(XMPP_EINVOP, 0, 0)
    PRINT_ERROR(XMPP_EINT, 0, 0)
    XMPP_ERROR_MAP(PRINT_ERROR)
    printf("],\n");
}

static void print_options(void)
{
    const char *between = "\n";

    printf("\"options\": [");
#define PRINT_OPTION(name, def, least, most, text)                             \
    fputs(between, stdout);                                                    \
    print_option(#name, name, def, least, most, text);                         \
    between = ",\n";
    XMPP_OPTION_MAP(PRINT_OPTION)
    printf("],\n");
}

static void print_layers(void)
{
    int layer;

    printf("\"layers\": [");
    for (layer = XMPP_LAYER_NONE; layer <= XMPP_LAYER_HTTP; layer++) {
        fputs(layer ? ", " : "", stdout);
        print_text(xmpp_layer_name((xmpp_layer_t)layer));
    }
    printf("],\n");
}

static void print_numbers(void)
{
    size_t i;

    printf("\"numbers\": {");
    for (i = 0; numbers[i].name; i++)
        printf("%s\"%s\": %lld", i ? ",\n" : "\n", numbers[i].name,
               numbers[i].value);
    printf("},\n");
}

int main(void)
{
    size_t i;

    printf("{");
    print_errors();
    print_options();
    print_layers();
    print_numbers();
    printf("\"modules\": [");
    for (i = 0; modules[i].name; i++) {
        fputs(i ? ",\n" : "\n", stdout);
        print_module(&modules[i]);
    }
    printf("],\n\"payloads\": [");
    for (i = 0; tables[i].name; i++) { /* printing one may find another */
        fputs(i ? ",\n" : "\n", stdout);
        print_table(&tables[i]);
    }
    printf("]}\n");
    return ferror(stdout) ? 1 : 0;
}
