#include "touchline/synth/camera_kind.h"

#include <array>

#include "touchline/base/error.h"
#include "touchline/synth/fixed_math.h"

namespace touchline::synth {
namespace {

struct Row {
  const char* name;
  CameraKind kind;
  double share;  ///< of the shots of a mixed match
};

constexpr std::array<Row, 7> kKinds = {{{"main", CameraKind::kMain, 0.2},
                                        {"goal", CameraKind::kGoal, 0.2},
                                        {"beside", CameraKind::kBeside, 0.15},
                                        {"tactical", CameraKind::kTactical, 0.12},
                                        {"static", CameraKind::kStatic, 0.1},
                                        {"close", CameraKind::kClose, 0.18},
                                        {"far_side", CameraKind::kFarSide, 0.05}}};

}  // namespace

CameraKind parse_camera_kind(const std::string& name) {
  std::string names;
  for (const Row& row : kKinds) {
    if (name == row.name) return row.kind;
    names += std::string(row.name) + ", ";
  }
  TOUCHLINE_REQUIRE(name == "mixed", "there is no camera '{}'; choose {}or mixed", name, names);
  return CameraKind::kMixed;
}

CameraKind kind_of_shot(CameraKind kind, std::uint64_t seed, int shot) {
  if (kind != CameraKind::kMixed) return kind;
  Random random(seed ^ (0x313EDULL + 0x10000ULL * static_cast<std::uint64_t>(shot)));
  double rest = random.uniform();
  for (const Row& row : kKinds) {
    if (rest < row.share) return row.kind;
    rest -= row.share;
  }
  return CameraKind::kMain;
}

}  // namespace touchline::synth
