#include "touchline/inference/joined_steps.h"

#include <algorithm>
#include <set>

namespace touchline::inference {

int unlike_joins(const OnnxGraph& graph) {
  const auto makers = makers_of(graph);
  const auto is_unlike = [&](const OnnxNode& node) {
    std::set<float> steps;
    for (const auto& map : node.inputs) {
      const auto maker = makers.find(map);
      if (maker == makers.end() || maker->second->type != "DequantizeLinear" || maker->second->inputs.size() < 2)
        continue;
      const auto step = graph.constant(maker->second->inputs[1]);
      if (step && step->values.size() == 1) steps.insert(step->values[0]);
    }
    return steps.size() > 1;
  };
  return static_cast<int>(std::ranges::count_if(
      graph.nodes, [&](const OnnxNode& node) { return node.type == "Concat" && is_unlike(node); }));
}

}  // namespace touchline::inference
