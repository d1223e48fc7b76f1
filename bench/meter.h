/* meter.h - what a contestant spends: CPU time and allocations per stanza. */

#ifndef BENCH_METER_H
#define BENCH_METER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Stanzas before counting begins. */
#define METER_WARM 200

/* Microseconds of CPU time of this process, user and system. */
double meter_cpu(void);

/* Resident memory of this process, and what is allocated, in bytes. */
size_t meter_resident(void);
size_t meter_private(void); /* of that: no pages of files */
size_t meter_private(void); /* of that: no pages of files */
size_t meter_heap(void);

void meter_begin(void);

/* Print what was spent since, each for one stanza: microseconds, allocations,
 * those of libxml2, those of TLS libraries. The last two are 0 unless
 * METER_CALLERS is in the environment, which costs time. */
void meter_end(long stanzas);

#ifdef __cplusplus
}
#endif

#endif
