/* token.h - tokens of romeo@example.org, and what a server says of them. */

#ifndef TESTS_CONN_TOKEN_H
#define TESTS_CONN_TOKEN_H

#define NS2 "xmlns='urn:xmpp:sasl:2'"

#define AGENT "d4565fa7-4d72-4749-b3d3-740edbf87770"
#define FIRST(n)                                                               \
    "1 romeo@example.org HT-SHA-256-NONE 253402300799 " n " dG9rZW4tMQ=="
#define SECOND "1 romeo@example.org HT-SHA-256-NONE 0 0 dG9rZW4tMg=="

/* HMAC-SHA-256 of "Initiator" and "Responder", by Python. */
#define PROOF_1 "cm9tZW8AltYnaqcAAmsOqTAQAPyLWlYYlQK5Tg6hjaPckOJl6A8="
#define ANSWER_1 "uufPlO4PrIgV7vBNziiL64Xu2KNryVaL7asgOuAMPFU="
#define PROOF_2 "cm9tZW8A4pUoCMAjg/3eI9qNLh3PbxAELCdYChhUElk9yJ0W2hg="
#define ANSWER_2 "vpxu0uC27hq73KAKZcnXD3pvqbg/WSX1NvkISE/7EZ0="

#define WISH                                                                   \
    "C <request-token xmlns=\"urn:xmpp:fast:0\" "                              \
    "mechanism=\"HT-SHA-256-NONE\"/>"

#define TOKEN_1                                                                \
    "<token xmlns='urn:xmpp:fast:0' expiry='9999-12-31T23:59:59Z' "            \
    "token='token-1'/>"

#endif
