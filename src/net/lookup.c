/* lookup.c - names to addresses by the host's own resolver, in threads.
 *
 * No lock is shared with a thread, so that nothing ever waits for one, not even
 * in a child after fork. A job belongs to its lookup and its thread together:
 * the thread marks it as done and wakes the loop by a pipe. The last one to let
 * go frees it, even the thread of a context that is long gone. Memory that
 * threads free comes from malloc, because the application's allocator need not
 * be thread-safe. */

#include "net/lookup.h"

#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Shared by a context and its threads, each of which holds a reference: so the
 * pipe stays open for a thread that outlives the context. */
struct lookup_shared {
    atomic_uint refs;
    atomic_uint threads; /* that are at work, or about to end */
    int wake[2];         /* a pipe; neither end ever blocks */
};

/* Shared by a lookup and its thread. Invariant: `rc` and `list` belong to the
 * thread until `done` is set, and to the loop from then on. */
struct job {
    atomic_uint refs;
    atomic_bool done;
    struct lookup_shared *shared;
    int rc; /* getaddrinfo's */
    struct addrinfo *list;
    char name[]; /* NUL-terminated */
};

struct lookup {
    struct list link; /* of lookups->open */
    struct lookups *lookups;
    struct job *job;
    bool begun; /* a thread has it */
    size_t most;
    void (*done)(void *userdata, const struct lookup_answer *answer);
    void *userdata;
};

/* ---- what is shared ---------------------------------------------- */

static void shared_unref(struct lookup_shared *shared)
{
    if (atomic_fetch_sub(&shared->refs, 1) > 1)
        return;
    close(shared->wake[0]);
    close(shared->wake[1]);
    free(shared);
}

static struct lookup_shared *shared_new(void)
{
    struct lookup_shared *shared = malloc(sizeof(*shared));

    if (!shared)
        return NULL;
    atomic_init(&shared->refs, 1);
    atomic_init(&shared->threads, 0);
    if (pipe(shared->wake)) {
        free(shared);
        return NULL;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(shared->wake[i], F_SETFD, FD_CLOEXEC);
        fcntl(shared->wake[i], F_SETFL, O_NONBLOCK);
    }
    return shared;
}

static struct job *job_new(const char *name)
{
    size_t n = strlen(name) + 1;
    struct job *job = calloc(1, sizeof(*job) + n);

    if (!job)
        return NULL;
    atomic_init(&job->refs, 1);
    atomic_init(&job->done, false);
    memcpy(job->name, name, n);
    return job;
}

static void job_unref(struct job *job)
{
    if (atomic_fetch_sub(&job->refs, 1) > 1)
        return;
    if (job->list)
        freeaddrinfo(job->list);
    free(job);
}

/* ---- the thread -------------------------------------------------- */

static void *work(void *at)
{
    /* of one kind of socket, or each address would come once for each kind */
    static const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                          .ai_socktype = SOCK_STREAM};
    struct job *job = at;
    struct lookup_shared *shared = job->shared;
    ssize_t written;

    job->rc = getaddrinfo(job->name, NULL, &hints, &job->list);
    /* before it wakes the loop, which looks for results and for free threads */
    atomic_store(&job->done, true);
    atomic_fetch_sub(&shared->threads, 1);
    job_unref(job);
    written = write(shared->wake[1], "", 1);
    (void)written; /* a full pipe wakes the loop anyway */
    shared_unref(shared);
    return NULL;
}

/* Signals are for the application's threads. The thread is detached, because
 * nothing may wait for it: a resolver can hang for minutes. */
static bool start_thread(struct job *job)
{
    sigset_t all, before;
    pthread_attr_t attr;
    pthread_t thread;
    int rc;

    if (pthread_attr_init(&attr))
        return false;
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&thread, &attr, work, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return rc == 0;
}

static bool begin_job(struct lookup *lookup)
{
    struct job *job = lookup->job;
    struct lookup_shared *shared = lookup->lookups->shared;

    job->shared = shared;
    /* for the thread, which may end before start_thread() returns */
    atomic_fetch_add(&job->refs, 1);
    atomic_fetch_add(&shared->refs, 1);
    atomic_fetch_add(&shared->threads, 1);
    lookup->begun = start_thread(job);
    if (lookup->begun)
        return true;
    atomic_fetch_sub(&shared->threads, 1);
    atomic_fetch_sub(&shared->refs, 1);
    atomic_fetch_sub(&job->refs, 1);
    return false;
}

/* ---- the answer -------------------------------------------------- */

static enum dns_status status_of(int rc, size_t count)
{
    if (rc == 0)
        return count ? DNS_FOUND : DNS_ABSENT;
#ifdef EAI_NODATA
    if (rc == EAI_NODATA)
        return DNS_ABSENT;
#endif
    return rc == EAI_NONAME ? DNS_ABSENT : DNS_FAILED;
}

