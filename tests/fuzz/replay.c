/* replay.c - runs a fuzz target over every file of the folders named on the command line, in an ordinary
 * build.
 *
 * What a fuzzer once found is kept as a file of the corpus and stays a test for ever, without clang. Prints
 * how many files it ran; none is a failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LARGEST (1 << 20)

static int replay(const char *folder, uint8_t *bytes)
{
    char path[1024];
    int files = 0;
    DIR *dir = opendir(folder);
    if (!dir) {
        fprintf(stderr, "replay: cannot open %s\n", folder);
        return 0;
    }
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (file) {
            LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, LARGEST, file));
            fclose(file);
            files++;
        }
    }
    closedir(dir);
    return files;
}

int main(int argc, char **argv)
{
    uint8_t *bytes = malloc(LARGEST);
    int status = argc > 1 && bytes ? 0 : 1;
    for (int i = 1; i < argc && bytes; i++) {
        int files = replay(argv[i], bytes);
        printf("%s: %d files\n", argv[i], files);
        status |= files == 0;
    }
    free(bytes);
    return status;
}
