/* slots.c - every kind of registration, and every way in which one ends: it is
 * not called again, and its userdata is freed exactly once. */

#include "conn/slot_kinds.h"

/* ---- how it ends ------------------------------------------------- */

static void removed_before(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned owned = {.stays = 1};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    slot_is_removed(&owned, 1);
    is_int(owned.freed, 1, "  freed at once");
    slot_is_removed(&owned, 0);
    kind->fire(&testbed);
    slot_is_over(&owned, 0, "removed");
    testbed_free(&testbed, kind->name);
    slot_is_over(&owned, 0, "removed before the end");
}

static void deleted(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned owned = {.stays = 1};

    if (!kind->delete)
        return;
    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    kind->delete (&testbed, &owned);
    is_int(owned.freed, 1, "  freed at once");
    slot_is_removed(&owned, 0);
    kind->fire(&testbed);
    testbed_free(&testbed, kind->name);
    slot_is_over(&owned, 0, "deleted");
}

static void called(const struct slot_kind *kind, int stays)
{
    bool ends = kind->ends == BY_CALL || (kind->ends == BY_ZERO && !stays);
    struct testbed testbed;
    struct owned owned = {.stays = stays};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    kind->fire(&testbed);
    slot_fire_time(&testbed);
    is_int(owned.calls > 0, 1, "  called");
    is_int(owned.freed, ends, "  and ended by that: %d", ends);
    if (ends)
        slot_is_removed(&owned, 0);
    owned.calls = 0;
    kind->fire(&testbed);
    slot_fire_time(&testbed);
    is_int(owned.calls > 0, !ends, "  called again: %d", !ends);
    owned.calls = 1;
    testbed_free(&testbed, kind->name);
    slot_is_over(&owned, 1, stays ? "staying" : "returning 0");
}

static void remove_self(struct owned *owned)
{
    slot_is_removed(owned, owned->kind->ends != BY_CALL);
    is_int(owned->freed, 0, "  not freed yet");
}

static void removes_itself(const struct slot_kind *kind, int stays)
{
    struct testbed testbed;
    struct owned owned = {.stays = stays, .on_call = remove_self};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    kind->fire(&testbed);
    slot_fire_time(&testbed);
    slot_is_over(&owned, 1, "that removes itself");
    kind->fire(&testbed);
    testbed_free(&testbed, kind->name);
    slot_is_over(&owned, 1, "that removed itself");
}

static void remove_other(struct owned *owned)
{
    if (owned->calls > 1)
        return;
    slot_is_removed(owned->other, 1);
    is_int(owned->other->freed, 1, "  the other is freed at once");
}

static void removes_another(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned second = {.stays = 1};
    struct owned first = {
        .stays = 1, .on_call = remove_other, .other = &second};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &first);
    slot_add(&testbed, kind, &second);
    kind->fire(&testbed);
    slot_fire_time(&testbed);
    testbed_free(&testbed, kind->name);
    first.calls = 1;
    slot_is_over(&first, 1, "that removed another");
    slot_is_over(&second, 0, "that another removed");
}

/* Called inside of itself, where it can be: the inner call ends it. */
static void fire_again(struct owned *owned)
{
    if (owned->calls == 1) {
        owned->kind->fire(owned->testbed);
        is_int(owned->freed, 0, "  not freed while the outer call lasts");
    } else {
        slot_is_removed(owned, 1);
    }
}

static void nests(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned owned = {.stays = 1, .on_call = fire_again};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    kind->fire(&testbed);
    testbed_free(&testbed, kind->name);
    slot_is_over(&owned, owned.calls, "that is called inside of itself");
}

int main(void)
{
    for (size_t i = 0; i < SLOT_KINDS; i++) {
        removed_before(&slot_kinds[i]);
        deleted(&slot_kinds[i]);
        called(&slot_kinds[i], 0);
        called(&slot_kinds[i], 1);
        removes_itself(&slot_kinds[i], 0);
        removes_itself(&slot_kinds[i], 1);
        removes_another(&slot_kinds[i]);
        nests(&slot_kinds[i]);
    }
    return done_testing();
}
