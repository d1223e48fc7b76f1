/* post.c - functions that other threads want to run in the context's. */

#include "conn/post.h"

#include <xmpp/error.h>

#include "conn/ctx.h"

/* Signal handlers may not wait for a lock inside of an atomic operation. */
_Static_assert(ATOMIC_POINTER_LOCK_FREE == 2 && ATOMIC_LONG_LOCK_FREE == 2,
               "no lock-free atomics of the size of a pointer");

void posts_init(struct posts *posts)
{
    for (size_t i = 0; i < XMPP_POSTS_MOST; i++)
        atomic_init(&posts->ring[i].turn, i);
    atomic_init(&posts->tail, 0);
    atomic_init(&posts->closed, false);
    posts->head = 0;
}

static struct post *post_at(struct posts *posts, size_t position)
{
    return &posts->ring[position % XMPP_POSTS_MOST];
}

/* Get the next position for ourselves. False if its place is still in use: the
 * ring is full. */
static bool take_position(struct posts *posts, size_t *ret)
{
    size_t position = atomic_load(&posts->tail);

    for (;;) {
        size_t turn = atomic_load_explicit(&post_at(posts, position)->turn,
                                           memory_order_acquire);

        if (turn == position) {
            if (!atomic_compare_exchange_weak(&posts->tail, &position,
                                              position + 1))
                continue; /* another was faster: `position` is new */
            *ret = position;
            return true;
        }
        if (turn - position > SIZE_MAX / 2)
            return false;
        position = atomic_load(&posts->tail);
    }
}

/* The oldest. False if there is none, or if its thread is still writing it:
 * that one will wake the loop. */
static bool take_post(struct posts *posts, xmpp_post_handler *ret_function,
                      void **ret_userdata)
{
    struct post *post = post_at(posts, posts->head);
    size_t turn = atomic_load_explicit(&post->turn, memory_order_acquire);

    if (turn != posts->head + 1)
        return false;
    *ret_function = post->function;
    *ret_userdata = post->userdata;
    atomic_store_explicit(&post->turn, posts->head + XMPP_POSTS_MOST,
                          memory_order_release);
    posts->head++;
    return true;
}

/* A function that posts itself again waits for the next turn. It may also run
 * the loop or free the context, so each is taken out before it is called. */
void posts_run(struct posts *posts, xmpp_ctx_t *ctx)
{
    size_t end = atomic_load(&posts->tail);
    xmpp_post_handler function;
    void *userdata;

    while (end - posts->head - 1 < XMPP_POSTS_MOST &&
           take_post(posts, &function, &userdata))
        function(ctx, userdata);
}

void posts_close(struct posts *posts)
{
    xmpp_post_handler function;
    void *userdata;

    atomic_store(&posts->closed, true);
    while (take_post(posts, &function, &userdata))
        function(NULL, userdata);
}

/* Nothing is written to the context's last error: it belongs to the thread of
 * the context. */
int xmpp_ctx_post(xmpp_ctx_t *ctx, xmpp_post_handler function, void *userdata)
{
    size_t position;
    struct post *post;

    if (!ctx || atomic_load(&ctx->posts.closed))
        return XMPP_EINVOP;
    if (!function)
        return XMPP_EARG;
    if (!take_position(&ctx->posts, &position))
        return XMPP_EFULL;
    post = post_at(&ctx->posts, position);
    post->function = function;
    post->userdata = userdata;
    atomic_store_explicit(&post->turn, position + 1, memory_order_release);
    poll_wake(ctx->poll);
    return 0;
}
