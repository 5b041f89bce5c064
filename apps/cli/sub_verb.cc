#include <cstdio>

#include "apps/cli/verb.h"

namespace touchline::cli {
namespace {

void print_help(std::FILE* stream, const char* verb, const char* summary, std::span<const Verb> verbs) {
  std::fprintf(stream, "%s\n\nUsage: touchline %s WHAT [OPTIONS]\n\n", summary, verb);
  for (const Verb& sub : verbs) std::fprintf(stream, "  %-8s %s\n", sub.name, sub.summary);
  std::fprintf(stream, "\n`touchline %s WHAT --help` says more.\n", verb);
}

}  // namespace

int run_sub_verb(const char* verb, const char* summary, std::span<const Verb> verbs,
                 std::span<const std::string> arguments) {
  if (!arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h")) {
    print_help(stdout, verb, summary, verbs);
    return kExitOk;
  }
  for (const Verb& sub : verbs) {
    if (!arguments.empty() && arguments[0] == sub.name) return sub.run(arguments.subspan(1));
  }
  std::fprintf(stderr, "touchline %s: %s; see `touchline %s --help`\n", verb,
               arguments.empty() ? "say what to do" : ("'" + arguments[0] + "' is unknown").c_str(), verb);
  return kExitUsage;
}

}  // namespace touchline::cli
