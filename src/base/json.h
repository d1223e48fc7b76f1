/* json.h - reading JSON (RFC 8259) strictly, without building a tree. */

#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/str.h"

#define JSON_DEPTH_MOST 32 /* arrays and objects inside one another */

/* Is it one value, and nothing else but spaces? Everything below reads only
 * texts for which this is true, or parts that it returned itself. */
bool json_is_valid(struct str text);

/* Whether the value is an object, an array, a string. */
bool json_is_object(struct str value);
bool json_is_array(struct str value);
bool json_is_string(struct str value);

/* Walk through an object or array: `*at` begins as the whole value. False at
 * the end. The name is a string that is still escaped. */
bool json_next_member(struct str *at, struct str *ret_name,
                      struct str *ret_value);
bool json_next_item(struct str *at, struct str *ret_value);

/* Decode a string. Its length, without the NUL that follows it; -1 if it has a
 * NUL, or half of a surrogate pair, or does not fit. */
int json_text(struct str string, char *out, size_t size);

#endif
