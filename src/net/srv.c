/* srv.c - DNS answers to an ordered row of targets (RFC 2782). */

#include "net/srv.h"

static void swap(struct srv_record *a, struct srv_record *b)
{
    struct srv_record t = *a;

    *a = *b;
    *b = t;
}

static void shuffle(struct srv_record *r, size_t n,
                    uint32_t (*pick)(void *, uint32_t), void *userdata)
{
    for (size_t i = n; i > 1; i--)
        swap(&r[i - 1], &r[pick(userdata, (uint32_t)(i - 1)) % i]);
}

/* Records of weight 0 go to the front. So they are chosen only when 0 is drawn
 * (RFC 2782, "Weight"). */
static bool comes_before(const struct srv_record *a, const struct srv_record *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority;
    return !a->weight && b->weight;
}

/* By insertion, which keeps equal records in the order of the shuffle. */
static void sort(struct srv_record *r, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && comes_before(&r[k], &r[k - 1]); k--)
            swap(&r[k], &r[k - 1]);
}

/* Which of these, all of one priority, is next? The first whose running sum of
 * weights reaches a number from 0 to the whole sum (RFC 2782). */
static size_t draw(const struct srv_record *r, size_t n,
                   uint32_t (*pick)(void *, uint32_t), void *userdata)
{
    uint32_t sum = 0, drawn;

    for (size_t i = 0; i < n; i++)
        sum += r[i].weight;
    drawn = pick(userdata, sum);
    sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += r[i].weight;
        if (sum >= drawn)
            return i;
    }
    return 0;
}

/* Move the drawn one to the front; the others keep their order. */
static void bring_forward(struct srv_record *r, size_t which)
{
    for (; which > 0; which--)
        swap(&r[which], &r[which - 1]);
}

void srv_order(struct srv_record *records, size_t n,
               uint32_t (*pick)(void *userdata, uint32_t most), void *userdata)
{
    size_t first = 0, end;

    shuffle(records, n, pick,
            userdata); /* or those of weight 0 keep an order */
    sort(records, n);
    for (; first < n; first = end) {
        end = first + 1;
        while (end < n && records[end].priority == records[first].priority)
            end++;
        for (size_t i = first; i + 1 < end; i++)
            bring_forward(&records[i],
                          draw(&records[i], end - i, pick, userdata));
    }
}

bool srv_declines(const struct srv_record *records, size_t n)
{
    return n == 1 && records[0].target[0] == '\0';
}
