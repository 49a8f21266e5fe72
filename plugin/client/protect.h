/* protect.h - `balint protect`: a group's key under a passphrase on the leader's own machine.
 *
 * Against who gets at the file alone (a lost disk, a backup); whoever runs as the leader sees what is typed.
 * One call a process, on its main thread.
 */
#ifndef BALINT_CLIENT_PROTECT_H
#define BALINT_CLIENT_PROTECT_H

/* `argv[0]` is the verb's name. Whatever is wrong is one line on stderr, and then the key lies as it lay.
 * Returns the exit status: 0 done, 1 not possible, 2 not understood. */
int balint_protect_main(int argc, char **argv);

#endif
