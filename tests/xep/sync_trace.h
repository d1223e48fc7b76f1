/* sync_trace.h - the engine does what another model of it did. */

#ifndef TESTS_XEP_SYNC_TRACE_H
#define TESTS_XEP_SYNC_TRACE_H

/* Read schedules from stdin, as tests/xep/sync_model.py writes them. */
int trace_main(void);

#endif
