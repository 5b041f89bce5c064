#include "touchline/base/machine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <thread>

namespace touchline::base {
namespace {

[[maybe_unused]] constexpr int kLargeBlock = 128 * 1024;  // bytes; pictures and packets of video are larger

/// The text behind `key` in a file of "key<separator>value" lines; empty when absent.
std::string value_in(const char* path, const std::string& key, char separator) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const auto at = line.find(separator);
    if (at == std::string::npos) continue;
    const auto first = line.find_first_not_of(" \t\"", at + 1);
    if (first == std::string::npos) return "";
    return line.substr(first, line.find_last_not_of(" \t\"") - first + 1);
  }
  return "";
}

int usable_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return CPU_COUNT(&set);
  return static_cast<int>(std::thread::hardware_concurrency());
}

std::vector<std::string> cpu_features() {
  std::vector<std::string> found;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) found.emplace_back("avx2");
  if (__builtin_cpu_supports("avx512f")) found.emplace_back("avx512f");
  if (__builtin_cpu_supports("avx512vnni")) found.emplace_back("avx512_vnni");
  if (__builtin_cpu_supports("avx512bf16")) found.emplace_back("avx512_bf16");
  const std::string flags = " " + value_in("/proc/cpuinfo", "flags", ':') + " ";
  for (const char* name : {"avx_vnni", "amx_bf16", "amx_int8"}) {
    if (flags.find(std::string(" ") + name + " ") != std::string::npos) found.emplace_back(name);
  }
#endif
  return found;
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.cpu = value_in("/proc/cpuinfo", "model name", ':');
  machine.cores = usable_cores();
  machine.features = cpu_features();
  machine.memory_mib = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / (1 << 20);
  machine.system = value_in("/etc/os-release", "PRETTY_NAME", '=');
  return machine;
}

bool has_vnni(const std::vector<std::string>& features) {
  constexpr std::array<std::string_view, 3> kAnyOf = {"avx512_vnni", "avx_vnni", "amx_int8"};
  return std::ranges::find_first_of(features, kAnyOf) != features.end();
}

std::string to_text(const Machine& machine) {
  return fmt::format("{}, {} cores ({}), {} GiB, {}", machine.cpu.empty() ? "unknown processor" : machine.cpu,
                     machine.cores, fmt::join(machine.features, " "), (machine.memory_mib + 512) / 1024,
                     machine.system);
}

void keep_heap_compact() {
#ifdef __GLIBC__
  // Named thresholds stop glibc from raising them with every large block that is freed.
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  mallopt(M_TRIM_THRESHOLD, kLargeBlock);
  mallopt(M_ARENA_MAX, 1);
#endif
}

double resident_memory_mib() {
  std::ifstream file("/proc/self/statm");
  double total_pages = 0;
  double resident_pages = 0;
  file >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace touchline::base
