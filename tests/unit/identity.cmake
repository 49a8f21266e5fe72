# identity: tests of this area
balint_test(identity-primitives unit 60 SOURCES unit/identity_primitives.c LIBS balint-identity)
balint_test(identity-vectors unit 60 SOURCES unit/identity_vectors.c LIBS balint-identity PkgConfig::JANSSON)
balint_test(identity-links unit 60 SOURCES unit/identity_links.c LIBS balint-identity)
balint_test(identity-records unit 120 SOURCES unit/identity_records.c LIBS balint-identity)

