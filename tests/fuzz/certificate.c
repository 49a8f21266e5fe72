/* certificate.c - fuzz target: certificates. */
#include "fuzz/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_certificate certificate, again;
    uint8_t bytes[BALINT_CERTIFICATE_SIZE], signed_bytes[BALINT_CERTIFICATE_SIZE];
    if (!balint_certificate_read(&certificate, data, size, NULL))
        return 0;
    REQUIRE(balint_id_ok(certificate.member) && balint_name_ok(certificate.name) &&
            balint_name_ok(certificate.group));
    /* Signed by us it is the certificate that we would have made of it. */
    REQUIRE(fuzz_sign(data, size, signed_bytes));
    REQUIRE(balint_certificate_read(&again, signed_bytes, size, fuzz_key()->public_half));
    REQUIRE(balint_certificate_make(&certificate, fuzz_key(), bytes) == size);
    REQUIRE(memcmp(bytes, signed_bytes, size) == 0);
    return 0;
}
