#include "touchline/overlay/layers.h"

#include <array>
#include <string_view>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::overlay {

LayerSet LayerSet::parse(const std::string& text) {
  LayerSet layers{false, false, false, false, false};
  if (text == "none") return layers;
  const std::array<std::pair<std::string_view, bool*>, 5> names = {{{"boxes", &layers.boxes},
                                                                    {"radar", &layers.radar},
                                                                    {"control", &layers.control},
                                                                    {"threat", &layers.threat},
                                                                    {"bar", &layers.bar}}};
  std::string_view rest = text;
  while (true) {
    const std::string_view name = rest.substr(0, rest.find(','));
    bool known = false;
    for (const auto& [layer, on] : names) {
      if (layer == name) *on = known = true;
    }
    TOUCHLINE_REQUIRE(known, "'{}' is no overlay layer; choose from boxes,radar,control,threat,bar or none", name);
    if (name.size() == rest.size()) return layers;
    rest.remove_prefix(name.size() + 1);
  }
}

}  // namespace touchline::overlay
