/* misses.c - targets that were not reached, and why. */

#include "net/misses.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int code_of_errno(int error)
{
    return error == ETIMEDOUT ? XMPP_ETIMEOUT : XMPP_ECONNECT;
}

void misses_name(const struct misses *misses, const struct candidate *at,
                 struct target *ret)
{
    *ret = (struct target){
        .port = at->port, .direct_tls = at->target->direct, .fd = -1};
    memcpy(ret->host, at->target->target, sizeof(ret->host));
    if (misses->in_memory)
        snprintf(ret->address, sizeof(ret->address), "memory");
    else if (at->address.family)
        address_write(&at->address, ret->address);
}

static void report_miss(struct misses *misses, const struct target *target,
                        const struct fault *why)
{
    if (misses->report)
        misses->report(misses->userdata, target, why);
}

void misses_add_refused(struct misses *misses, const struct candidate *at,
                        int error)
{
    struct fault why = {0};
    struct target target;

    misses->refused++;
    misses->error = error;
    misses_name(misses, at, &target);
    memcpy(misses->last_address, target.address, sizeof(target.address));
    misses->last_port = target.port;
    env_log(misses->env, XMPP_LEVEL_INFO, "tcp", "%s port %u: %s",
            target.address, target.port, strerror(error));
    fault_set(&why, XMPP_LAYER_TCP, code_of_errno(error), "%s",
              strerror(error));
    fault_set_os(&why, error);
    report_miss(misses, &target, &why);
}

void misses_add_lost(struct misses *misses, const struct candidate *at,
                     const char *reason)
{
    const char *host = at->target->target;
    struct fault why = {0};
    struct target target;

    if (reason)
        misses->reason = reason;
    misses_name(misses, at, &target);
    if (misses->lacks_memory)
        fault_set(&why, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    else if (reason)
        fault_set(&why, XMPP_LAYER_DNS, XMPP_EDNS, "%s: %s", host, reason);
    else
        fault_set(&why, XMPP_LAYER_DNS, XMPP_ENOHOST, "%s has no address",
                  host[0] ? host : "an empty name");
    report_miss(misses, &target, &why);
}

static void set_refused(const struct misses *misses, unsigned tried,
                        struct fault *fault)
{
    fault_set(fault, XMPP_LAYER_TCP, code_of_errno(misses->error),
              "%u address%s tried, the last was %s port %u: %s", tried,
              tried == 1 ? "" : "es", misses->last_address, misses->last_port,
              strerror(misses->error));
    fault_set_os(fault, misses->error);
}

void misses_set_fault(const struct misses *misses, const char *host,
                      unsigned tried, struct fault *fault)
{
    if (misses->refused)
        set_refused(misses, tried, fault);
    else if (misses->lacks_memory)
        fault_set(fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    else if (misses->reason)
        fault_set(fault, XMPP_LAYER_DNS, XMPP_EDNS, "%s: %s", host,
                  misses->reason);
    else
        fault_set(fault, XMPP_LAYER_DNS, XMPP_ENOHOST, "%s has no address",
                  host[0] ? host : "an empty name");
}
