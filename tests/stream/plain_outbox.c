/* plain_outbox.c - an outbox as a plain list, to compare the real one with. */

#include "stream/plain_outbox.h"

#include <string.h>

struct plain_outbox model;

/* ---- what an item is --------------------------------------------- */

bool entry_is_waiting(const struct entry *e)
{
    return !e->done && !e->written && !e->sent && !e->dropped;
}

bool entry_is_untouched(const struct entry *e)
{
    return !e->done && !e->written && !e->sent;
}

bool entry_is_unacked(const struct entry *e)
{
    return !e->done && e->written && e->counts;
}

bool entry_is_doubted(const struct entry *e)
{
    return !e->done && !e->written && e->maybe && e->counts;
}

bool entry_is_owed(const struct entry *e)
{
    return !e->done;
}

bool entry_is_own(const struct entry *e)
{
    return e->own;
}

bool entry_ends_with_session(const struct entry *e)
{
    return !e->done && (e->dropped || (!e->counts && e->written));
}

/* ---- the list ---------------------------------------------------- */

void model_remove(bool (*goes)(const struct entry *))
{
    size_t to = 0;

    for (size_t i = 0; i < model.count; i++)
        if (!goes(&model.list[i]))
            model.list[to++] = model.list[i];
    model.count = to;
}

static bool is_told(const struct entry *e)
{
    return e->own ? e->sent == e->n : e->done && !e->tag;
}

void model_tidy(void)
{
    model_remove(is_told);
}

void model_finish(size_t n, int status)
{
    for (size_t i = 0; i < model.count; i++) {
        struct entry *e = &model.list[i];

        if (e->own || e->done)
            continue;
        if (!e->written || (e->counts && n == 0))
            break;
        n -= e->counts;
        e->done = true;
        e->status = status;
    }
    model_tidy();
}

void model_sent(size_t n)
{
    for (size_t i = 0; i < model.count && n; i++) {
        struct entry *e = &model.list[i];
        size_t part = e->written || e->done ? 0 : e->n - e->sent;

        part = part < n ? part : n;
        e->sent += part;
        n -= part;
        e->written = !e->own && e->sent == e->n;
    }
    model_finish(model.keeps ? 0 : SIZE_MAX, !model.keeps);
}

size_t model_unsent(char *to)
{
    size_t n = 0;

    for (size_t i = 0; i < model.count; i++) {
        const struct entry *e = &model.list[i];

        if (e->done || e->written)
            continue;
        memcpy(to + n, e->text + e->sent, e->n - e->sent);
        n += e->n - e->sent;
    }
    return n;
}

size_t model_whole(size_t most)
{
    size_t at = 0, best = 0;
    char all[ENTRIES * 8];

    if (model_unsent(all) <= most)
        return model_unsent(all);
    for (size_t i = 0; i < model.count; i++) {
        const struct entry *e = &model.list[i];

        if (e->done || e->written)
            continue;
        if (!e->own && !e->sent && at <= most)
            best = at;
        at += e->n - e->sent;
    }
    return best ? best : most;
}

void model_erase(struct entry *e)
{
    size_t behind = model.count - (size_t)(e - model.list) - 1;

    memmove(e, e + 1, behind * sizeof(struct entry));
    model.count--;
}

size_t model_number(bool (*is)(const struct entry *))
{
    size_t n = 0;

    for (size_t i = 0; i < model.count; i++)
        n += !model.list[i].own && is(&model.list[i]);
    return n;
}
