# identity: tests of this area
balint_test(identity-primitives unit 60 SOURCES unit/identity_primitives.c LIBS balint-identity)
balint_test(identity-vectors unit 60 SOURCES unit/identity_vectors.c LIBS balint-identity PkgConfig::JANSSON)
balint_test(identity-links unit 60 SOURCES unit/identity_links.c LIBS balint-identity)
balint_test(identity-signed unit 60 SOURCES unit/identity_signed.c unit/identity_evening.c
            LIBS balint-identity PkgConfig::JANSSON)
balint_test(identity-trust unit 120 SOURCES unit/identity_trust.c unit/identity_evening.c
            LIBS balint-identity PkgConfig::JANSSON)
balint_test(identity-deputy unit 60 SOURCES unit/identity_deputy.c unit/identity_evening.c
            LIBS balint-identity PkgConfig::JANSSON)
balint_test(identity-damage unit 120 SOURCES unit/identity_damage.c unit/identity_evening.c
            LIBS balint-identity PkgConfig::JANSSON)
balint_test(identity-memory unit 120 SOURCES unit/identity_memory.c unit/identity_evening.c
            LIBS balint-identity PkgConfig::JANSSON PkgConfig::CRYPTO)
balint_test(identity-signature unit 60 SOURCES unit/identity_signature.c unit/identity_evening.c
            LIBS balint-identity PkgConfig::JANSSON)
balint_test(identity-sealing unit 120 SOURCES unit/identity_sealing.c unit/identity_evening.c
            LIBS balint-identity PkgConfig::JANSSON WRAP balint_wipe mlock madvise munmap)
balint_test(identity-records unit 120 SOURCES unit/identity_records.c LIBS balint-identity)

# What `balint invite` and `balint revoke` are made of.
set(invite ${CMAKE_SOURCE_DIR}/plugin/client)
balint_test(identity-invite-options unit 60 SOURCES unit/identity_invite_options.c ${invite}/invite_options.c
            LIBS balint-identity)
balint_test(identity-keys unit 60 SOURCES unit/identity_keys.c ${invite}/keys.c ${invite}/keys_list.c ${invite}/secret_file.c
            ${invite}/passphrase.c ${invite}/seal.c
            LIBS balint-identity PkgConfig::JANSSON PkgConfig::CRYPTO)
# The tool as a process against a real balint-server.
add_library(balint-leader STATIC integration/leader.c ${invite}/invite.c ${invite}/invite_options.c ${invite}/own_server.c
            ${invite}/keys.c ${invite}/keys_list.c ${invite}/secret_file.c ${invite}/passphrase.c ${invite}/seal.c ${invite}/handover.c ${invite}/protect.c
            ${invite}/founder_client.c)
target_include_directories(balint-leader PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(balint-leader PUBLIC balint-fakes PkgConfig::SOUP PkgConfig::JANSSON PkgConfig::CRYPTO PkgConfig::CMOCKA)
balint_test(invite socket 240 SOURCES integration/invite.c integration/odd_server.c integration/self_signed.c
            LIBS balint-leader)
balint_test(new-root socket 240 SOURCES integration/new_root.c integration/odd_server.c LIBS balint-leader)
balint_test(handover socket 240 SOURCES integration/handover.c fakes/leak.c LIBS balint-leader util)
