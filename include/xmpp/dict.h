/* dict.h - records by a key: what the state of a module is made of. */

#ifndef XMPP_DICT_H
#define XMPP_DICT_H

#include <xmpp/jid.h>
#include <xmpp/types.h>

XMPP_BEGIN

/* Records of one size, found by a key of any octets, in the order in which they
 * were made. The hash has a random key of its own, so that strangers cannot
 * choose keys that collide. Records do not move. Finding, making, dropping and
 * passing on to the next take the same time however many there are. */
typedef struct _xmpp_dict_t xmpp_dict_t;

/* Frees what a record holds; the record itself goes afterwards. It is no longer
 * in the dict then. */
typedef void (*xmpp_dict_done)(xmpp_ctx_t *ctx, void *record);

/* Make a dict for at most `most` records (0: any number). `done` may be NULL.
 * Owned: xmpp_dict_free(). NULL when out of memory. */
XMPP_API xmpp_dict_t *xmpp_dict_new(xmpp_ctx_t *ctx, size_t record_size,
                                    size_t most, xmpp_dict_done done);
XMPP_API void xmpp_dict_free(xmpp_dict_t *dict);

/* Drop all records. */
XMPP_API void xmpp_dict_clear(xmpp_dict_t *dict);

/* How many records there may be from now on; those that are there stay. */
XMPP_API void xmpp_dict_set_most(xmpp_dict_t *dict, size_t most);
XMPP_API size_t xmpp_dict_count(const xmpp_dict_t *dict);

/* The record with this key, or NULL. `n` is the length of the key in octets, or
 * (size_t)-1 if it ends at a NUL. */
XMPP_API void *xmpp_dict_find(const xmpp_dict_t *dict, const char *key,
                              size_t n);

/* The same; if there is none it is made: zeroed, and the last in order. NULL if
 * the dict is full, or when out of memory. */
XMPP_API void *xmpp_dict_put(xmpp_dict_t *dict, const char *key, size_t n);

/* The same by that part of an address: XMPP_JID_BARE, XMPP_JID_FULL, ... NULL
 * also if the address has no such part. */
XMPP_API void *xmpp_dict_find_jid(const xmpp_dict_t *dict,
                                  const xmpp_jid_t *jid, xmpp_jid_part_t part);
XMPP_API void *xmpp_dict_put_jid(xmpp_dict_t *dict, const xmpp_jid_t *jid,
                                 xmpp_jid_part_t part);

/* Remove and free a record of this dict; NULL is ignored. */
XMPP_API void xmpp_dict_drop(xmpp_dict_t *dict, void *record);

/* The record behind `record` in order; the first for NULL; NULL at the end. A
 * loop that drops records takes the next one first. */
XMPP_API void *xmpp_dict_next(const xmpp_dict_t *dict, const void *record);

/* Make it the last in order, so that the first is the one that was used longest
 * ago. */
XMPP_API void xmpp_dict_touch(xmpp_dict_t *dict, void *record);

/* The key of a record, NUL-terminated, with its length unless `ret_size` is
 * NULL. Borrowed from the record. */
XMPP_API const char *xmpp_dict_key(const void *record, size_t *ret_size);

XMPP_END

#endif /* XMPP_DICT_H */
