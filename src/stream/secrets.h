/* secrets.h - what the log does not show of a login. */

#ifndef STREAM_SECRETS_H
#define STREAM_SECRETS_H

#include "stanza/writer.h"

extern const struct hidden_parts stream_secrets;

#endif
