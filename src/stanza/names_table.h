/* names_table.h - where each well-known name hashes to, without collision.
 *
 * Printed by make_names_table.py from NAME_MAP, never edited: the script finds
 * factors under which no two names meet. tests/stanza shows that each name is
 * found. */

#ifndef STANZA_NAMES_TABLE_H
#define STANZA_NAMES_TABLE_H

#include "stanza/names.h"

#define NAME_SLOTS 512
#define NAME_BY_LENGTH 67u
#define NAME_BY_FIRST 208u
#define NAME_BY_LAST 146u
#define NAME_BY_MIDDLE 52u
#define NAME_BY_LATE 275u

/* clang-format off */
static const unsigned char name_slots[NAME_SLOTS] = {
    [1] = N_ERROR,
    [4] = N_HANDSHAKE,
    [7] = N_IQ,
    [13] = N_PRIORITY,
    [16] = N_ABORT,
    [29] = NS_AUTH,
    [35] = N_VAR,
    [37] = N_UNAVAILABLE,
    [38] = NS_STREAM_ERRORS,
    [40] = N_SESSION,
    [47] = N_STREAM,
    [69] = NS_SASL2,
    [76] = N_SUBSCRIBE,
    [83] = N_TEXT,
    [89] = N_XMLNS,
    [93] = N_NAME,
    [103] = NS_DISCO_INFO,
    [107] = N_AUTH,
    [110] = N_SET,
    [120] = N_PROCEED,
    [121] = N_LANG,
    [127] = N_CHALLENGE,
    [140] = N_RESOURCE,
    [145] = NS_STREAMS,
    [150] = N_OPTIONAL,
    [152] = N_VERSION,
    [158] = N_SHOW,
    [165] = N_MECHANISMS,
    [168] = N_GROUP,
    [171] = N_GROUPCHAT,
    [192] = NS_PING,
    [196] = N_STATUS,
    [200] = N_FEATURES,
    [215] = N_BIND,
    [228] = NS_ROSTER,
    [237] = N_HEADLINE,
    [257] = NS_STANZA_ERRORS,
    [264] = N_RESPONSE,
    [272] = N_CHAT,
    [280] = N_FROM,
    [291] = N_JID,
    [292] = N_QUERY,
    [295] = NS_TLS,
    [315] = N_BODY,
    [316] = N_TO,
    [330] = N_STARTTLS,
    [333] = N_USERNAME,
    [344] = NS_COMPONENT,
    [352] = N_PRESENCE,
    [356] = NS_SM,
    [372] = N_SUBJECT,
    [374] = N_SUCCESS,
    [379] = N_X,
    [388] = N_SUBSCRIBED,
    [393] = N_PASSWORD,
    [394] = N_REQUIRED,
    [398] = N_MESSAGE,
    [403] = N_NODE,
    [404] = N_MECHANISM,
    [409] = NS_XML,
    [411] = NS_SASL,
    [414] = N_C,
    [417] = N_TYPE,
    [419] = NS_BIND,
    [422] = N_ITEM,
    [431] = NS_DISCO_ITEMS,
    [453] = N_NORMAL,
    [458] = N_GET,
    [461] = N_RESULT,
    [477] = N_THREAD,
    [484] = NS_SESSION,
    [493] = N_PING,
    [494] = N_FAILURE,
    [502] = NS_CLIENT,
    [505] = N_ID,
    [509] = N_DIGEST,
};
/* clang-format on */

#endif
