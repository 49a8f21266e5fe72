/* main.h - the verbs of the program `balint`.
 */
#ifndef BALINT_CLIENT_MAIN_H
#define BALINT_CLIENT_MAIN_H

/* `argv[0]` is the verb. Returns the exit status: 0 done, 1 not possible, 2 not understood. */
int balint_join_main(int argc, char **argv);

#endif
