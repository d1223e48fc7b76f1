/* model.h - what a server keeps for our account, as a module mirrors it: values
 * of one payload by address, the version of the whole, and a copy of both in
 * the application's store (store.h). The contact list is one.
 *
 * Every function takes a time that does not grow with the number of values, but
 * for those that read or free all of them.
 */

#ifndef XMPP_MODEL_H
#define XMPP_MODEL_H

#include <xmpp/conn.h>
#include <xmpp/payload.h>

XMPP_BEGIN

typedef struct _xmpp_model_t xmpp_model_t;

/* A model for at most `most` values of this payload. Its texts in the store are
 * of this kind; NULL: it is not stored. Owned: xmpp_model_free(), before the
 * connection ends. NULL when out of memory. */
XMPP_API xmpp_model_t *xmpp_model_new(xmpp_conn_t *conn,
                                      const xmpp_payload_t *payload,
                                      const char *kind, size_t most);
XMPP_API void xmpp_model_free(xmpp_model_t *model);

/* How many values there may be from now on; those that are there stay. */
XMPP_API void xmpp_model_set_most(xmpp_model_t *model, size_t most);

/* Which part of an address stands for a value: XMPP_JID_BARE, or XMPP_JID_FULL,
 * where one with a resource has a value of its own. Ignored if there are values
 * already. */
XMPP_API void xmpp_model_set_part(xmpp_model_t *model, xmpp_jid_part_t part);

/* Forget everything, and read what the store has for the present account. */
XMPP_API void xmpp_model_restore(xmpp_model_t *model);

/* ---- values ------------------------------------------------------ */

/* Borrowed; valid until this value is replaced or removed. */
XMPP_API const void *xmpp_model_get(const xmpp_model_t *model,
                                    const xmpp_jid_t *jid);

/* The value behind that of `jid`, in the order in which they came first; NULL:
 * the first. NULL at the end, and if there is no value of `jid`. */
XMPP_API const void *xmpp_model_next(const xmpp_model_t *model,
                                     const xmpp_jid_t *jid);
XMPP_API size_t xmpp_model_count(const xmpp_model_t *model);

/* Copy a value into the model. *ret_now is the copy, borrowed; *ret_before what
 * it replaces, owned (xmpp_free()), or NULL. 0; 1 if an equal value was there:
 * then nothing changes, and neither pointer is set; XMPP_EFULL; XMPP_EMEM;
 * XMPP_EINVOP without a model, an address or a value. */
XMPP_API int xmpp_model_put(xmpp_model_t *model, const xmpp_jid_t *jid,
                            const void *value, const void **ret_now,
                            void **ret_before);

/* Take a value out of the model; *ret_before is what it was, owned. 0; 1 if
 * there is none; during a load also XMPP_EFULL or XMPP_EMEM, see below. */
XMPP_API int xmpp_model_remove(xmpp_model_t *model, const xmpp_jid_t *jid,
                               void **ret_before);

/* ---- loads and versions ------------------------------------------ */

/* A load begins as the whole is requested from the server. What is put or
 * removed from now on is newer than the answer. */
XMPP_API void xmpp_model_begin(xmpp_model_t *model);

/* Put a value of the answer: as xmpp_model_put(); 1 also if it is not put,
 * because what the model has of this address is newer. */
XMPP_API int xmpp_model_fill(xmpp_model_t *model, const xmpp_jid_t *jid,
                             const void *value, const void **ret_now,
                             void **ret_before);

/* After the whole answer: take out a value that is not in it, and which is
 * older. 0; 1 if there is none left; XMPP_EINVOP without a model. *ret_before
 * is owned. */
XMPP_API int xmpp_model_sweep(xmpp_model_t *model, void **ret_before);

/* How a load ended: the answer was everything that the server has, with this
 * version; or it confirmed the version that the model has; or there was no
 * answer. */
typedef enum {
    XMPP_MODEL_REPLACED,
    XMPP_MODEL_CONFIRMED,
    XMPP_MODEL_NOT_LOADED
} xmpp_model_end_t;

/* The load is over. With XMPP_MODEL_NOT_LOADED also: the session is. */
XMPP_API void xmpp_model_end(xmpp_model_t *model, xmpp_model_end_t how,
                             const char *version);

/* The version that a change brought with it. During a load it waits for the
 * end. NULL is ignored. */
XMPP_API void xmpp_model_set_version(xmpp_model_t *model, const char *version);

/* Of what the model has. NULL if it is not known, or if the model is not what
 * the server has, because a value could not be put. Borrowed until it changes.
 */
XMPP_API const char *xmpp_model_get_version(const xmpp_model_t *model);

XMPP_END

#endif /* XMPP_MODEL_H */
