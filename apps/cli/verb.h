#pragma once

#include <span>
#include <string>

namespace touchline::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

/// One word of the command line: `touchline NAME ...`. `run` gets the arguments after the name and returns the exit
/// status; it throws base::Error for main to print.
struct Verb {
  const char* name;
  const char* summary;
  int (*run)(std::span<const std::string> arguments);
};

/// `touchline VERB WHAT ...`: finds WHAT among `verbs`, or prints help or one sentence.
int run_sub_verb(const char* verb, const char* summary, std::span<const Verb> verbs,
                 std::span<const std::string> arguments);

int run_analyze(std::span<const std::string> arguments);
int run_detect(std::span<const std::string> arguments);
int run_track(std::span<const std::string> arguments);
int run_synth(std::span<const std::string> arguments);
int run_eval(std::span<const std::string> arguments);
int run_model(std::span<const std::string> arguments);
int run_model_quantize(std::span<const std::string> arguments);
int run_bench(std::span<const std::string> arguments);
int run_doctor(std::span<const std::string> arguments);

}  // namespace touchline::cli