static size_t count_of(const struct addrinfo *a, size_t most)
{
    size_t n = 0;

    for (; a && n < most; a = a->ai_next)
        n++;
    return n;
}

/* Without memory for the addresses the lookup has failed; `n` is not 0 then. */
static void deliver_addresses(struct lookup *lookup)
{
    const struct env *env = lookup->lookups->env;
    const struct job *job = lookup->job;
    size_t n = job->rc == 0 ? count_of(job->list, lookup->most) : 0;
    struct address *addresses =
        n ? env_alloc(env, n * sizeof(*addresses)) : NULL;
    struct lookup_answer answer = {.addresses = addresses};

    for (const struct addrinfo *a = job->list; addresses && n; a = a->ai_next) {
        if (address_from(&addresses[answer.count], a->ai_addr))
            answer.count++;
        n--;
    }
    answer.status = status_of(job->rc, answer.count);
    answer.reason = n ? "out of memory" : gai_strerror(job->rc);
    if (n)
        answer.status = DNS_FAILED;
    lookup->done(lookup->userdata, &answer);
    env_free(env, addresses);
}

static struct lookup *find_lookup(struct lookups *lookups,
                                  bool (*is)(struct lookup *))
{
    for (struct list *l = lookups->open.next; l != &lookups->open;
         l = l->next) {
        struct lookup *lookup = LIST_ENTRY(l, struct lookup, link);

        if (is(lookup))
            return lookup;
    }
    return NULL;
}

static bool is_done(struct lookup *lookup)
{
    return atomic_load(&lookup->job->done);
}

static bool is_waiting(struct lookup *lookup)
{
    return !lookup->begun;
}

/* Begin those that wait for a thread, as long as one more is allowed. */
static void begin_more(struct lookups *lookups)
{
    struct lookup *next;

    while (atomic_load(&lookups->shared->threads) < LOOKUP_THREADS_MOST &&
           (next = find_lookup(lookups, is_waiting)) && begin_job(next))
        ;
}

static void on_wake(struct watch *watch, unsigned events)
{
    struct lookups *lookups = LIST_ENTRY(watch, struct lookups, watch);
    struct lookup *lookup;
    char drained[64];

    (void)events;
    while (read(watch->fd, drained, sizeof(drained)) > 0)
        ;
    while ((lookup = find_lookup(lookups, is_done))) {
        list_remove(&lookup->link); /* it is delivered once */
        deliver_addresses(lookup);
    }
    begin_more(lookups);
    if (list_is_empty(&lookups->open))
        poll_watch(lookups->poll, &lookups->watch, 0);
}

/* ---- life -------------------------------------------------------- */

static bool prepare_lookups(struct lookups *lookups, struct env *env,
                            struct poll *poll)
{
    if (!lookups->shared) {
        lookups->shared = shared_new();
        if (!lookups->shared)
            return false;
        lookups->env = env;
        lookups->poll = poll;
        list_init(&lookups->open);
        lookups->watch =
            (struct watch){.fd = lookups->shared->wake[0], .ready = on_wake};
    }
    return lookups->watch.events ||
           poll_watch(poll, &lookups->watch, POLL_READ) == 0;
}

struct lookup *lookup_start(struct lookups *lookups, struct env *env,
                            struct poll *poll, const char *name, size_t most,
                            void (*done)(void *userdata,
                                         const struct lookup_answer *answer),
                            void *userdata)
{
    struct lookup *lookup = NULL;

    if (prepare_lookups(lookups, env, poll))
        lookup = env_zalloc(env, sizeof(*lookup));
    if (!lookup)
        return NULL;
    *lookup = (struct lookup){.lookups = lookups,
                              .job = job_new(name),
                              .most = most,
                              .done = done,
                              .userdata = userdata};
    list_append(&lookups->open, &lookup->link);
    if (lookup->job &&
        (atomic_load(&lookups->shared->threads) >= LOOKUP_THREADS_MOST ||
         begin_job(lookup)))
        return lookup;
    lookup_free(lookup);
    return NULL;
}

void lookup_free(struct lookup *lookup)
{
    struct lookups *lookups;

    if (!lookup)
        return;
    lookups = lookup->lookups;
    list_remove(&lookup->link);
    if (lookup->job)
        job_unref(lookup->job);
    env_free(lookups->env, lookup);
}

void lookups_free(struct lookups *lookups)
{
    if (!lookups->shared)
        return;
    poll_watch(lookups->poll, &lookups->watch, 0);
    shared_unref(lookups->shared);
    lookups->shared = NULL;
}
