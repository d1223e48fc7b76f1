/* fake_words.h - what the scripts of servers have in common, however their
 * bytes travel. */

#ifndef TESTS_CONN_FAKE_WORDS_H
#define TESTS_CONN_FAKE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define FAKE_ID_SIZE 128

/* Keep the first id that stands in what the client sent, if there is one. */
void fake_words_keep_id(const char *sent, size_t n, char id[FAKE_ID_SIZE]);

/* Pass a text on in parts, with the id in the place of each %id%; or the bytes
 * that stand in it as hexadecimal digits. False when `put` was. */
bool fake_words_say(const char *text, const char *id,
                    bool (*put)(void *server, const char *bytes, size_t n),
                    void *server);
bool fake_words_say_bytes(const char *hex,
                          bool (*put)(void *server, const char *bytes,
                                      size_t n),
                          void *server);

#endif
