/* caps_hash.c - what goes into the hashes of XEP-0115 and XEP-0390. */

#include <xmpp/xep/caps_hash.h>

#include <stdlib.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/ns.h>

#define FORM_TYPE "FORM_TYPE"

/* The text to be hashed. After a failure it takes nothing more. */
struct input {
    xmpp_ctx_t *ctx;
    char *text;
    size_t n, room;
    int failed; /* out of memory, or what was given has no hash */
};

static void input_reserve(struct input *in, size_t n)
{
    size_t room = in->room ? in->room : 512;
    char *larger;

    while (room - in->n < n)
        room *= 2;
    if (in->failed || room == in->room)
        return;
    larger = xmpp_zalloc(in->ctx, room);
    in->failed = !larger;
    if (!larger)
        return;
    if (in->n)
        memcpy(larger, in->text, in->n);
    xmpp_free(in->ctx, in->text);
    in->text = larger;
    in->room = room;
}

/* A text, absent or not, and what separates it from the next. */
static void input_add(struct input *in, const char *text, char separator)
{
    size_t n = text ? strlen(text) : 0;

    input_reserve(in, n + 1);
    if (in->failed)
        return;
    if (n)
        memcpy(in->text + in->n, text, n);
    in->text[in->n + n] = separator;
    in->n += n + 1;
}

static char *input_digest(struct input *in, const char *algo)
{
    unsigned char digest[XMPP_DIGEST_MOST];
    size_t n;
    char *text = NULL;

    if (!in->failed && xmpp_digest(algo, in->text, in->n, digest, &n) == 0)
        text = xmpp_base64(in->ctx, digest, n);
    xmpp_free(in->ctx, in->text);
    return text;
}

/* ---- in order ---------------------------------------------------- */

/* i;octet (RFC 4790 section 9.3); absent is the same as empty. */
static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_text_places(const void *a, const void *b)
{
    return compare_texts(*(const char *const *)a, *(const char *const *)b);
}

static int compare_identities(const xmpp_disco_identity_t *a,
                              const xmpp_disco_identity_t *b)
{
    int order = compare_texts(a->category, b->category);

    if (order == 0)
        order = compare_texts(a->type, b->type);
    if (order == 0)
        order = compare_texts(a->lang, b->lang);
    return order ? order : compare_texts(a->name, b->name);
}

static int compare_identity_places(const void *a, const void *b)
{
    return compare_identities(*(const xmpp_disco_identity_t *const *)a,
                              *(const xmpp_disco_identity_t *const *)b);
}

static int compare_form_places(const void *a, const void *b)
{
    return compare_texts(
        xmpp_form_get_form_type(*(const xmpp_form_t *const *)a),
        xmpp_form_get_form_type(*(const xmpp_form_t *const *)b));
}

static int compare_field_places(const void *a, const void *b)
{
    return compare_texts((*(const xmpp_form_field_t *const *)a)->var,
                         (*(const xmpp_form_field_t *const *)b)->var);
}

/* The pointers of a list, in order; owned. NULL for none, or when out of
 * memory. */
static void *sorted_list(struct input *in, const void *list, size_t count,
                         int (*compare)(const void *, const void *))
{
    size_t size = count * sizeof(void *);
    void *sorted = size ? xmpp_zalloc(in->ctx, size) : NULL;

    in->failed |= size && !sorted;
    if (!sorted)
        return NULL;
    memcpy(sorted, list, size);
    qsort(sorted, count, sizeof(void *), compare);
    return sorted;
}

/* ---- XEP-0115 ---------------------------------------------------- */

/* The separators may be in a text as well, and then another answer fits the
 * same hash: such a text has none. (What is left of that fault is that features
 * can be passed off as a form; XEP-0390 mends it.) */
static void ver_add(struct input *in, const char *text, char separator)
{
    in->failed |= text && strchr(text, '<');
    input_add(in, text, separator);
}

