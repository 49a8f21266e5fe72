/* process.h - a program of the demo: started, given lines, listened to, and ended.
 *
 * Its standard output and error come together, line by line, into a log file; links go in by its standard
 * input, so that no argument list ever holds one. One thread, which waits in demo_processes_pump().
 */
#ifndef BALINT_DEMO_PROCESS_H
#define BALINT_DEMO_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>

struct demo_process;
typedef void (*demo_line_fn)(struct demo_process *process, const char *line);

struct demo_process {
    pid_t pid; /* 0: not started, or over */
    int input, output;
    FILE *log;
    char partly[1024];
    size_t length;
    demo_line_fn on_line;
    void *user_data;
    bool over;
    int status;          /* of waitpid, when over */
    struct rusage usage; /* when over */
};

/* Milliseconds of a steady clock. */
int64_t demo_now_ms(void);

/* Starts argv[0] with argv; `log` is where what it says is kept. False when it cannot be started. */
bool demo_process_start(struct demo_process *process, const char *const argv[], const char *log,
                        demo_line_fn on_line, void *user_data);
/* Writes a line to its standard input; false when it does not take it. */
bool demo_process_tell(struct demo_process *process, const char *line);
void demo_process_signal(struct demo_process *process, int number);
/* Listens to all of them, and notes who is over, until `until_ms` or until somebody said or did something. */
void demo_processes_pump(struct demo_process *const processes[], int count, int64_t until_ms);
/* Closes what is left; kills who still runs. */
void demo_process_close(struct demo_process *process);

#endif
