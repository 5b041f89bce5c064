#include "touchline/records/names.h"

#include <array>
#include <cstddef>

namespace touchline::records {
namespace {

// Each table is in the order of its enumeration.
constexpr std::array<std::string_view, 3> kPersonClasses = {"goalkeeper", "player", "referee"};
constexpr std::array<std::string_view, 3> kStates = {"detected", "interpolated", "held"};
constexpr std::array<std::string_view, 4> kPoseStates = {"measured", "interpolated", "held", "none"};
constexpr std::array<std::string_view, 3> kTeams = {"", "a", "b"};
constexpr std::array<std::string_view, 4> kPossessions = {"", "a", "b", "contested"};
constexpr std::array<std::string_view, 2> kControlModels = {"voronoi", "physics"};

template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (!word.empty() && words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(match::PersonClass value) {
  return kPersonClasses.at(static_cast<std::size_t>(value));
}
std::string_view name_of(match::State value) {
  return kStates.at(static_cast<std::size_t>(value));
}
std::string_view name_of(match::PoseState value) {
  return kPoseStates.at(static_cast<std::size_t>(value));
}
std::string_view name_of(match::Team value) {
  return kTeams.at(static_cast<std::size_t>(value));
}
std::string_view name_of(match::Possession value) {
  return kPossessions.at(static_cast<std::size_t>(value));
}
std::string_view name_of(match::PitchControl::Model value) {
  return kControlModels.at(static_cast<std::size_t>(value));
}

std::optional<match::PersonClass> person_class_named(std::string_view word) {
  return named<match::PersonClass>(kPersonClasses, word);
}
std::optional<match::State> state_named(std::string_view word) {
  return named<match::State>(kStates, word);
}
std::optional<match::PoseState> pose_state_named(std::string_view word) {
  return named<match::PoseState>(kPoseStates, word);
}
std::optional<match::Team> team_named(std::string_view word) {
  return named<match::Team>(kTeams, word);
}
std::optional<match::Possession> possession_named(std::string_view word) {
  return named<match::Possession>(kPossessions, word);
}
std::optional<match::PitchControl::Model> control_model_named(std::string_view word) {
  return named<match::PitchControl::Model>(kControlModels, word);
}

}  // namespace touchline::records