static int is_empty(const char *text)
{
    return !text || !*text;
}

static void ver_identities(struct input *in, const xmpp_disco_info_t *info)
{
    size_t count = info->identity_count;
    const xmpp_disco_identity_t **list =
        sorted_list(in, info->identities, count, compare_identity_places);

    for (size_t i = 0; list && i < count; i++) {
        in->failed |= i && !compare_identities(list[i - 1], list[i]);
        in->failed |= is_empty(list[i]->category) || is_empty(list[i]->type);
        ver_add(in, list[i]->category, '/');
        ver_add(in, list[i]->type, '/');
        ver_add(in, list[i]->lang, '/');
        ver_add(in, list[i]->name, '<');
    }
    xmpp_free(in->ctx, list);
}

static void ver_texts(struct input *in, const char *const *texts, size_t count,
                      int are_unique)
{
    const char **list = sorted_list(in, texts, count, compare_text_places);

    for (size_t i = 0; list && i < count; i++) {
        in->failed |= are_unique && i && !compare_texts(list[i - 1], list[i]);
        ver_add(in, list[i], '<');
    }
    xmpp_free(in->ctx, list);
}

static void ver_fields(struct input *in, const xmpp_form_t *form)
{
    const xmpp_form_field_t **list =
        sorted_list(in, form->fields, form->field_count, compare_field_places);

    for (size_t i = 0; list && i < form->field_count; i++) {
        if (compare_texts(list[i]->var, FORM_TYPE) == 0)
            continue;
        ver_add(in, list[i]->var, '<');
        ver_texts(in, list[i]->values, list[i]->value_count, 0);
    }
    xmpp_free(in->ctx, list);
}

/* Two different values of a FORM_TYPE, in one field or in two. */
static int is_ambiguous(const xmpp_form_t *form)
{
    const char *type = xmpp_form_get_form_type(form);

    for (size_t i = 0; i < form->field_count; i++) {
        const xmpp_form_field_t *field = form->fields[i];

        if (compare_texts(field->var, FORM_TYPE) != 0)
            continue;
        for (size_t k = 0; k < field->value_count; k++)
            if (compare_texts(field->values[k], type) != 0)
                return 1;
    }
    return 0;
}

/* Those without a FORM_TYPE come first, as if theirs were empty. */
static void ver_forms(struct input *in, const xmpp_disco_info_t *info)
{
    const xmpp_form_t **list =
        sorted_list(in, info->forms, info->form_count, compare_form_places);

    for (size_t i = 0; list && i < info->form_count; i++) {
        const char *type = xmpp_form_get_form_type(list[i]);

        if (!type)
            continue;
        in->failed |= is_ambiguous(list[i]) ||
                      (i && !compare_form_places(&list[i - 1], &list[i]));
        ver_add(in, type, '<');
        ver_fields(in, list[i]);
    }
    xmpp_free(in->ctx, list);
}

char *xmpp_caps_ver(xmpp_conn_t *conn, const xmpp_disco_info_t *info,
                    const char *algo)
{
    struct input in = {.ctx = xmpp_conn_get_context(conn)};

    if (!in.ctx || !info)
        return NULL;
    ver_identities(&in, info);
    ver_texts(&in, info->features, info->feature_count, 1);
    ver_forms(&in, info);
    return input_digest(&in, algo);
}

/* ---- XEP-0390 ---------------------------------------------------- */

/* Separators that cannot be in XML (section 4.1). */
enum { END_PART = 0x1c, END_FORM = 0x1d, END_ITEM = 0x1e, END_TEXT = 0x1f };

struct piece {
    const char *text;
    size_t n;
};

static int compare_pieces(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->n < y->n ? x->n : y->n);

    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* What was written for the members of a list: `ends` are their ends. They are
 * sorted as they stand there, separators included, and written again. */
