#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace touchline::base {

/// What this machine is, for records of runs and for `touchline doctor`.
struct Machine {
  std::string cpu;                    ///< the processor's own name
  int cores = 0;                      ///< usable by this process
  std::vector<std::string> features;  ///< of avx2, avx512f, avx512_vnni, avx512_bf16, avx_vnni, amx_bf16, amx_int8
  std::int64_t memory_mib = 0;        ///< installed
  std::string system;                 ///< for instance "Debian GNU/Linux 12 (bookworm)"
};

Machine this_machine();

/// Whether a CPU with these features (Machine::features) sums products of bytes in 32 bits, fast and exactly. Others do
/// it in 16 bits, which saturate.
bool has_vnni(const std::vector<std::string>& features);

/// One line: processor, cores, features.
std::string to_text(const Machine& machine);

/// Resident memory of this process, MiB; 0 where the system does not tell.
double resident_memory_mib();

/// Has the C library give large freed blocks back at once and keep one heap for all threads, so that resident memory
/// follows what is in use over hours. First thing in a program, before it has threads. Does nothing without glibc.
void keep_heap_compact();

/// Highest resident memory of this process so far, MiB.
double peak_memory_mib();

}  // namespace touchline::base
