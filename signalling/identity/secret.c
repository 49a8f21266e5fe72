/* secret.c - memory for keys: pages of their own, locked, left out of core files, wiped when given back.
 *
 * Why pages of their own: locking, MADV_DONTDUMP and unmapping work by the page, and nothing else may share
 * it. Without the right to lock (RLIMIT_MEMLOCK) it works all the same and says so. Any thread; one owner.
 */
#include "identity/identity.h"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

void balint_wipe(void *bytes, size_t length)
{
    OPENSSL_cleanse(bytes, length);
}

static size_t in_pages(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return size > SIZE_MAX - page ? 0 : (size + page - 1) / page * page;
}

bool balint_secret_make(struct balint_secret *secret, size_t size)
{
    *secret = (struct balint_secret){0};
    size_t length = in_pages(size);
    if (length == 0)
        return false;
    void *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        return false;
    if (madvise(bytes, length, MADV_DONTDUMP) != 0) {
        munmap(bytes, length);
        return false;
    }
    *secret = (struct balint_secret){.bytes = bytes, .size = size, .locked = mlock(bytes, length) == 0};
    return true;
}

void balint_secret_free(struct balint_secret *secret)
{
    if (secret->bytes == NULL)
        return;
    size_t length = in_pages(secret->size);
    balint_wipe(secret->bytes, length);
    munmap(secret->bytes, length); /* unlocks, too */
    *secret = (struct balint_secret){0};
}