static void sort_pieces(struct input *in, size_t begin, const size_t *ends,
                        size_t count)
{
    struct piece *list = xmpp_zalloc(in->ctx, count * sizeof(*list));
    char *copy = xmpp_zalloc(in->ctx, in->n - begin), *at = in->text + begin;

    in->failed |= !list || !copy;
    if (list && copy) {
        memcpy(copy, at, in->n - begin);
        for (size_t i = 0; i < count; i++) {
            size_t from = i ? ends[i - 1] : begin;

            list[i] = (struct piece){copy + from - begin, ends[i] - from};
        }
        qsort(list, count, sizeof(*list), compare_pieces);
        for (size_t i = 0; i < count; at += list[i++].n)
            memcpy(at, list[i].text, list[i].n);
    }
    xmpp_free(in->ctx, list);
    xmpp_free(in->ctx, copy);
}

/* Each member of a list by `add`, then all in order. */
static void add_sorted(struct input *in, const void *of, size_t count,
                       void (*add)(struct input *in, const void *of, size_t i))
{
    size_t begin = in->n;
    size_t *ends = count ? xmpp_zalloc(in->ctx, count * sizeof(*ends)) : NULL;

    in->failed |= count && !ends;
    for (size_t i = 0; ends && i < count; i++) {
        add(in, of, i);
        ends[i] = in->n;
    }
    if (count > 1 && !in->failed)
        sort_pieces(in, begin, ends, count);
    xmpp_free(in->ctx, ends);
}

static void add_feature(struct input *in, const void *of, size_t i)
{
    input_add(in, ((const xmpp_disco_info_t *)of)->features[i], END_TEXT);
}

static void add_identity(struct input *in, const void *of, size_t i)
{
    const xmpp_disco_identity_t *identity =
        ((const xmpp_disco_info_t *)of)->identities[i];

    input_add(in, identity->category, END_TEXT);
    input_add(in, identity->type, END_TEXT);
    input_add(in, identity->lang, END_TEXT);
    input_add(in, identity->name, END_TEXT);
    input_add(in, NULL, END_ITEM);
}

static void add_field_value(struct input *in, const void *of, size_t i)
{
    input_add(in, ((const xmpp_form_field_t *)of)->values[i], END_TEXT);
}

static void add_field(struct input *in, const void *of, size_t i)
{
    const xmpp_form_field_t *field = ((const xmpp_form_t *)of)->fields[i];

    input_add(in, field->var, END_TEXT);
    add_sorted(in, field, field->value_count, add_field_value);
    input_add(in, NULL, END_ITEM);
}

static void add_form(struct input *in, const void *of, size_t i)
{
    const xmpp_form_t *form = ((const xmpp_disco_info_t *)of)->forms[i];

    in->failed |= form->reported || form->item_count > 0 ||
                  !xmpp_form_get_form_type(form);
    add_sorted(in, form, form->field_count, add_field);
    input_add(in, NULL, END_FORM);
}

/* As many elements as were understood, and so nothing else. */
static int has_strange_elements(const xmpp_disco_info_t *info)
{
    size_t count = 0;

    for (xmpp_stanza_t *e = NULL;
         (e = xmpp_stanza_next_tag(info->element, e, NULL, NULL));)
        count++;
    return info->element && count != info->identity_count +
                                         info->feature_count + info->form_count;
}

char *xmpp_caps_hash(xmpp_conn_t *conn, const xmpp_disco_info_t *info,
                     const char *algo)
{
    struct input in = {.ctx = xmpp_conn_get_context(conn)};

    if (!in.ctx || !info || has_strange_elements(info))
        return NULL;
    add_sorted(&in, info, info->feature_count, add_feature);
    input_add(&in, NULL, END_PART);
    add_sorted(&in, info, info->identity_count, add_identity);
    input_add(&in, NULL, END_PART);
    add_sorted(&in, info, info->form_count, add_form);
    input_add(&in, NULL, END_PART);
    return input_digest(&in, algo);
}
