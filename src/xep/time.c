/* time.c - XEP-0202: what time is it at an entity? */

#include <xmpp/xep/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <xmpp/ns.h>

#define OFFSET_RANGE (18 * 60)

struct zone {
    long offset; /* in minutes; XMPP_NO_NUMBER: the machine's */
};

static const xmpp_field_t fields[] = {
    XMPP_CHILD_MUST(xmpp_entity_time_t, tzo, TEXT, "tzo"),
    XMPP_CHILD_MUST(xmpp_entity_time_t, utc, TIME, "utc"),
};

XMPP_PAYLOAD(xmpp_entity_time, xmpp_entity_time_t, "time", XMPP_NS_TIME,
             fields);

static long machine_offset(xmpp_time_t now)
{
    time_t seconds = (time_t)(now / 1000000);
    struct tm local;

    return localtime_r(&seconds, &local) ? local.tm_gmtoff / 60 : 0;
}

/* In seconds: what is finer says more of our clock than of the time. */
static int on_time(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const struct zone *zone = state;
    xmpp_time_t now = xmpp_time_now();
    xmpp_stanza_t *answer = xmpp_iq_result(conn, in->stanza);
    xmpp_entity_time_t time;
    long offset = zone->offset;
    char tzo[16];
    int code;

    if (offset == XMPP_NO_NUMBER)
        offset = machine_offset(now);
    snprintf(tzo, sizeof(tzo), "%c%02ld:%02ld", offset < 0 ? '-' : '+',
             labs(offset) / 60 % 100, labs(offset) % 60);
    XMPP_INIT(xmpp_entity_time, time);
    time.tzo = tzo;
    time.utc = now - now % 1000000;
    xmpp_payload_add(answer, &xmpp_entity_time, &time);
    code = xmpp_send_take(conn, answer);
    return code ? code : 1;
}

static int time_on_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct zone *zone = state;

    (void)conn;
    if (event == XMPP_ATTACHED)
        zone->offset = XMPP_NO_NUMBER;
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_TIME, "time", NULL, on_time),
    XMPP_FEATURE(XMPP_NS_TIME),
    XMPP_LIFECYCLE(time_on_turn),
    XMPP_SPEC("XEP-0202", "2.0", "complete"),
    XMPP_ROWS_END,
};

XMPP_MODULE(xmpp_mod_time, "time", sizeof(struct zone), rows);

int xmpp_entity_time_set_offset(xmpp_conn_t *conn, long minutes)
{
    struct zone *zone = xmpp_conn_get_state(conn, &xmpp_mod_time);

    if (!zone)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_time);
    if (minutes != XMPP_NO_NUMBER &&
        (minutes < -OFFSET_RANGE || minutes > OFFSET_RANGE))
        return xmpp_conn_fail(conn, &xmpp_mod_time, XMPP_EARG,
                              "an offset of %ld minutes is not from -%d to %d",
                              minutes, OFFSET_RANGE, OFFSET_RANGE);
    zone->offset = minutes;
    return 0;
}

int xmpp_entity_time_get(xmpp_conn_t *conn, const char *to,
                         xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", to);

    xmpp_stanza_add_tag(iq, "time", XMPP_NS_TIME);
    return xmpp_request(conn, iq, &xmpp_entity_time, handler, userdata);
}
