# The program `balint`. Its pure parts are a library, which the tests link.
add_library(balint-client-core STATIC client/asks.c client/commands.c client/debrief.c client/entry.c client/hold.c client/look.c client/options.c client/own.c client/plan.c client/refusal.c
            client/resender.c client/soundmeter.c client/talkbook.c)
target_link_libraries(balint-client-core PUBLIC balint-layout balint-protocol balint-session PRIVATE m)

add_executable(balint client/main.c client/join.c client/join_call.c client/join_door.c client/join_keys.c client/join_show.c client/join_words.c
               client/join_leave.c client/join_kept.c client/join_notice.c client/account.c client/actions.c client/debrief_json.c client/debrief_keep.c
               client/debrief_page.c client/join_debrief.c client/device.c client/links.c client/join_microphone.c client/join_help.c
               client/join_loudspeaker.c
               client/pipeline.c client/remotes.c client/reporter.c client/script.c client/snapshot.c
               client/sources.c client/tiles.c client/wavfile.c client/window.c
               client/known.c client/invite.c client/invite_options.c client/keys.c client/keys_list.c client/secret_file.c
               client/passphrase.c client/seal.c client/handover.c client/protect.c client/own_server.c client/founder_client.c)
target_compile_definitions(balint PRIVATE BALINT_PLUGIN_PATH="../${CMAKE_INSTALL_LIBDIR}/gstreamer-1.0")
target_link_libraries(balint PRIVATE balint-client-core balint-call-core balint-protocol balint-identity balint-session
                      balint-overlay-input PkgConfig::GST PkgConfig::SOUP PkgConfig::JANSSON PkgConfig::CRYPTO PkgConfig::CAIRO m)
install(TARGETS balint RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
