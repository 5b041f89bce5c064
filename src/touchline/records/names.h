#pragma once

#include <optional>
#include <string_view>

#include "touchline/match/match_frame.h"
#include "touchline/match/state.h"

namespace touchline::records {

/// The words of the records for the nouns' enumerations, for instance "goalkeeper" or "interpolated".
/// Unknown possession and no team have no word: they are null, and the text here is empty. Thread-safe.
std::string_view name_of(match::PersonClass value);
std::string_view name_of(match::State value);
std::string_view name_of(match::PoseState value);
std::string_view name_of(match::Team value);
std::string_view name_of(match::Possession value);
std::string_view name_of(match::PitchControl::Model value);

/// The value a word stands for; empty for any other word.
std::optional<match::PersonClass> person_class_named(std::string_view word);
std::optional<match::State> state_named(std::string_view word);
std::optional<match::PoseState> pose_state_named(std::string_view word);
std::optional<match::Team> team_named(std::string_view word);
std::optional<match::Possession> possession_named(std::string_view word);
std::optional<match::PitchControl::Model> control_model_named(std::string_view word);

}  // namespace touchline::records
