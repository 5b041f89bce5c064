#include "touchline/base/machine.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

namespace touchline::base {
namespace {

TEST(Machine, SaysWhatProgramsCanCheck) {
  const Machine machine = this_machine();
  EXPECT_GE(machine.cores, 1);
  EXPECT_GT(machine.memory_mib, 256);
  EXPECT_NE(to_text(machine).find("cores"), std::string::npos);
}

TEST(Machine, ResidentMemoryFollowsUse) {
  const double before = resident_memory_mib();
  std::vector<char> block(64U << 20);
  std::memset(block.data(), 1, block.size());
  EXPECT_GT(resident_memory_mib(), before + 50) << block[12345];
  EXPECT_GE(peak_memory_mib() + 1, resident_memory_mib());
}

// glibc left alone raises its limit for blocks of their own to 16 MiB with the first free, and small blocks then pin
// all.
TEST(Machine, ACompactHeapGivesLargeBlocksBack) {
#if !defined(__GLIBC__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "another allocator";
#endif
  keep_heap_compact();
  { const std::vector<char> first(16U << 20, 1); }
  const double before = resident_memory_mib();
  std::vector<std::unique_ptr<char[]>> small;
  {
    std::vector<std::vector<char>> large;
    for (int i = 0; i < 64; ++i) {
      large.emplace_back(1U << 20, 1);
      small.push_back(std::make_unique<char[]>(64));
    }
    EXPECT_GT(resident_memory_mib(), before + 50);
  }
  EXPECT_LT(resident_memory_mib(), before + 8);
}

TEST(Machine, SumsBytesExactlyWithVnniOfAnyKind) {
  EXPECT_FALSE(has_vnni({}));
  EXPECT_FALSE(has_vnni({"avx2", "avx512f", "avx512_bf16", "amx_bf16"}));
  for (const char* name : {"avx512_vnni", "avx_vnni", "amx_int8"}) EXPECT_TRUE(has_vnni({"avx2", name})) << name;
}

}  // namespace
}  // namespace touchline::base
