#include "touchline/base/machine.h"

#include <gtest/gtest.h>

#include <cstring>
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

}  // namespace
}  // namespace touchline::base
