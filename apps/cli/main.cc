#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/base/machine.h"

namespace {

using touchline::cli::Verb;

constexpr Verb kVerbs[] = {
    {"analyze", "a clip in; match data and annotated video out", touchline::cli::run_analyze},
    {"detect", "people, ball and pitch points of pictures", touchline::cli::run_detect},
    {"track", "boxes of a MOT file to tracks", touchline::cli::run_track},
    {"synth", "a made-up match with exact ground truth", touchline::cli::run_synth},
    {"eval", "accuracy against labels: detect, pitch, mot, clip", touchline::cli::run_eval},
    {"model", "list, describe, check and quantize networks", touchline::cli::run_model},
    {"bench", "what this machine can do, stage by stage", touchline::cli::run_bench},
    {"doctor", "what this machine has, what is missing, what to type", touchline::cli::run_doctor},
};

void print_help(std::FILE* stream) {
  std::fputs("touchline: football video in, match data and annotated video out\n\nUsage: touchline VERB [OPTIONS]\n\n",
             stream);
  for (const Verb& verb : kVerbs) std::fprintf(stream, "  %-9s %s\n", verb.name, verb.summary);
  std::fputs("\n`touchline VERB --help` says more. Start with: touchline analyze CLIP --out DIR\n", stream);
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_help(stderr);
    return touchline::cli::kExitUsage;
  }
  if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help(stdout);
    return touchline::cli::kExitOk;
  }
  if (arguments[0] == "--version") {
    std::puts("touchline " TOUCHLINE_VERSION);
    return touchline::cli::kExitOk;
  }
  for (const Verb& verb : kVerbs) {
    if (arguments[0] == verb.name) return verb.run(std::span(arguments).subspan(1));
  }
  std::fprintf(stderr, "touchline: '%s' is no verb; `touchline --help` lists them\n", arguments[0].c_str());
  return touchline::cli::kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  touchline::base::keep_heap_compact();
  try {
    return run({argv + 1, argv + argc});
  } catch (const touchline::base::Error& error) {
    std::fprintf(stderr, "touchline: %s\n", error.what());
    const bool usage = error.code() == touchline::base::ErrorCode::kInvalidArgument;
    return usage ? touchline::cli::kExitUsage : touchline::cli::kExitFailed;
  } catch (const std::bad_alloc&) {
    std::fputs("touchline: out of memory; try a smaller --size or --lookahead\n", stderr);
    return touchline::cli::kExitFailed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "touchline: unexpected failure: %s\n", error.what());
    return touchline::cli::kExitFailed;
  }
}
