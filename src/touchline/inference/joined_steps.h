#pragma once

#include "touchline/inference/onnx_graph.h"

namespace touchline::inference {

/// How many joins (Concat) of an 8-bit network read maps whose steps differ, where each map has one step. Engines leave
/// bytes there; OpenVINO 2026.4 on several threads then answers otherwise from run to run, noise among
/// it. 0 for a network without 8-bit maps, and for what `touchline model quantize` makes. Thread-safe.
int unlike_joins(const OnnxGraph& graph);

}  // namespace touchline::inference
