/* record.c - records as JSON, each on a line of its own (RFC 8259). */

#include "record.h"

#include "output.h"

static void begin_value(struct record *record, const char *name)
{
    if (!record->is_first)
        putc(',', record->to);
    record->is_first = 0;
    if (!name)
        return;
    putc('"', record->to);
    show(record->to, SHOW_JSON, name);
    fputs("\":", record->to);
}

void record_begin(struct record *record, FILE *to)
{
    *record = (struct record){to, 1};
    putc('{', to);
}

void record_open(struct record *record, const char *name, char bracket)
{
    begin_value(record, name);
    putc(bracket, record->to);
    record->is_first = 1;
}

void record_close(struct record *record, char bracket)
{
    putc(bracket, record->to);
    record->is_first = 0;
}

void record_text(struct record *record, const char *name, const char *text)
{
    begin_value(record, name);
    if (!text) {
        fputs("null", record->to);
        return;
    }
    putc('"', record->to);
    show(record->to, SHOW_JSON, text);
    putc('"', record->to);
}

/* JSON has neither infinity nor NaN. */
void record_number(struct record *record, const char *name, double number)
{
    begin_value(record, name);
    if (number - number != 0)
        fputs("null", record->to);
    else
        fprintf(record->to, "%.15g", number);
}

void record_bool(struct record *record, const char *name, int is_true)
{
    begin_value(record, name);
    fputs(is_true ? "true" : "false", record->to);
}
