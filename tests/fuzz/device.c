/* device.c - fuzz target: device records. */
#include "fuzz/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_device device;
    uint8_t bytes[BALINT_DEVICE_SIZE];
    if (!balint_device_read(&device, data, size))
        return 0;
    REQUIRE(balint_device_write(&device, bytes) == size && memcmp(bytes, data, size) == 0);
    REQUIRE(!balint_device_verify(&device, data, size, fuzz_key()->public_half) ||
            device.signature_length == BALINT_SIGNATURE_SIZE);
    if (device.signature_length == BALINT_SIGNATURE_SIZE && fuzz_sign(data, size, bytes))
        REQUIRE(balint_device_verify(&device, bytes, size, fuzz_key()->public_half));
    return 0;
}
