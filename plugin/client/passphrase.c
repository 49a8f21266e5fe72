/* passphrase.c - see passphrase.h. */
#include "client/passphrase.h"

#include "client/secret_file.h"
#include "identity/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LEAST 8 /* bytes */

/* What would end or stop this program, and leave the terminal dumb. */
static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define ENDINGS (sizeof ending / sizeof *ending)

static volatile sig_atomic_t came;

static void on_signal(int number)
{
    came = number;
}

/* Reads a line from the terminal. The signals are blocked but while ppoll() waits, so that none falls between
 * a look at `came` and the waiting. */
static bool read_typed(int tty, const sigset_t *open_mask, char text[BALINT_PASSPHRASE])
{
    size_t length = 0;
    bool fits = true;
    for (;;) {
        struct pollfd poll_tty = {.fd = tty, .events = POLLIN};
        char byte;
        if (ppoll(&poll_tty, 1, NULL, open_mask) < 0) {
            if (errno == EINTR && came == 0)
                continue;
            return false;
        }
        ssize_t got = read(tty, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        if (byte == '\n')
            break;
        fits = fits && length + 1 < BALINT_PASSPHRASE;
        if (fits)
            text[length++] = byte;
    }
    text[length] = '\0';
    return fits;
}

/* One question, with the echo off and the signals ours, and everything put back. */
static bool ask_once(int tty, const char *question, char text[BALINT_PASSPHRASE])
{
    struct sigaction old[ENDINGS], ours = {.sa_handler = on_signal};
    struct termios shown, unseen;
    sigset_t blocked, before;
    if (tcgetattr(tty, &shown) != 0)
        return false;
    unseen = shown;
    unseen.c_lflag = (unseen.c_lflag & ~(tcflag_t)ECHO) | ICANON | ISIG;
    came = 0;
    sigemptyset(&ours.sa_mask);
    sigemptyset(&blocked);
    for (size_t i = 0; i < ENDINGS; i++)
        sigaddset(&blocked, ending[i]);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    for (size_t i = 0; i < ENDINGS; i++) {
        sigaction(ending[i], NULL, &old[i]);
        if (old[i].sa_handler != SIG_IGN) /* what somebody had ignored stays so */
            sigaction(ending[i], &ours, NULL);
    }
    bool ok = tcsetattr(tty, TCSAFLUSH, &unseen) == 0 &&
              write(tty, question, strlen(question)) == (ssize_t)strlen(question) &&
              read_typed(tty, &before, text);
    tcsetattr(tty, TCSAFLUSH, &shown);
    ok = write(tty, "\n", 1) == 1 && ok;
    for (size_t i = 0; i < ENDINGS; i++)
        sigaction(ending[i], &old[i], NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ok;
}

/* The same, with what a signal would have done done afterwards; after Ctrl-Z it is asked again. */
static bool ask(int tty, const char *question, char text[BALINT_PASSPHRASE])
{
    for (;;) {
        bool ok = ask_once(tty, question, text);
        if (came != 0)
            balint_wipe(text, BALINT_PASSPHRASE);
        if (came != 0)
            raise(came);
        if (came != SIGTSTP)
            return ok && came == 0;
    }
}

static bool read_terminal(const char *of, bool fresh, char text[BALINT_PASSPHRASE], char why[BALINT_WHY])
{
    char question[96], again[BALINT_PASSPHRASE] = "";
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0)
        return balint_why(why,
                          "There is no terminal to ask for the passphrase. Say --passphrase-file F, or -.");
    snprintf(question, sizeof question, "%s: ", of);
    bool ok = ask(tty, question, text);
    if (!ok)
        balint_why(why, "The passphrase cannot be read. Use at most %d bytes.", BALINT_PASSPHRASE - 1);
    if (ok && fresh && strlen(text) >= LEAST) {
        ok = ask(tty, "The same once more: ", again) && strcmp(text, again) == 0;
        if (!ok)
            balint_why(why, "The two passphrases are not the same. Try again.");
    }
    balint_wipe(again, sizeof again);
    close(tty);
    return ok;
}

static bool read_file(const char *file, char text[BALINT_PASSPHRASE], char why[BALINT_WHY])
{
    int fd = strcmp(file, "-") == 0 ? STDIN_FILENO : balint_secret_open(file, why);
    if (fd < 0)
        return false;
    bool ok = balint_secret_line(fd, text, BALINT_PASSPHRASE);
    if (fd != STDIN_FILENO)
        close(fd);
    return ok || balint_why(why, "The passphrase cannot be read. Use one line of at most %d bytes.",
                            BALINT_PASSPHRASE - 1);
}

bool balint_passphrase_read(const char *file, const char *of, bool fresh, char text[BALINT_PASSPHRASE],
                            char why[BALINT_WHY])
{
    memset(text, 0, BALINT_PASSPHRASE);
    bool ok = file != NULL ? read_file(file, text, why) : read_terminal(of, fresh, text, why);
    if (ok && strlen(text) < LEAST)
        ok = balint_why(why, "The passphrase is too short. Use at least %d bytes.", LEAST);
    if (!ok)
        balint_wipe(text, BALINT_PASSPHRASE);
    return ok;
}
