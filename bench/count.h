/* count.h - every allocation of the process, counted. */

#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

extern unsigned long count_allocations;

#endif
