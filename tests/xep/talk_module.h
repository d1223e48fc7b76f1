/* talk_module.h - words of talks for modules (tests/conn/talk_conn_inside.h has
 * the others). */

/* clang-format off */
/*     use NAME              a module is used, and its events are watched
 *     limit NAME WHAT N     one of its limits is set
 *     as JID, as           a component speaks for this address; for its own
 *     access NAME deny JID, access NAME allow JID, access NAME
 *                           everybody but that address reaches its rows; only that
 *                           one; everybody
 *     call NAME.WHAT ARGUMENTS    xmpp_NAME_WHAT() is called, with arguments as in
 *                           tests/xep/call.c; unless `returns` follows it must not
 *                           return an error
 *     returns VALUE         what the last call returned: a number, the name of an
 *                           error, "a text", {a printed value}, - for NULL
 *     because SENTENCE      why it was refused (xmpp_ctx_get_last_error())
 *     result STATUS {VALUE} the next event: a call ended. Not 0: XMPP_ETIMEOUT, or
 *                           XMPP_ESTANZA CONDITION [SPECIFIC]
 *     event NAME.WHAT {VALUE} was {VALUE}   the next event: what a module reports
 *     store KIND KEY TEXT   this is in the store; of a KIND like *caps it belongs to
 *                           no account
 *     stored KIND KEY TEXT, stored KIND KEY   this is in it now; nothing is
 *     store-fails, store-works    from here on
 *
 * Values are what xmpp_payload_print() makes of them. Lines of these words that a talk
 * begins with come before the connection is made. There is a store only in talks that
 * speak of it.
 */
/* clang-format on */

#ifndef TESTS_XEP_TALK_MODULE_H
#define TESTS_XEP_TALK_MODULE_H

#include "conn/talk_conn.h"

extern const struct talk_words talk_module_words;

#endif
